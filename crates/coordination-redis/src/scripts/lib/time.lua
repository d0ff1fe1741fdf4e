-- Microseconds by the store's own clock, and whole numbers as text: Lua would write great ones with an exponent.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function text(number)
  return string.format('%.0f', number)
end
