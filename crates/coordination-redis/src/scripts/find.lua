-- Atomic: an answer is compared with the marks, and a load claimed, with nothing in between: one claim is granted.
-- Twice is harmless: the claimant itself is then held off like anybody else, until its claim ends.
-- A hit writes nothing. An answer of another generation, of another version, or too long for a reply is a miss.
local ANSWER = KEYS[5]
local replica, hold, alone, newer_than, most =
  ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local at = now()
local current = redis.call('HGET', STATE, 'generation')
if alone ~= '1' and current then
  local kept = redis.call('HMGET', ANSWER, 'version', 'generation', 'number', 'began', 'answered', 'about')
  local number, began, answered = tonumber(kept[3] or ''), tonumber(kept[4] or ''), tonumber(kept[5] or '')
  if kept[1] == '1' and kept[2] == current and number and began and answered and kept[6] and number > newer_than
    and not touched(kept[6], began, at) and redis.call('HSTRLEN', ANSWER, 'body') <= most then
    local body = redis.call('HGET', ANSWER, 'body')
    if body then
      return { 'answer', text(number), text(math.max(0, at - answered)), body }
    end
  end
end
local claim = current and claim_of(current)
if alone ~= '1' and claim and claim.expires > at then
  if claim.waited == '0' then
    claim.waited = '1'
    set_claim(current, claim, at)
  end
  return { 'held' }
end
current = generation()
local number = text(redis.call('HINCRBY', STATE, 'loads', 1))
local new = { replica = replica, number = number, expires = at + hold * 1000, waited = claim and claim.waited or '0' }
set_claim(current, new, at)
keep(STATE, DAY)
local state = redis.call('HMGET', STATE, 'latest', 'epoch')
return { 'claimed', number, state[1] or '0', state[2] or '0' }
