-- What all scripts share: the number and the random numbers of a thread, the parts of a request, and the summary.
local threads = 0

-- Numbers the threads from 1.
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

-- Seeds the random numbers of this thread, and returns its seed.
function seed(argument)
  local own = (tonumber(argument) or 1) * 1000 + number
  math.randomseed(own)
  return own
end

-- The request before and after the "@" in its path. wrk.format builds a whole request on each call: call it once.
function parts(method, path, headers)
  return wrk.format(method, path, headers):match("^(.-)@(.*)$")
end

-- Prints the word SUMMARY and one line of JSON at the end of a run. Times are in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'SUMMARY {"requests":%d,"duration_us":%d,"bytes":%d,"non_2xx":%d,"connect":%d,"read":%d,'
      .. '"write":%d,"timeout":%d,"p50_us":%d,"p99_us":%d,"max_us":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status, errors.connect, errors.read,
    errors.write, errors.timeout, latency:percentile(50), latency:percentile(99), latency.max))
end
