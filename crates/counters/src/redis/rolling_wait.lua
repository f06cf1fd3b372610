      -- Until enough of the oldest parts have left the rolling window for the charge to fit.
      stop = now + 60 * length
      local names, left, left_f = {}, n, f
      if not roll.clear then
        for part = roll.oldest, place do names[#names + 1] = string.format('%.0f', part) end
      end
      for index, value in ipairs(#names > 0 and call('HMGET', key, unpack(names)) or {}) do
        if value then
          local whole, billionths = unpack_from('<dd', value)
          left, left_f = left - whole, left_f - billionths
          if left_f < 0 then left, left_f = left - 1, left_f + 1000000000 end
          stop = (roll.oldest + index + 60) * length
          local sum, sum_f = left + add, left_f + add_f
          if sum_f >= 1000000000 then sum, sum_f = sum + 1, sum_f - 1000000000 end
          if sum < max or sum == max and sum_f <= max_f then break end
        end
      end
