-- Grants the leases of missing keys. The owner of a lease may fill the key.
--
-- Transitions of each key:
--   missing       -> lease(token)
--   other states  -> unchanged
--
-- KEYS: the keys.
-- ARGV: the life of a lease in ms, then a token for each key.
-- Returns the state of each key afterwards.
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
