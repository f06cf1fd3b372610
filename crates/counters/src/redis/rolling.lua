-- Rolling windows, cut into sixtieths. A hash: number of the part -> "wholes:billionths".
local PARTS = 60

-- The rolling window's state: its newest part, what is used, its live parts as {number, wholes, billionths} and the
-- fields of those that have left it.
local function rolling(key, width, now)
  local held = call('HGETALL', key)
  local part, parts = floor(now / width), {}
  for i = 1, #held, 2 do
    local at = tonumber(held[i])
    if at > part then part = at end
    parts[#parts + 1] = at
  end
  local n, f, live, gone = 0, 0, {}, {}
  for i, at in ipairs(parts) do
    if at < part - PARTS then
      gone[#gone + 1] = held[2 * i - 1]
    else
      local whole, billionths = string.match(held[2 * i], '^(%d+):?(%d*)$')
      local p = {at, tonumber(whole), tonumber(billionths) or 0}
      live[#live + 1] = p
      n, f = sum(n, f, p[2], p[3])
    end
  end
  return part, n, f, live, gone
end

-- When enough of the oldest parts have left the rolling window for the charge to fit.
local function rolling_end(now, n, f, live, width, add, add_f, max, max_f)
  table.sort(live, function(a, b) return a[1] < b[1] end)
  local leaves = now + PARTS * width
  for _, p in ipairs(live) do
    n, f = less(n, f, p[2], p[3])
    leaves = (p[1] + PARTS + 1) * width
    local new, new_f = sum(n, f, add, add_f)
    if new < max or (new == max and new_f <= max_f) then break end
  end
  return leaves
end

local function write_rolling(key, part, live, gone, width, add, add_f)
  local n, f = add, add_f
  for _, p in ipairs(live) do
    if p[1] == part then n, f = sum(p[2], p[3], add, add_f) end
  end
  call('HSET', key, string.format('%.0f', part), string.format('%.0f:%.0f', n, f))
  if #gone > 0 then call('HDEL', key, unpack(gone)) end
  expire(key, (part + PARTS + 1) * width + GRACE)
end
