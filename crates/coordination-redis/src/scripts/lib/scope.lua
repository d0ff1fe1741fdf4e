-- What all steps of a scope share. Counters, epoch, marks and the lease are one hash, so that they are lost together or not
-- at all, by a flush as by an eviction; whatever else is in a scope names the generation of that hash, or is a bare list.
-- Counters of loads and leases begin at the clock's reading: numbers after a loss are greater than those before.
local STATE, FEED, REPLICAS, EVENTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local DAY = 86400000
-- More than any list is long, and a number that commands take.
local LONGEST = 4294967296

-- Lets a key live for at least so many milliseconds more.
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then
    redis.call('PEXPIRE', key, text(2 * ms))
  end
end

-- The generation of the state, which begins if there is none.
local function generation()
  local found = redis.call('HGET', STATE, 'generation')
  if found then
    return found
  end
  local new = text(now())
  redis.call('HSET', STATE, 'generation', new, 'loads', new, 'leases', new)
  redis.call('HDEL', STATE, 'epoch', 'latest', 'event', 'holder', 'lease', 'until')
  redis.call('DEL', FEED, REPLICAS, EVENTS)
  keep(STATE, DAY)
  return new
end

-- Appends to the feed. The generation must have begun.
local function say(replica, said)
  local number = text(redis.call('HINCRBY', STATE, 'latest', 1))
  redis.call('RPUSH', FEED, number .. ' ' .. replica .. ' ' .. said)
  redis.call('LTRIM', FEED, -4096, -1)
  keep(STATE, DAY)
  keep(FEED, DAY)
  return number
end

-- Whether one of the marks, each written `length:mark,`, was set after that number. What does not read counts as set.
local function touched(about, began, at)
  local fields, place = {}, 1
  while place <= #about do
    local _, colon, length = string.find(about, '^(%d+):', place)
    local comma = colon and colon + length + 1
    if not colon or string.sub(about, comma, comma) ~= ',' then
      return true
    end
    fields[#fields + 1] = 'm/' .. string.sub(about, colon + 1, comma - 1)
    place = comma + 1
  end
  for first = 1, #fields, 1000 do
    for _, mark in ipairs(redis.call('HMGET', STATE, unpack(fields, first, math.min(first + 999, #fields)))) do
      if mark then
        local number, expires = string.match(mark, '^(%d+) (%d+)$')
        if not number or (tonumber(number) > began and tonumber(expires) > at) then
          return true
        end
      end
    end
  end
  return false
end
