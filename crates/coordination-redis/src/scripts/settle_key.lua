-- Atomic: the claim is compared and replaced with nothing in between, so that nobody's but one's own is settled.
-- Idempotent: a settled or freed key is no claim of this replica.
-- A third argument is the outcome; without one the key is free again.
local fingerprint, replica, ms, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('GET', KEYS[1]) == 'c ' .. fingerprint .. ' ' .. replica then
  if outcome then
    redis.call('SET', KEYS[1], 's ' .. fingerprint .. ' ' .. replica .. ' ' .. outcome, 'PX', ms)
  else
    redis.call('DEL', KEYS[1])
  end
end
return { 'done' }
