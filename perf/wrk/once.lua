-- Requests each product once:  wrk -t T -s perf/wrk/once.lua URL -- ROWS STEP FIRST T
--
-- The n-th request is for product (n * STEP) mod ROWS + 1. STEP has no divisor in common with ROWS, so this
-- is a permutation in which neighbours in time are far apart in the table. Each of the T threads counts n
-- through its own range of ROWS / T numbers. FIRST is the number at which the first thread starts.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "base.lua")

local prefix, suffix, rows, step, position

function init(args)
  rows, step = tonumber(args[1]), tonumber(args[2])
  position = tonumber(args[3]) + (number - 1) * math.floor(rows / tonumber(args[4]))
  prefix, suffix = parts("GET", "/api/products/@/media")
end

function request()
  local id = (position % rows) * step % rows + 1
  position = position + 1
  return prefix .. string.format("%d", id) .. suffix
end
