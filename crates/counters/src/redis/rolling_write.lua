    local roll, key = rolled[i], keys[i]
    local n, f = roll.add, roll.add_f
    if roll.part then
      local whole, billionths = unpack_from('<dd', roll.part)
      n, f = n + whole, f + billionths
      if f >= 1000000000 then n, f = n + 1, f - 1000000000 end
    end
    if roll.clear then call('DEL', key) end
    if roll.gone then call('HDEL', key, unpack(roll.gone)) end
    call('HSET', key, 't', pack('<ddddd', epoch, roll.oldest, roll.place, roll.n, roll.f),
      string.format('%.0f', roll.place), pack('<dd', n, f))
    if roll.new then
      call('PEXPIREAT', key, string.format('%.0f', (roll.place + 61) * roll.length + 60000))
    end
