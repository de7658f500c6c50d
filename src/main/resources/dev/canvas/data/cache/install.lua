-- Removes a writer's token from the fence of keys, after its products were written or not written
-- after all, and caches the new state where that is safe. Publishes the ids of the written products
-- to the near caches. It does everything that repair.lua does for the same change.
--
-- Transitions of each key:
--   fence(me)                    -> the new state if there is one, else missing
--   fence(me), shared            -> missing: the order of the commits is not known here
--   fence(me, others)            -> fence(others), shared
--   fence(others)                -> fence(others), shared: this writer's token was lost
--   lease, older value, absence  -> missing: the fence was lost
--   missing, newer value         -> unchanged
--
-- KEYS: the keys.
-- ARGV: the writer's token, the channel, then for each key: the new version (0 if nothing was
-- written), the new state ('' if nothing was written or the product is not being read), its life in ms.
local token, channel = ARGV[1], ARGV[2]
local id = #string.match(KEYS[1], '^.*:') + 1
local written = {}
for i, key in ipairs(KEYS) do
  local version, new, life = ARGV[3 * i], ARGV[3 * i + 1], ARGV[3 * i + 2]
  local state = redis.call('GET', key)
  local kind = state and string.sub(state, 1, 1)
  if kind == 'F' then
    local mine, others = false, ''
    for other, deadline in string.gmatch(string.sub(state, 3), '([^,;]+),(%d+);') do
      if other == token then
        mine = true
      else
        others = others .. other .. ',' .. deadline .. ';'
      end
    end
    if others ~= '' then
      redis.call('SET', key, 'F1' .. others, 'KEEPTTL')
    elseif mine and new ~= '' and string.sub(state, 2, 2) == '0' then
      redis.call('SET', key, new, 'PX', life)
    else
      redis.call('DEL', key)
    end
  elseif kind == 'L' then
    redis.call('DEL', key)
  elseif kind and tonumber(string.sub(state, 2, 17)) < tonumber(version) then
    redis.call('DEL', key)
  end
  if version ~= '0' then
    written[#written + 1] = string.sub(key, id)
  end
end
if #written > 0 then
  redis.call('PUBLISH', channel, table.concat(written, ' '))
end
return 'OK'
