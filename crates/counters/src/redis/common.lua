-- What the scripts share: amounts as wholes and billionths, and keys that end.
-- Numbers are doubles: exact below 2^53, and a sum beyond it is rounded to no less than 2^53, which no maximum reaches.
local call, keys, argv = redis.call, KEYS, ARGV
local BILLION = 1000000000
-- Counters outlive their window by this much, so that a clock that is a little off does not lose them.
local GRACE = 60000

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

-- Written out, because some versions send large round numbers as 1e+12, which this command does not read.
local function expire(key, at)
  call('PEXPIREAT', key, string.format('%.0f', at))
end
