-- Asks for no product twice:  wrk -t T -s perf/wrk/once.lua URL -- ROWS STEP FIRST T
--
-- The n-th request is for product (n * STEP) mod ROWS + 1, where STEP has no divisor in common with
-- ROWS: a permutation, so that neighbours in time are far apart in the table. Each of the T threads
-- counts through a range of its own, so T threads share ROWS among them; FIRST is where the first
-- of them starts.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "summary.lua")

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local prefix, suffix, rows, step, at

function init(args)
  rows, step = tonumber(args[1]), tonumber(args[2])
  at = tonumber(args[3]) + number * math.floor(rows / tonumber(args[4]))
  -- wrk puts the request together for each call of wrk.format, so that is done once, around the id.
  prefix, suffix = wrk.format("GET", "/api/products/@/media"):match("^(.-)@(.*)$")
end

function request()
  local id = (at % rows) * step % rows + 1
  at = at + 1
  return prefix .. string.format("%d", id) .. suffix
end
