-- Atomic: the lease is compared and all is written with nothing in between: no event of a lost lease is in the log.
-- Not idempotent, on purpose: who hears nothing gives the lease up rather than write twice.
-- Bounded: at most so many entries, each `1 number until event`, and none whose time is over at the front.
local replica, lease, most, ms = ARGV[1], ARGV[2], math.min(tonumber(ARGV[3]), LONGEST), tonumber(ARGV[4])
local at = now()
local held = redis.call('HMGET', STATE, 'holder', 'lease', 'until')
if held[1] ~= replica or held[2] ~= lease or (tonumber(held[3] or '') or 0) <= at then
  return { 'lost' }
end
for place = 5, #ARGV do
  local number = text(redis.call('HINCRBY', STATE, 'event', 1))
  redis.call('RPUSH', EVENTS, '1 ' .. number .. ' ' .. text(at + ms * 1000) .. ' ' .. ARGV[place])
end
redis.call('LTRIM', EVENTS, most > 0 and text(-most) or 1, most > 0 and -1 or 0)
local first = redis.call('LINDEX', EVENTS, 0)
while first and (tonumber(string.match(first, '^1 %d+ (%d+) ') or '') or 0) <= at do
  redis.call('LPOP', EVENTS)
  first = redis.call('LINDEX', EVENTS, 0)
end
keep(EVENTS, ms)
keep(STATE, DAY)
return { 'yes', redis.call('HGET', STATE, 'event') or '0' }
