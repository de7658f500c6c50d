-- Puts my token into the fence of keys whose products are about to be written: from then on nobody
-- takes the cache's word for them. Also renews the deadline of a token that is there.
--
--   missing, value, absent, lease -> fence(me)
--   fence(others)                 -> fence(others, me), shared
--
-- A fence is 'F', 1 if it ever had two tokens and else 0, and then 'token,deadline;' for each, the
-- deadlines in ms of this server's clock. A token whose deadline is over has been forgotten by its
-- owner, or its owner is dead.
--
-- KEYS: the keys.   ARGV: my token, its life in ms, the channel.
-- Answers 1 for each key that had a value, an absence or a lease: somebody reads it. Else 0.
local token, life, channel = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me = token .. ',' .. string.format('%.0f', now + life) .. ';'
local id = #string.match(KEYS[1], '^.*:') + 1
local ids, wanted = {}, {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('GETRANGE', key, 0, 0)
  local shared, others, longest = '0', '', life
  if kind == 'F' then
    local state = redis.call('GET', key)
    shared = string.sub(state, 2, 2)
    for other, deadline in string.gmatch(string.sub(state, 3), '([^,;]+),(%d+);') do
      if other ~= token then
        shared = '1'
        local left = tonumber(deadline) - now
        if left > 0 then
          others = others .. other .. ',' .. deadline .. ';'
          longest = math.max(longest, left)
        end
      end
    end
  end
  redis.call('SET', key, 'F' .. shared .. others .. me, 'PX', string.format('%.0f', longest))
  ids[i] = string.sub(key, id)
  wanted[i] = (kind ~= '' and kind ~= 'F') and 1 or 0
end
redis.call('PUBLISH', channel, table.concat(ids, ' '))
return wanted
