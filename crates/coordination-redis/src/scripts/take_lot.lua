-- Atomic: counted and taken with nothing in between, in whole numbers: never more than the quota is granted.
-- Twice is a second lot: whoever hears nothing has lost what was granted, which is on the safe side.
-- A value is `at ahead quota`: `ahead` microseconds times quota until all is there again; one request is `per` of them.
local quota, per, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = now()
local since, ahead, its = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+)$')
since, ahead, its = tonumber(since or at), tonumber(ahead or 0), tonumber(its or quota)
if its ~= quota then
  ahead = math.ceil(ahead / math.max(its, 1) * quota)
end
ahead = math.max(0, ahead - math.max(0, at - since) * quota)
local there = math.max(0, math.floor((per * quota - ahead) / per))
local granted = math.min(there, want)
ahead = ahead + granted * per
local full_in = math.ceil(ahead / quota)
if granted > 0 then
  redis.call('SET', KEYS[1], text(at) .. ' ' .. text(ahead) .. ' ' .. text(quota), 'PX', text(full_in / 1000 + 1000))
end
local wait = granted > 0 and 0 or math.max(0, math.ceil((ahead + per - per * quota) / quota))
return { text(granted), text(there - granted), text(full_in), text(wait) }
