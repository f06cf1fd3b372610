-- The window that holds `now`: its first millisecond, and the first after it.
-- `span` is a length in milliseconds, or 'week' (from Monday), or 'month' (of the calendar). All in UTC.
local floor = math.floor
local DAY = 86400000

local function window(span, now)
  local length = tonumber(span)
  if length then
    local start = now - now % length
    return start, start + length
  end
  if span == 'week' then
    local start = now - (now - 4 * DAY) % (7 * DAY)
    return start, start + 7 * DAY
  end
  -- Days to civil dates by counting years from March, as in Howard Hinnant's "chrono-compatible low-level date algorithms".
  local day = floor(now / DAY) + 719468
  local era = floor(day / 146097)
  local of_era = day - era * 146097
  local year = floor((of_era - floor(of_era / 1460) + floor(of_era / 36524) - floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + floor(year / 4) - floor(year / 100))
  local month = floor((5 * of_year + 2) / 153)
  local first = floor((153 * month + 2) / 5)
  local days
  if month < 11 then
    days = floor((153 * month + 155) / 5) - first
  else
    -- February, which ends the year that began in March: the next calendar year says whether it has 29 days.
    year = year + era * 400 + 1
    local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
    days = leap and 29 or 28
  end
  local start = (day - of_year + first - 719468) * DAY
  return start, start + days * DAY
  end

local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)

-- Takes every charge of one call, or none.
--
-- KEYS[1]      {org}:meta, a hash: `hi` is the latest time used (room for more, such as an epoch)
-- KEYS[2..]    one counter each. Fixed window, a hash: w = the window's first millisecond, n = wholes, f = billionths.
--              Rolling window, a hash: number of the part -> "wholes" or "wholes:billionths".
-- ARGV[1]      the gateway's time, not used for counting
-- then five for each counter: span, wholes and billionths to add, wholes and billionths of the maximum.
--              span is what `window` takes, or 'r' and the milliseconds of a sixtieth.
-- Answers {1, place, wholes left, billionths left, ...} or {0, index from 0, wholes used, billionths used, wait in ms}.
--
-- Before this text come `window` and `local now`, the time in milliseconds.
-- Numbers are doubles: exact below 2^53, and a sum beyond it is rounded to no less than 2^53, which no maximum reaches.
local call, keys, argv = redis.call, KEYS, ARGV
local BILLION = 1000000000
local PARTS = 60
-- Counters outlive their window by this much, so that a clock that is a little off does not lose them.
local GRACE = 60000
-- Longer than any counter lives.
local META_LIFE = 40 * DAY

local high = tonumber(call('HGET', keys[1], 'hi') or 0)
-- Within a second the counters themselves keep time from going back, which spares a write on most calls.
local advanced = now - high >= 1000
if now < high then now = high end

local function sum(n, f, add, add_f)
  f = f + add_f
  if f >= BILLION then return n + add + 1, f - BILLION end
  return n + add, f
end

local function less(n, f, by, by_f)
  f = f - by_f
  if f < 0 then return n - by - 1, f + BILLION end
  return n - by, f
end

-- The fixed window's state: its start, what is used, its end, and whether the key does not hold it yet.
local function fixed(key, span)
  local start, stop = window(span, now)
  local held = call('HMGET', key, 'w', 'n', 'f')
  local at = held[1] and tonumber(held[1])
  if not at or at < start then return start, 0, 0, stop, true end
  -- A window later than the clock's: time went back, and the counter stays where it was.
  if at > start then start, stop = window(span, at) end
  return start, tonumber(held[2]), tonumber(held[3]), stop, false
end

-- The rolling window's state: its newest part, what is used, its live parts as {number, wholes, billionths} and the
-- fields of those that have left it.
local function rolling(key, width)
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
local function rolling_end(part, n, f, live, width, add, add_f, max, max_f)
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
  call('PEXPIREAT', key, (part + PARTS + 1) * width + GRACE)
end

local answer, over = {1}, nil
-- What the second loop needs of the first, by key.
local totals, totals_f, ends, lives, gones = {}, {}, {}, {}, {}
for i = 2, #keys do
  local a = 5 * i - 8
  local span, add, add_f = argv[a], tonumber(argv[a + 1]), tonumber(argv[a + 2])
  local max, max_f = tonumber(argv[a + 3]), tonumber(argv[a + 4])
  local width = string.byte(span) == 114 and tonumber(string.sub(span, 2))
  local place, n, f, stop, fresh, live, gone
  if width then
    place, n, f, live, gone = rolling(keys[i], width)
    lives[i], gones[i] = live, gone
  else
    place, n, f, stop, fresh = fixed(keys[i], span)
    if fresh then ends[i] = stop + GRACE end
  end
  local new, new_f = sum(n, f, add, add_f)
  if new > max or (new == max and new_f > max_f) then
    if width then stop = rolling_end(place, n, f, live, width, add, add_f, max, max_f) end
    if not over then over = {0, i - 2, n, f, 0} end
    if stop - now > over[5] then over[5] = stop - now end
  end
  totals[i], totals_f[i] = new, new_f
  local at = 3 * i - 4
  answer[at] = place
  answer[at + 1], answer[at + 2] = less(max, max_f, new, new_f)
end
if over then return over end

for i = 2, #keys do
  local key, place = keys[i], answer[3 * i - 4]
  if lives[i] then
    local a = 5 * i - 8
    local width = tonumber(string.sub(argv[a], 2))
    write_rolling(key, place, lives[i], gones[i], width, tonumber(argv[a + 1]), tonumber(argv[a + 2]))
  elseif ends[i] then
    call('HSET', key, 'w', place, 'n', totals[i], 'f', totals_f[i])
    call('PEXPIREAT', key, ends[i])
  else
    call('HSET', key, 'n', totals[i], 'f', totals_f[i])
  end
end
if advanced then
  call('HSET', keys[1], 'hi', now)
  call('PEXPIREAT', keys[1], now + META_LIFE)
end
return answer
