-- Atomic: the claim is compared and prolonged with nothing in between, so that nobody's but one's own is prolonged.
-- Idempotent: a second time it holds from then on.
-- That somebody waits stays noted.
local replica, number, hold = ARGV[1], ARGV[2], tonumber(ARGV[3])
local at = now()
local current = redis.call('HGET', STATE, 'generation')
local claim = current and claim_of(current)
if claim and claim.replica == replica and claim.number == number then
  claim.expires = at + hold * 1000
  set_claim(current, claim, at)
end
return { 'done' }
