-- Atomic: no mark can come between the comparison and the keeping, and the end of the claim is said after the answer is there.
-- Idempotent: the same answer under the same number is kept again; a claim that has ended is not ended again.
-- An answer of a load that began in another generation or epoch is not kept: its marks may be lost.
local ANSWER = KEYS[5]
local replica, number, began, epoch, about = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local age, ms, body, said = tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9]
local at = now()
local state = redis.call('HMGET', STATE, 'generation', 'epoch')
local current = state[1]
if not current then
  return { 'outdated' }
end
local outdated = (state[2] or '0') ~= epoch or touched(about, began, at)
if not outdated then
  local kept = redis.call('HMGET', ANSWER, 'generation', 'number')
  outdated = kept[1] == current and (tonumber(kept[2] or '') or 0) > tonumber(number)
end
if not outdated then
  redis.call('HSET', ANSWER, 'version', '1', 'generation', current, 'number', number, 'began', text(began),
    'answered', text(at - age), 'about', about, 'body', body)
  redis.call('PEXPIRE', ANSWER, ms)
end
end_claim(current, replica, number, said)
return { outdated and 'outdated' or 'kept' }
