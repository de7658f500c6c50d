-- Removes what may be older than a committed change that its writer did not install, or may not have
-- installed. Publishes the product ids to the near caches.
--
-- Transitions of each key:
--   older value or absence  -> missing
--   lease                   -> missing: its owner may have read the store before the change
--   fence                   -> fence, shared: its owner may be about to install an older state
--   missing, newer value    -> unchanged
--
-- KEYS: the keys.
-- ARGV: the channel, then for each key the version of the change.
local channel = ARGV[1]
local id = #string.match(KEYS[1], '^.*:') + 1
local ids = {}
for i, key in ipairs(KEYS) do
  -- Only the letter and the version of the state are read: the document does not matter here.
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
