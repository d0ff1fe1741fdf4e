-- Atomic: looked up and taken with nothing in between, so that one replica holds it at a time, by the store's clock.
-- Idempotent: the holder gets the number that it has, and holds it from now on.
-- The number of a new lease is greater than that of every lease before, after a loss too.
local replica, hold = ARGV[1], tonumber(ARGV[2])
local at = now()
generation()
local held = redis.call('HMGET', STATE, 'holder', 'lease', 'until')
local lease = held[2]
if held[1] and lease and (tonumber(held[3] or '') or 0) > at then
  if held[1] ~= replica then
    return { 'held' }
  end
else
  lease = text(redis.call('HINCRBY', STATE, 'leases', 1))
end
redis.call('HSET', STATE, 'holder', replica, 'lease', lease, 'until', text(at + hold * 1000))
keep(STATE, DAY)
return { 'yours', lease }
