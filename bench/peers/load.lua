-- What wrk sends: "plain", which asks for a greeting, so many times in a row as is said; "echo", a body of JSON; or "routes",
-- which asks for one of a hundred routes.
-- The request is made once, so that wrk itself has nothing to do for each.
local BODY_BYTES = 10 * 1024

-- Exactly that long, and of elements as an interface would send them.
local function json()
  local elements = {}
  for i = 1, 100 do
    elements[i] = string.format('{"id":%d,"name":"somebody %d","tags":["a","b"],"on":true}', i, i)
  end
  local text = '[' .. table.concat(elements, ',') .. ',"'
  return text .. string.rep('x', BODY_BYTES - #text - 2) .. '"]'
end

function init(args)
  wrk.headers['User-Agent'] = 'wrk'
  wrk.headers['Accept'] = '*/*'
  if args[1] == 'echo' then
    wrk.method = 'POST'
    wrk.headers['Content-Type'] = 'application/json'
    wrk.body = json()
  end
  if args[1] == 'routes' then
    wrk.path = '/api/v1/resource25/42'
  end
  local all = string.rep(wrk.format(), tonumber(args[2]))
  wrk.format = function() return all end
end

function done(summary)
  local e = summary.errors
  io.write(string.format('answers %d errors %d micros %d\n', summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, summary.duration))
end
