-- How much there is to do. Returns: waiting, leased, put off, dead, workers alive, ms since the longest waiting job could
-- have been taken, one that was put off and is due included (-1: none waits or its age is unknown).
local now = now_ms()
local oldest = redis.call('LINDEX', jobs, -1)
local age = -1
if oldest then
  local due = due_ms(oldest, 0)
  if due > 0 then age = math.max(0, now - due) end
end
local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
if first[1] and tonumber(first[2]) <= now then age = math.max(age, now - first[2]) end
return { redis.call('LLEN', jobs), redis.call('ZCARD', leases), redis.call('ZCARD', later), redis.call('ZCARD', dead),
  redis.call('ZCOUNT', workers, text(now), '+inf'), text(age) }
