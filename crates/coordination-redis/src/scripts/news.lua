-- Atomic: one script, and all its keys are of one slot. Of two replicas that propose an epoch the later finds the former's.
-- Idempotent: a second time the epoch is there, and a replica that announces itself twice counts once.
-- Bounded: at most 4096 entries, and of them the latest that fit into so many bytes.
local replica, after, propose, announce, counted, most =
  ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local at = now()
local found = redis.call('HMGET', STATE, 'generation', 'epoch', 'latest', 'event')
if not found[1] or not found[2] then
  generation()
  redis.call('HSET', STATE, 'epoch', propose)
  found = redis.call('HMGET', STATE, 'generation', 'epoch', 'latest', 'event')
end
if announce == '1' then
  redis.call('ZADD', REPLICAS, text(at + counted), replica)
  redis.call('ZREMRANGEBYSCORE', REPLICAS, '-inf', text(at))
  keep(REPLICAS, counted / 1000)
  keep(STATE, DAY)
  keep(FEED, DAY)
end
local latest, entries = found[3] or '0', {}
if after < tonumber(latest) then
  local list = redis.call('LRANGE', FEED, text(-math.min(tonumber(latest) - after, 4096)), -1)
  local first, size = #list + 1, 0
  while first > 1 and size + #list[first - 1] <= most do
    first = first - 1
    size = size + #list[first]
  end
  for place = first, #list do
    entries[#entries + 1] = list[place]
  end
end
local replicas = text(redis.call('ZCOUNT', REPLICAS, '(' .. text(at), '+inf'))
return { found[2], latest, replicas, found[4] or '0', entries }
