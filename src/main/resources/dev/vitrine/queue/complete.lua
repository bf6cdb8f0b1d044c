-- Ends a job well. ARGV: id, token, model (may be empty), s until the hash expires. Returns 1, or 0 when the lease is lost.
local id, token = ARGV[1], ARGV[2]
if not holds(id, token) then
  return already(id, token, 'completed') and 1 or 0
end
local now, key = now_ms(), job_prefix .. id
redis.call('ZREM', leases, id)
redis.call('HSET', key, 'status', 'completed', 'finished_at', rfc3339(now))
if ARGV[3] ~= '' then redis.call('HSET', key, 'model', ARGV[3]) end
redis.call('HDEL', key, 'error', 'digest', 'deliveries')
redis.call('EXPIRE', key, ARGV[4])
redis.call('HINCRBY', counts, 'completed', 1)
local second = done_prefix .. text(math.floor(now / 1000))
redis.call('INCR', second)
redis.call('EXPIRE', second, 90)
return 1
