-- Requests batches of SIZE random products, all different, among the first IDS:
-- wrk -s perf/wrk/batch.lua URL -- IDS SEED SIZE
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "base.lua")

local prefix, suffix, ids, size

function init(args)
  ids, size = tonumber(args[1]), tonumber(args[3])
  seed(args[2])
  prefix, suffix = parts("GET", "/api/products/media?ids=@")
end

function request()
  -- From a random place on, in steps that lead to no product twice.
  local step, id, list = math.random(math.max(1, math.floor(ids / size))), math.random(ids), {}
  for i = 1, size do
    list[i] = id
    id = (id + step - 1) % ids + 1
  end
  return prefix .. table.concat(list, ",") .. suffix
end
