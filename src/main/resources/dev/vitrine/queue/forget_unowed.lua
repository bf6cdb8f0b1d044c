-- Forgets a job that its state calls waiting and that is nowhere. ARGV: id. Returns 1, or 0 when it is somewhere.
local id = ARGV[1]
if redis.call('HGET', job_prefix .. id, 'status') ~= 'queued' or redis.call('ZSCORE', leases, id)
  or redis.call('ZSCORE', later, id) or redis.call('ZSCORE', dead, id) or redis.call('LPOS', jobs, id) then
  return 0
end
redis.call('UNLINK', job_prefix .. id)
redis.call('ZREM', recent, id)
return 1
