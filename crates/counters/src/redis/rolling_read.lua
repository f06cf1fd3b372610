    -- The rolling window, without the parts that have left it.
    place = math.floor(now / length)
    local held = call('HMGET', key, 't', string.format('%.0f', place))
    local oldest, newest
    roll = {part = held[2], new = true}
    if held[1] then of, oldest, newest, n, f = unpack_from('<ddddd', held[1]) end
    if of ~= epoch or newest < place - 60 then
      roll.part, roll.clear, oldest, newest, n, f = false, held[1], place, place, 0, 0
    else
      if newest > place then
        place = newest
        roll.part = call('HGET', key, string.format('%.0f', place))
      end
      roll.new = newest ~= place
      if oldest < place - 60 then
        local gone = {}
        for part = oldest, place - 61 do gone[#gone + 1] = string.format('%.0f', part) end
        for _, value in ipairs(call('HMGET', key, unpack(gone))) do
          if value then
            local whole, billionths = unpack_from('<dd', value)
            n, f = n - whole, f - billionths
            if f < 0 then n, f = n - 1, f + 1000000000 end
          end
        end
        oldest, roll.gone = place - 60, gone
      end
    end
    roll.oldest, roll.place, roll.length = oldest, place, length
