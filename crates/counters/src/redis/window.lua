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
