-- Takes the leases of missing keys.
--
--   missing            -> lease(token)
--   anything else      -> as it was
--
-- KEYS: the keys.   ARGV: the lease's life in ms, then a token for each key.
-- Answers the state of each key afterwards.
local states = {}
for i, key in ipairs(KEYS) do
  local state = redis.call('GET', key)
  if not state then
    state = 'L' .. ARGV[i + 1]
    redis.call('SET', key, state, 'PX', ARGV[1])
  end
  states[i] = state
end
return states
