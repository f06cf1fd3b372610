-- Gives back what one call took, where it is still counted; never below zero.
--
-- KEYS      one counter each, as `reserve` keeps them
-- ARGV[1]   the epoch it was taken in
-- ARGV[2]   for each counter a byte, 1 for rolling, and three doubles: place, wholes, billionths
local epoch, at = tonumber(ARGV[1]), 1

local function less(n, f, by, by_f)
  n, f = n - by, f - by_f
  if f < 0 then n, f = n - 1, f + 1000000000 end
  return n, f
end

for _, key in ipairs(KEYS) do
  local rolling, place, whole, billionths
  rolling, place, whole, billionths, at = struct.unpack('<Bddd', ARGV[2], at)
  if rolling == 0 then
    local held = redis.call('GET', key)
    if held then
      local of, start, stop, n, f = struct.unpack('<ddddd', held)
      n, f = less(n, f, whole, billionths)
      if of == epoch and start == place and n >= 0 then
        redis.call('SET', key, struct.pack('<ddddd', epoch, start, stop, n, f), 'KEEPTTL')
      end
    end
  else
    local name = string.format('%.0f', place)
    local held = redis.call('HMGET', key, 't', name)
    if held[1] and held[2] then
      local of, oldest, newest, n, f = struct.unpack('<ddddd', held[1])
      local part, part_f = struct.unpack('<dd', held[2])
      n, f = less(n, f, whole, billionths)
      part, part_f = less(part, part_f, whole, billionths)
      if of == epoch and part >= 0 then
        redis.call('HSET', key, 't', struct.pack('<ddddd', of, oldest, newest, n, f), name, struct.pack('<dd', part, part_f))
      end
    end
  end
end
return {1}
