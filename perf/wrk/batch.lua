-- Requests batches of SIZE different random products among the first IDS:  wrk -s perf/wrk/batch.lua URL -- IDS SEED SIZE
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "summary.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local prefix, suffix, ids, size

function init(args)
  ids, size = tonumber(args[1]), tonumber(args[3])
  math.randomseed(tonumber(args[2]) * 1000 + number)
  prefix, suffix = wrk.format("GET", "/api/products/media?ids=@"):match("^(.-)@(.*)$")
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
