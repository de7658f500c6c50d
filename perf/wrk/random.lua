-- Requests random products among the first IDS:  wrk -s perf/wrk/random.lua URL -- IDS [SEED]
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "summary.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local prefix, suffix, ids

function init(args)
  ids = tonumber(args[1])
  math.randomseed((tonumber(args[2]) or 1) * 1000 + number)
  -- wrk.format builds a whole request on each call, so it is called once, and the parts around the ID are kept.
  prefix, suffix = wrk.format("GET", "/api/products/@/media"):match("^(.-)@(.*)$")
end

function request()
  return prefix .. math.random(ids) .. suffix
end
