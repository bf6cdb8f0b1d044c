-- How much there is to do. Returns: waiting, leased, put off, dead, workers alive, ms since the longest waiting job was
-- made (-1: none waits or its age is unknown).
local now = now_ms()
local oldest = redis.call('LINDEX', jobs, -1)
local age = -1
if oldest then
  local created = created_ms(oldest, 0)
  if created > 0 then age = math.max(0, now - created) end
end
return { redis.call('LLEN', jobs), redis.call('ZCARD', leases), redis.call('ZCARD', later), redis.call('ZCARD', dead),
  redis.call('ZCOUNT', workers, text(now), '+inf'), text(age) }
