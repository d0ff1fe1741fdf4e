-- Atomic: the epoch, the last number and the entries are of one moment.
-- Idempotent: it writes nothing.
-- Bounded: at most so many entries, and of them the first that fit into so many bytes, at least one.
local after, most, bytes = tonumber(ARGV[1]), math.min(tonumber(ARGV[2]), LONGEST), tonumber(ARGV[3])
local state = redis.call('HMGET', STATE, 'epoch', 'event')
local latest, entries = tonumber(state[2] or '0'), {}
if after < latest and most > 0 then
  local first = math.max(0, redis.call('LLEN', EVENTS) - (latest - after))
  local size = 0
  for _, entry in ipairs(redis.call('LRANGE', EVENTS, text(first), text(first + most - 1))) do
    size = size + #entry
    if #entries > 0 and size > bytes then
      break
    end
    entries[#entries + 1] = entry
  end
end
return { state[1] or '0', text(latest), entries }
