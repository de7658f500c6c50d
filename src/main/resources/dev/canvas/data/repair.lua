-- Takes whatever may be older than a committed change out of keys: for changes that their writer did
-- not bring here itself, or may not have.
--
--   value or absent, older        -> missing
--   lease                         -> missing: its owner may have read before the change
--   fence                         -> fence, shared: its owner may install what is older
--   missing; newer value          -> as it was
--
-- KEYS: the keys.   ARGV: the channel, then for each key the version of the change.
local channel = ARGV[1]
local ids = {}
for i, key in ipairs(KEYS) do
  local state = redis.call('GET', key)
  local kind = state and string.sub(state, 1, 1)
  if kind == 'F' then
    redis.call('SET', key, 'F1' .. string.sub(state, 3), 'KEEPTTL')
  elseif kind == 'L' then
    redis.call('DEL', key)
  elseif kind and tonumber(string.sub(state, 2, 17)) < tonumber(ARGV[i + 1]) then
    redis.call('DEL', key)
  end
  ids[i] = string.match(key, '%d+$')
end
redis.call('PUBLISH', channel, table.concat(ids, ' '))
return 'OK'
