-- Atomic: marks and the feed's entry are there together, before anybody can find an answer.
-- Twice is once more: a later entry, and marks that are later still. Nothing is found that the first had forbidden.
-- Bounded: each touch looks at some fifty marks and strikes out those that have ended.
local replica, said, ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local at = now()
generation()
local number = say(replica, said)
for place = 4, #ARGV do
  redis.call('HSET', STATE, 'm/' .. ARGV[place], number .. ' ' .. text(at + ms * 1000))
end
keep(STATE, math.max(DAY, ms))
local cursor = string.match(redis.call('HGET', STATE, 'cursor') or '', '^%d+$') or '0'
local looked = redis.call('HSCAN', STATE, cursor, 'MATCH', 'm/*', 'COUNT', 50)
for place = 1, #looked[2], 2 do
  local expires = string.match(looked[2][place + 1], ' (%d+)$')
  if not expires or tonumber(expires) <= at then
    redis.call('HDEL', STATE, looked[2][place])
  end
end
redis.call('HSET', STATE, 'cursor', looked[1])
return { number }
