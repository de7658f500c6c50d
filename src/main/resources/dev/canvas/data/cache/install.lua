-- Takes my token out of the fence of keys whose products I have written, or not written after all.
--
--   fence(me)                     -> the new state, if there is one; else missing
--   fence(me), shared             -> missing: the order of those who wrote is not known here
--   fence(me, others)             -> fence(others), shared
--   fence(others)                 -> fence(others), shared: mine was lost
--   lease; older value or absent  -> missing: the fence was lost
--   missing; newer value          -> as it was
--
-- KEYS: the keys.   ARGV: my token, the channel, then for each key the version (0 where nothing was
-- written), the new state ('' for none: nothing was written, or nobody reads it) and its life in ms.
local token, channel = ARGV[1], ARGV[2]
local id = #string.match(KEYS[1], '^.*:') + 1
local told = {}
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
    told[#told + 1] = string.sub(key, id)
  end
end
if #told > 0 then
  redis.call('PUBLISH', channel, table.concat(told, ' '))
end
return 'OK'
