-- Fences products that are about to be written: until the fence is removed, readers go to the store
-- and fill nothing. A call with a token that the fence already has renews its deadline. Publishes
-- the product ids to the near caches.
--
-- Transitions of each key:
--   missing, value, absence, lease -> fence(me)
--   fence(me)                      -> fence(me), with a new deadline
--   fence(others)                  -> fence(others, me), shared
--
-- A fence is stored as 'F', then '1' if it has ever had two tokens, else '0', then 'token,deadline;'
-- for each token. Deadlines are in ms by this server's clock. A token past its deadline belongs to a
-- writer that has died or given up; it is dropped, and leaves the fence shared.
--
-- KEYS: the keys.
-- ARGV: the writer's token, its life in ms, the channel.
-- Returns for each key: 1 if it held a value, an absence or a lease, so that it is being read; else 0.
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
