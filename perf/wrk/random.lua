-- Asks for random products of the first ones:  wrk -s perf/wrk/random.lua URL -- IDS [SEED]
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
  -- wrk puts the request together for each call of wrk.format, so that is done once, around the id.
  prefix, suffix = wrk.format("GET", "/api/products/@/media"):match("^(.-)@(.*)$")
end

function request()
  return prefix .. math.random(ids) .. suffix
end
