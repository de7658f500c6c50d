-- Puts what the store said into keys, each only while its own lease is there: a write that came in
-- between has ended the lease, and then what was read may be old.
--
--   lease(token)       -> value or absent
--   anything else      -> as it was
--
-- KEYS: the keys.   ARGV: for each key its token, its life in ms and its new state.
-- Answers 1 for each key that was filled, else 0.
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
