-- Atomic: compared and ended with nothing in between, so that nobody's but one's own is ended.
-- Idempotent: what has ended is not found again.
-- The counter stays: the next lease has a greater number.
local held = redis.call('HMGET', STATE, 'holder', 'lease')
if held[1] == ARGV[1] and held[2] == ARGV[2] then
  redis.call('HDEL', STATE, 'holder', 'lease', 'until')
end
return { 'done' }
