-- Atomic: compared and replaced with nothing in between, so that of those who saw one version one wins.
-- Twice: the second finds its own state under a newer version, and answers it.
-- Versions begin at the clock's reading, so that none comes again after a loss. A value is `version put state`.
local version, ms, state = ARGV[1], ARGV[2], ARGV[3]
local at = now()
local known = redis.call('GET', KEYS[1]) or ''
local _, last, its, put = string.find(known, '^(%d+) (%d+) ')
if (its or '0') ~= version then
  if not its then
    return { 'no', '0', '0', '' }
  end
  return { 'no', its, text(math.max(0, at - put)), string.sub(known, last + 1) }
end
local new = text(its and its + 1 or at)
redis.call('SET', KEYS[1], new .. ' ' .. text(at) .. ' ' .. state, 'PX', ms)
return { 'yes', new }
