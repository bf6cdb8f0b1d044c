-- Reserves an idempotency key for a job, or says what it is reserved for.
-- KEYS[1] the key's record. ARGV: fingerprint, job, lease in ms, time to live in seconds, a job that never came or ''
-- Returns state, fingerprint, job and outcome. The state is new (the caller's), done, running, or left: its process has
-- not renewed the lease. A reservation for the job that never came is given to the caller.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local record = redis.call('HMGET', KEYS[1], 'fingerprint', 'job', 'outcome', 'until')
if record[1] and record[3] then
  return { 'done', record[1], record[2], record[3] }
end
if record[1] and record[2] ~= ARGV[5] then
  return { tonumber(record[4]) > now and 'running' or 'left', record[1], record[2], '' }
end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'job', ARGV[2], 'until', now + ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return { 'new', ARGV[1], ARGV[2], '' }
