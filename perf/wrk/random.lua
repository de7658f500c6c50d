-- Requests random products among the first IDS:  wrk -s perf/wrk/random.lua URL -- IDS [SEED]
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "base.lua")

local prefix, suffix, ids

function init(args)
  ids = tonumber(args[1])
  seed(args[2])
  prefix, suffix = parts("GET", "/api/products/@/media")
end

function request()
  return prefix .. math.random(ids) .. suffix
end
