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
local token, life, channel = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = {}
for i, key in ipairs(KEYS) do
  local state = redis.call('GET', key)
  local shared, others, last = '0', '', now + life
  if state and string.sub(state, 1, 1) == 'F' then
    shared = string.sub(state, 2, 2)
    for other, deadline in string.gmatch(string.sub(state, 3), '([^,;]+),(%d+);') do
      if other ~= token then
        shared = '1'
        deadline = tonumber(deadline)
        if deadline > now then
          others = others .. other .. ',' .. string.format('%.0f', deadline) .. ';'
          last = math.max(last, deadline)
        end
      end
    end
  end
  local me = token .. ',' .. string.format('%.0f', now + life) .. ';'
  redis.call('SET', key, 'F' .. shared .. others .. me, 'PX', string.format('%.0f', last - now))
  ids[i] = string.match(key, '%d+$')
end
redis.call('PUBLISH', channel, table.concat(ids, ' '))
return 'OK'
