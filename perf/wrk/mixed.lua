-- The traffic of a shop, to products among the first IDS:  wrk -s perf/wrk/mixed.lua URL -- IDS SEED TEMPLATE STEP SIZE
--
-- 75% GETs of one product, 15% PUTs as in put.lua, 5% batches of SIZE products and 5% GETs of the first service's API.
-- Products are chosen by Zipf's law: the n-th most frequent one in proportion to 1/n. STEP has no divisor in common
-- with IDS, and scatters the frequent ones among all.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(here .. "put.lua")

local prepare_put, put = init, request
local get, images, batch, ids, step, size

local function get_of(path)
  local prefix, suffix = parts("GET", path)
  return {prefix, "", suffix}
end

-- Of the continuous law, whose share of n is ln((n + 1) / n) / ln(IDS + 1).
function choose()
  local rank = math.floor(math.exp(math.random() * math.log(ids + 1)))
  return math.min(rank, ids) * step % ids + 1
end

function init(args)
  prepare_put(args)
  ids, step, size = tonumber(args[1]), tonumber(args[4]), tonumber(args[5])
  get, images = get_of("/api/products/@/media"), get_of("/api/images?shoe_id=@")
  batch = get_of("/api/products/media?ids=@")
end

local function of(request, product)
  request[2] = product
  return table.concat(request)
end

function request()
  local kind = math.random(20)
  if kind <= 15 then
    return of(get, choose())
  elseif kind <= 18 then
    return put()
  elseif kind == 19 then
    return of(images, choose())
  end
  local list = {}
  for i = 1, size do
    list[i] = choose()
  end
  return of(batch, table.concat(list, ","))
end
