-- Hands jobs back as if they had not been taken. ARGV: id and token of every delivery, the longest waiting first.
-- Returns how many were handed back. Pushed in reverse, so that the longest waiting is again the next to be taken.
local released = 0
for i = #ARGV - 1, 1, -2 do
  local id, token = ARGV[i], ARGV[i + 1]
  if holds(id, token) then
    local key = job_prefix .. id
    redis.call('ZREM', leases, id)
    redis.call('HINCRBY', key, 'deliveries', -1)
    if redis.call('HINCRBY', key, 'attempts', -1) < 1 then redis.call('HDEL', key, 'started_at') end
    redis.call('HSET', key, 'status', 'queued')
    redis.call('HDEL', key, 'owner', 'worker')
    redis.call('RPUSH', jobs, id)
    released = released + 1
  end
end
return released
