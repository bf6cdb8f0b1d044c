-- Sends dead letters back to the queue. ARGV: an id; or '' and the most jobs to send, the longest dead first.
-- Returns how many were sent.
local ids = { ARGV[1] }
if ARGV[1] == '' then ids = redis.call('ZRANGE', dead, 0, ARGV[2] - 1) end
local sent = 0
for _, id in ipairs(ids) do
  if redis.call('ZREM', dead, id) == 1 then
    local key = job_prefix .. id
    redis.call('HSET', key, 'job_id', id, 'status', 'queued', 'attempts', 0, 'deliveries', 0,
      'due', text(now_ms()))
    redis.call('HDEL', key, 'started_at', 'finished_at', 'error', 'digest', 'owner', 'worker')
    redis.call('PERSIST', key)
    redis.call('LPUSH', jobs, id)
    sent = sent + 1
  end
end
return sent
