-- Fills keys with what was read from the store, each only if its lease still stands. A write in
-- between has ended the lease, and what was read may be older than the write.
--
-- Transitions of each key:
--   lease(token)  -> value or absence
--   other states  -> unchanged
--
-- KEYS: the keys.
-- ARGV: for each key: the token of its lease, its life in ms, its new state.
-- Returns for each key: 1 if it was filled, else 0.
local filled = {}
for i, key in ipairs(KEYS) do
  local token, life, state = ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
  if redis.call('GET', key) == 'L' .. token then
    redis.call('SET', key, state, 'PX', life)
    filled[i] = 1
  else
    filled[i] = 0
  end
end
return filled
