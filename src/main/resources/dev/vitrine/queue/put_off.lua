-- Puts a job off. ARGV: id, token, delay in ms, error, digest, whether it was tried (0 or 1). Returns 1, or 0 when the
-- lease is lost.
-- A try that ended in order is no sign of a job that kills workers: its deliveries start again at 0.
local id, token = ARGV[1], ARGV[2]
if not holds(id, token) then
  return already(id, token, 'retrying') and 1 or 0
end
redis.call('ZREM', leases, id)
redis.call('ZADD', later, text(now_ms() + ARGV[3]), id)
redis.call('HSET', job_prefix .. id, 'status', 'retrying', 'deliveries', 0)
if ARGV[6] == '1' then
  redis.call('HSET', job_prefix .. id, 'error', ARGV[4], 'digest', ARGV[5])
  redis.call('HINCRBY', counts, 'retried', 1)
else
  redis.call('HINCRBY', job_prefix .. id, 'attempts', -1)
end
return 1
