-- Takes every charge of one call, or none.
--
-- KEYS[1]      {org}:meta, a hash: `hi` is the latest time used (room for more, such as an epoch)
-- KEYS[2..]    one counter each. Fixed window, a hash: w = the window's first millisecond, n = wholes, f = billionths.
--              Rolling window: see rolling.lua.
-- ARGV[1]      the gateway's time, not used for counting
-- then five for each counter: span, wholes and billionths to add, wholes and billionths of the maximum.
--              span is what `window` takes, or 'r' and the milliseconds of a sixtieth.
-- Answers {1, place, wholes left, billionths left, ...} or {0, index from 0, wholes used, billionths used, wait in ms}.
--
-- Before this text come window.lua, common.lua, `local now` (the time in milliseconds) and rolling.lua.

-- Longer than any counter lives.
local META_LIFE = 40 * DAY

local high = tonumber(call('HGET', keys[1], 'hi') or 0)
-- Within a second the counters themselves keep time from going back, which spares a write on most calls.
local advanced = now - high >= 1000
if now < high then now = high end

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
    place, n, f, live, gone = rolling(keys[i], width, now)
    lives[i], gones[i] = live, gone
  else
    place, n, f, stop, fresh = fixed(keys[i], span)
    if fresh then ends[i] = stop + GRACE end
  end
  local new, new_f = sum(n, f, add, add_f)
  if new > max or (new == max and new_f > max_f) then
    if width then stop = rolling_end(now, n, f, live, width, add, add_f, max, max_f) end
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
    expire(key, ends[i])
  else
    call('HSET', key, 'n', totals[i], 'f', totals_f[i])
  end
end
if advanced then
  call('HSET', keys[1], 'hi', now)
  expire(keys[1], now + META_LIFE)
end
return answer
