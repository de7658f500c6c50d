-- Revalidates random products among the first IDS:  wrk -s perf/wrk/revalidate.lua URL -- IDS SEED FILE
--
-- FILE has the versions of the products 1 … IDS, one a line.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "base.lua")

local requests, ids = {}, 0

function init(args)
  seed(args[2])
  for version in io.lines(args[3]) do
    ids = ids + 1
    requests[ids] = wrk.format("GET", "/api/products/" .. ids .. "/media", {["If-None-Match"] = '"' .. version .. '"'})
  end
end

function request()
  return requests[math.random(ids)]
end
