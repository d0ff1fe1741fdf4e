-- The claim of a load: `generation replica number until waited`. It stays a minute longer than it holds, for the next
-- holder to know that somebody waits.
local CLAIM = KEYS[6]

local function claim_of(generation)
  local its, replica, number, expires, waited =
    string.match(redis.call('GET', CLAIM) or '', '^(%d+) (%x+) (%d+) (%d+) ([01])$')
  if its == generation and its then
    return { replica = replica, number = number, expires = tonumber(expires), waited = waited }
  end
end

local function set_claim(generation, claim, at)
  local value = { generation, claim.replica, claim.number, text(claim.expires), claim.waited }
  local ms = math.max(claim.expires - at, 0) / 1000 + 60000
  redis.call('SET', CLAIM, table.concat(value, ' '), 'PX', text(ms))
end

-- Ends the claim if it is still the one of that load.
local function end_claim(generation, replica, number, said)
  local claim = claim_of(generation)
  if not claim or claim.replica ~= replica or claim.number ~= number then
    return
  end
  redis.call('DEL', CLAIM)
  if claim.waited == '1' then
    say(replica, said)
  end
end
