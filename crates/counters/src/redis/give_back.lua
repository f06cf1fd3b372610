-- Gives back what one call took, where it is still counted; never below zero.
--
-- KEYS         one counter each, as `reserve` keeps them
-- ARGV         for each counter: 'f' or 'r' (fixed or rolling), place, wholes, billionths
local BILLION = 1000000000

for i = 1, #KEYS do
  local key, a = KEYS[i], (i - 1) * 4 + 1
  local rolling, place = ARGV[a] == 'r', ARGV[a + 1]
  local n, f
  if rolling then
    n, f = string.match(redis.call('HGET', key, place) or '', '^(%d+):?(%d*)$')
    n, f = tonumber(n), tonumber(f) or 0
  else
    local held = redis.call('HMGET', key, 'w', 'n', 'f')
    if held[1] and tonumber(held[1]) == tonumber(place) then n, f = tonumber(held[2]), tonumber(held[3]) end
  end
  if n then
    n, f = n - tonumber(ARGV[a + 2]), f - tonumber(ARGV[a + 3])
    if f < 0 then n, f = n - 1, f + BILLION end
    if n >= 0 then
      local whole, part = string.format('%.0f', n), string.format('%.0f', f)
      if rolling then
        redis.call('HSET', key, place, whole .. ':' .. part)
      else
        redis.call('HSET', key, 'n', whole, 'f', part)
      end
    end
  end
end
return 1
