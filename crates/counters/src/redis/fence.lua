-- Raises a fence. KEYS[1] {org}:meta; ARGV[1] its field; ARGV[2] the version.
if (tonumber(redis.call('HGET', KEYS[1], ARGV[1])) or 0) < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return {1}
