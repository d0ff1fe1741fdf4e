-- Atomic: looked up and remembered with nothing in between, so that one replica acts.
-- Twice: the second is told that it is known. A delivery that a replica died over is not acted on again.
-- What is there, whatever it is, is known.
local known = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return { known == 0 and 'new' or 'known' }
