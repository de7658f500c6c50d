-- Writes random products of the first ones:  wrk -s perf/wrk/put.lua URL -- IDS SEED TEMPLATE
--
-- TEMPLATE is a file with the items: @p is the product, @n a name. A name here starts with a number that
-- is never used twice, as a write of what is there already changes nothing, and has 12 to 29 characters.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "summary.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local ids, number_of_request
local pieces, products, names = {}, {}, {}
local fixed = 0 -- bytes of the body beside products and names

local function add(text)
  fixed = fixed + #text
  pieces[#pieces + 1] = text
end

function init(args)
  ids = tonumber(args[1])
  local seed = tonumber(args[2]) * 1000 + number
  math.randomseed(seed)
  number_of_request = seed * 1e7

  -- wrk puts the request together for each call of wrk.format, so that is done once, around the id.
  local head = wrk.format("PUT", "/api/products/@/media", {["Content-Type"] = "application/json"})
  local before, after = head:match("^(.-)@(.*)\r\n\r\n$")
  pieces = {before, "", after .. "\r\nContent-Length: ", "", "\r\n\r\n"}
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
  local id = tostring(math.random(ids))
  number_of_request = number_of_request + 1
  local digits = string.format("%.0f", number_of_request)
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
