-- Enqueues a job that the queue does not know. ARGV: id, then field and value of its hash.
-- Returns 'pushed', 'owed', 'completed' or 'failed'; only 'pushed' changed anything.
local id = ARGV[1]
local key = job_prefix .. id
if redis.call('ZSCORE', leases, id) or redis.call('ZSCORE', later, id) or redis.call('ZSCORE', dead, id) then
  return 'owed'
end
-- The hash is written before the id is pushed: without a hash there is no need to walk the list.
if redis.call('EXISTS', key) == 1 then
  local status = redis.call('HGET', key, 'status')
  if status == 'completed' or status == 'failed' then return status end
  if redis.call('LPOS', jobs, id) then return 'owed' end
end
for i = 2, #ARGV, 2 do redis.call('HSETNX', key, ARGV[i], ARGV[i + 1]) end
redis.call('HSET', key, 'job_id', id, 'status', 'queued')
redis.call('HDEL', key, 'owner', 'worker')
redis.call('PERSIST', key)
redis.call('ZADD', recent, 'NX', text(created_ms(id, now_ms())), id)
redis.call('LPUSH', jobs, id)
return 'pushed'
