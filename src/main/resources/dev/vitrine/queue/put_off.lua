-- Puts a job off. ARGV: id, token, delay in ms, error, digest. Returns 1, or 0 when the lease is lost.
-- A try that ended in order is no sign of a job that kills workers: its deliveries start again at 0.
local id, token = ARGV[1], ARGV[2]
if not holds(id, token) then
  return already(id, token, 'retrying') and 1 or 0
end
redis.call('ZREM', leases, id)
redis.call('ZADD', later, text(now_ms() + ARGV[3]), id)
redis.call('HSET', job_prefix .. id, 'status', 'retrying', 'error', ARGV[4], 'digest', ARGV[5], 'deliveries', 0)
redis.call('HINCRBY', counts, 'retried', 1)
return 1
