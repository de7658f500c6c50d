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
local id = #string.match(KEYS[1], '^.*:') + 1
local ids = {}
for i, key in ipairs(KEYS) do
  -- The state's letter and version: of a value that is all that counts here.
  local state = redis.call('GETRANGE', key, 0, 16)
  local kind = string.sub(state, 1, 1)
  if kind == 'F' then
    redis.call('SETRANGE', key, 1, '1')
  elseif kind == 'L' then
    redis.call('DEL', key)
  elseif kind ~= '' and tonumber(string.sub(state, 2, 17)) < tonumber(ARGV[i + 1]) then
    redis.call('DEL', key)
  end
  ids[i] = string.sub(key, id)
end
redis.call('PUBLISH', channel, table.concat(ids, ' '))
return 'OK'
