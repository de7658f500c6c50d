-- Writes random products among the first IDS:  wrk -s perf/wrk/put.lua URL -- IDS SEED TEMPLATE
--
-- TEMPLATE is a file with the items, in which @p stands for the product ID and @n for a name. Names have 12 to
-- 29 characters and start with a number that is never repeated: a write of what is already stored would change
-- nothing.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "base.lua")

local ids, request_number

-- The product of the next write; mixed.lua chooses others.
function choose()
  return math.random(ids)
end

local pieces, products, names = {}, {}, {}
local fixed = 0 -- bytes of the body without product IDs and names

local function add(text)
  fixed = fixed + #text
  pieces[#pieces + 1] = text
end

function init(args)
  ids = tonumber(args[1])
  request_number = seed(args[2]) * 1e7

  local before, after = parts("PUT", "/api/products/@/media", {["Content-Type"] = "application/json"})
  pieces = {before, "", after:sub(1, -5) .. "\r\nContent-Length: ", "", "\r\n\r\n"}
  local file = assert(io.open(args[3]))
  local template = '{"media":' .. file:read("*a"):gsub("\n", "") .. "}"
  file:close()
  for text, mark in (template .. "@"):gmatch("([^@]*)@([pn]?)") do
    add(text)
    local places = mark == "p" and products or mark == "n" and names
    if places then
      pieces[#pieces + 1] = ""
      places[#places + 1] = #pieces
    end
  end
end

function request()
  local id = string.format("%d", choose())
  request_number = request_number + 1
  local digits = string.format("%.0f", request_number)
  local name = (digits .. " " .. digits .. " " .. digits .. " " .. digits):sub(1, math.random(12, 29))
  for i = 1, #products do
    pieces[products[i]] = id
  end
  for i = 1, #names do
    pieces[names[i]] = name
  end
  pieces[2] = id
  pieces[4] = fixed + #products * #id + #names * #name
  return table.concat(pieces)
end
