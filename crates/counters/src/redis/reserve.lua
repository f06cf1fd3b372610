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
local BILLION = 1000000000
local PARTS = 60
-- Counters outlive their window by this much, so that a clock that is a little off does not lose them.
local GRACE = 60000
-- Longer than any counter lives.
local META_LIFE = 40 * DAY

local meta = KEYS[1]
local high = tonumber(redis.call('HGET', meta, 'hi') or 0)
-- Within a second the counters themselves keep time from going back, which spares a write on most calls.
local advanced = now - high >= 1000
if now < high then now = high end

local writes, answer = {}, {1}
local over, wait

local function fits(n, f, max, max_f)
  return n < max or (n == max and f <= max_f)
end

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

local function refuse(index, n, f, after)
  if not over then over = {0, index, n, f, 0} end
  if after > over[5] then over[5] = after end
end

local function rolling(key, index, width, add, add_f, max, max_f)
  local held = redis.call('HGETALL', key)
  local part, parts = floor(now / width), {}
  for i = 1, #held, 2 do
    local n, f = string.match(held[i + 1], '^(%d+):?(%d*)$')
    local at = tonumber(held[i])
    if at > part then part = at end
    parts[#parts + 1] = {at, tonumber(n), tonumber(f) or 0, held[i]}
  end
  local n, f, newest_n, newest_f, gone, live = 0, 0, 0, 0, {}, {}
  for _, p in ipairs(parts) do
    if p[1] < part - PARTS then
      gone[#gone + 1] = p[4]
    else
      live[#live + 1] = p
      n, f = sum(n, f, p[2], p[3])
      if p[1] == part then newest_n, newest_f = p[2], p[3] end
    end
  end
  local new, new_f = sum(n, f, add, add_f)
  if not fits(new, new_f, max, max_f) then
    table.sort(live, function(a, b) return a[1] < b[1] end)
    local left, left_f, leaves = n, f, now + PARTS * width
    for _, p in ipairs(live) do
      left, left_f = less(left, left_f, p[2], p[3])
      leaves = (p[1] + PARTS + 1) * width
      local then_n, then_f = sum(left, left_f, add, add_f)
      if fits(then_n, then_f, max, max_f) then break end
    end
    return refuse(index, n, f, leaves - now)
  end
  newest_n, newest_f = sum(newest_n, newest_f, add, add_f)
  local field, text = string.format('%.0f', part), string.format('%.0f', newest_n)
  if newest_f > 0 then text = text .. string.format(':%.0f', newest_f) end
  writes[#writes + 1] = {'HSET', key, field, text}
  if #gone > 0 then writes[#writes + 1] = {'HDEL', key, unpack(gone)} end
  writes[#writes + 1] = {'PEXPIREAT', key, string.format('%.0f', (part + PARTS + 1) * width + GRACE)}
  local left, left_f = less(max, max_f, new, new_f)
  local size = #answer
  answer[size + 1], answer[size + 2], answer[size + 3] = part, left, left_f
end

local function fixed(key, index, span, add, add_f, max, max_f)
  local start, stop = window(span, now)
  local held = redis.call('HMGET', key, 'w', 'n', 'f')
  local n, f, at = 0, 0, tonumber(held[1] or nil)
  if at and at >= start then
    if at > start then start, stop = window(span, at) end
    n, f = tonumber(held[2]), tonumber(held[3])
  else
    at = nil
  end
  local new, new_f = sum(n, f, add, add_f)
  if not fits(new, new_f, max, max_f) then
    return refuse(index, n, f, stop - now)
  end
  if at then
    writes[#writes + 1] = {'HSET', key, 'n', string.format('%.0f', new), 'f', new_f}
  else
    writes[#writes + 1] = {'HSET', key, 'w', string.format('%.0f', start), 'n', string.format('%.0f', new), 'f', new_f}
    writes[#writes + 1] = {'PEXPIREAT', key, string.format('%.0f', stop + GRACE)}
  end
  local left, left_f = less(max, max_f, new, new_f)
  local size = #answer
  answer[size + 1], answer[size + 2], answer[size + 3] = start, left, left_f
end

for i = 2, #KEYS do
  local a = (i - 2) * 5 + 2
  local span = ARGV[a]
  local add, add_f = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local max, max_f = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  if string.byte(span) == 114 then
    rolling(KEYS[i], i - 2, tonumber(string.sub(span, 2)), add, add_f, max, max_f)
  else
    fixed(KEYS[i], i - 2, span, add, add_f, max, max_f)
  end
end
if over then return over end

for _, write in ipairs(writes) do redis.call(unpack(write)) end
if advanced then
  redis.call('HSET', meta, 'hi', string.format('%.0f', now))
  redis.call('PEXPIREAT', meta, string.format('%.0f', now + META_LIFE))
end
return answer
