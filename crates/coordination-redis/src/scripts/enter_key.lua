-- Atomic: looked up and claimed with nothing in between, so that one claim is granted as long as the key is kept.
-- Not idempotent, on purpose: who asks again cannot know what came of the first time, and must not act.
-- A value is `c fingerprint replica`, or `s fingerprint replica outcome`; what does not read so is not there.
local fingerprint, replica, ms = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('GET', KEYS[1]) or ''
local its = string.match(known, '^c (%x+) %x+$')
if its then
  return { 'claimed', its == fingerprint and '1' or '0' }
end
local _, last, by = string.find(known, '^s (%x+) %x+ ')
if last then
  return { 'settled', by == fingerprint and '1' or '0', string.sub(known, last + 1) }
end
redis.call('SET', KEYS[1], 'c ' .. fingerprint .. ' ' .. replica, 'PX', ms)
return { 'new' }
