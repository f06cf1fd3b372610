-- Opens an organisation's counters in a new epoch, in steps, because there may be many. Until the last step every
-- call is refused.
--
-- KEYS[1]  {org}:meta, as `reserve` reads it
-- ARGV[1]  the step
-- begin    ARGV[2] epoch. Answers {1, token}; {0, nil} if it is open in this epoch; {2, epoch} if in a later one.
-- seed     ARGV[2] token; KEYS[2..] counters, for each of which ARGV has: when it ends; how many fields follow; these with
--          their values, or, where there are none, its one value. Answers {1}, or {3} if it was begun anew or
--          the server has restarted since.
-- finish   ARGV[2] token; ARGV[3] the latest time of the seeds; ARGV[4] '1' if they are complete. Answers as `seed`.
--
-- Before this text come `local SELF` and `local now`.
local call, meta, step = redis.call, KEYS[1], ARGV[1]

if step == 'begin' then
  local held = call('HMGET', meta, 'epoch', 'self')
  local epoch, opening = tonumber(held[1]) or 0, held[2] and string.sub(held[2], 1, 8) == 'opening:'
  if epoch > tonumber(ARGV[2]) then return {2, held[1]} end
  if held[1] == ARGV[2] and not opening then return {0, false} end
  -- No two beginnings share a token, even if one of them is forgotten.
  local time = call('TIME')
  local token = 'opening:' .. SELF .. ':' .. time[1] .. '.' .. time[2] .. ':' .. (tonumber(call('HINCRBY', meta, 'turn', 1)))
  call('HSET', meta, 'epoch', ARGV[2], 'self', token)
  return {1, token}
end

-- Nor does another process go on with what this one may have kept in part.
if call('HGET', meta, 'self') ~= ARGV[2] or not string.find(ARGV[2], SELF, 1, true) then return {3} end
if step == 'seed' then
  local at = 3
  for i = 2, #KEYS do
    local key, ends, fields = KEYS[i], ARGV[at], tonumber(ARGV[at + 1])
    call('DEL', key)
    at = at + 2
    if fields == 0 then
      call('SET', key, ARGV[at])
      at = at + 1
    else
      call('HSET', key, unpack(ARGV, at, at + 2 * fields - 1))
      at = at + 2 * fields
    end
    call('PEXPIREAT', key, ends)
  end
  return {1}
end

local high = math.max(now, tonumber(call('HGET', meta, 'hi')) or 0, tonumber(ARGV[3]))
call('HSET', meta, 'self', SELF, 'hi', string.format('%.0f', high))
if ARGV[4] == '1' then
  call('HDEL', meta, 'closed')
else
  -- Something may have been taken in this very millisecond.
  call('HSET', meta, 'closed', string.format('%.0f', high + 1))
end
return {1}
