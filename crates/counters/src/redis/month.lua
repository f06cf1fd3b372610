-- The month of the calendar that holds `now`, in UTC: its first millisecond, and the first after it.
-- Days to civil dates by counting years from March, as in Howard Hinnant's "chrono-compatible low-level date algorithms".
local function month(now)
  local floor = math.floor
  local day = floor(now / 86400000) + 719468
  local era = floor(day / 146097)
  local of_era = day - era * 146097
  local year = floor((of_era - floor(of_era / 1460) + floor(of_era / 36524) - floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + floor(year / 4) - floor(year / 100))
  local index = floor((5 * of_year + 2) / 153)
  local first = floor((153 * index + 2) / 5)
  local days
  if index < 11 then
    days = floor((153 * index + 155) / 5) - first
  else
    -- February, which ends the year that began in March: the next calendar year says whether it has 29 days.
    year = year + era * 400 + 1
    local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
    days = leap and 29 or 28
  end
  local start = (day - of_year + first - 719468) * 86400000
  return start, start + days * 86400000
end
