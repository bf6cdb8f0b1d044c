-- Puts jobs back into the list whose lease ran out and that nobody took over, because there is no worker. They are the
-- next to be taken, and their deliveries count. ARGV: for how long the lease must be over, ms; most jobs.
-- Returns how many.
local gone = redis.call('ZRANGEBYSCORE', leases, '-inf', text(now_ms() - ARGV[1]), 'LIMIT', 0, ARGV[2])
for i = #gone, 1, -1 do
  local id = gone[i]
  redis.call('ZREM', leases, id)
  redis.call('HSET', job_prefix .. id, 'status', 'queued', 'due', text(now_ms()))
  redis.call('HDEL', job_prefix .. id, 'owner', 'worker')
  redis.call('RPUSH', jobs, id)
end
return #gone
