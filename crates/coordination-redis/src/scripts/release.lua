-- Atomic: the claim is compared and ended with nothing in between, so that nobody's but one's own is ended.
-- Idempotent: a claim that has ended is not found again.
-- The end is said in the feed only where somebody waits.
local replica, number, said = ARGV[1], ARGV[2], ARGV[3]
local current = redis.call('HGET', STATE, 'generation')
if current then
  end_claim(current, replica, number, said)
end
return { 'done' }
