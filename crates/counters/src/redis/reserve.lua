-- Takes every charge of one call, or none.
--
-- KEYS[1]   {org}:meta, a hash: `epoch`; `self` of the server that it was opened or adopted on; `hi`, a time that this
--           organisation has certainly reached; `closed`, before which windows are closed; `f` and `f:<identity>`, fences
-- KEYS[2..] one counter each. Fixed window: a string of five doubles, epoch, first millisecond, first millisecond
--           after it, wholes, billionths. Rolling window: a hash, `t` = five doubles, epoch, oldest and newest part,
--           wholes and billionths of all parts; number of each part -> its wholes and billionths as two doubles.
-- ARGV      epoch; version; 'f:<identity>'; for each counter two bytes (kind: 0 length, 1 week, 2 month, 3 rolling;
--           1 where closed windows count) and five doubles: milliseconds of the window (rolling: of a sixtieth), wholes and
--           billionths to add, wholes and billionths of the maximum
-- Answers   {1, place, wholes left, billionths left, ...}; or {0 over or 4 closed, index from 0, wholes used,
--           billionths used, wait in ms}; or {2, epoch held}; or {3, version wanted}.
--
-- Before this text come `local SELF, KIN, RUN, DURABLE` and `local now` (milliseconds), and window.lua is set in below.
-- Numbers are doubles: exact below 2^53, and a sum beyond it is rounded to no less than 2^53, which no maximum reaches.
-- What happens at every call stands in plain sight, without functions or text made at run time: they are what costs.
local call, keys, argv = redis.call, KEYS, ARGV
local pack, unpack_from = struct.pack, struct.unpack
local meta = call('HMGET', keys[1], 'epoch', 'self', 'hi', 'closed', 'f', argv[3])

if meta[1] ~= argv[1] then return {2, meta[2] and tonumber(meta[1]) or 0} end
local adopt = false
if meta[2] ~= SELF then
  -- The same process, of which another gateway thinks otherwise; or the same server after a restart, which keeps
  -- what it has confirmed.
  adopt = string.sub(meta[2], -#RUN) == RUN or DURABLE and string.sub(meta[2], 1, #KIN) == KIN
  if not adopt then return {2, 0} end
end
if meta[5] or meta[6] then
  local fence, own = tonumber(meta[5]) or 0, tonumber(meta[6]) or 0
  if own > fence then fence = own end
  if tonumber(argv[2]) < fence then return {3, fence} end
end

local epoch, high, closed = tonumber(argv[1]), tonumber(meta[3]), meta[4] and tonumber(meta[4])
-- Counters themselves keep time from going back; this is for those that have ended and gone.
local advanced = now - high >= 10000
if now < high then now = high end

local answer, over, wait = {1}, nil, 0
local values, ends, rolled = {}, {}, nil
local blob, at = argv[4], 1
for i = 2, #keys do
  local key = keys[i]
  local kind, strict, length, add, add_f, max, max_f
  kind, strict, length, add, add_f, max, max_f, at = unpack_from('<BBddddd', blob, at)
  local place, stop, n, f, of, roll
  if kind < 3 then
    local held = call('GET', key)
    if held then of, place, stop, n, f = unpack_from('<ddddd', held) end
    if of ~= epoch or now >= stop then
      n, f = 0, 0
      if kind == 0 then
        place = now - now % length
        stop = place + length
      elseif kind == 1 then
        -- From Monday; 1970 began on a Thursday.
        place = now - (now - 345600000) % 604800000
        stop = place + 604800000
      else
--MONTH
        place, stop = month(now)
      end
      ends[i] = stop
    end
  else
--ROLLING
  end
  local new, new_f = n + add, f + add_f
  if new_f >= 1000000000 then new, new_f = new + 1, new_f - 1000000000 end
  local refusal
  if closed and strict == 1 then
    if roll then
      if (place - 60) * length < closed then
        refusal, stop = 4, (math.ceil(closed / length) + 60) * length
      end
    elseif place < closed then
      refusal = 4
    end
  end
  if not refusal and (new > max or new == max and new_f > max_f) then
    refusal = 0
    if roll then
--ROLLING_WAIT
    end
  end
  if refusal then
    over = over or {refusal, i - 2, n, f, 0}
    if stop - now > wait then wait = stop - now end
  elseif not over then
    if roll then
      roll.n, roll.f, roll.add, roll.add_f = new, new_f, add, add_f
      rolled = rolled or {}
      rolled[i] = roll
    else
      values[i] = pack('<ddddd', epoch, place, stop, new, new_f)
    end
    local left, left_f = max - new, max_f - new_f
    if left_f < 0 then left, left_f = left - 1, left_f + 1000000000 end
    local slot = #answer
    answer[slot + 1], answer[slot + 2], answer[slot + 3] = place, left, left_f
  end
end
if over then
  over[5] = wait
  return over
end

for i = 2, #keys do
  local value, stop = values[i], ends[i]
  if value and stop then
    -- Counters outlive their window by a minute, so that a clock that is a little off does not lose them. Written
    -- out, because some versions send large round numbers as 1e+12, which this command does not read.
    call('SET', keys[i], value, 'PXAT', string.format('%.0f', stop + 60000))
  elseif value then
    call('SET', keys[i], value, 'KEEPTTL')
  else
--ROLLING_WRITE
  end
end
if advanced then call('HSET', keys[1], 'hi', string.format('%.0f', now)) end
if adopt then call('HSET', keys[1], 'self', SELF) end
return answer
