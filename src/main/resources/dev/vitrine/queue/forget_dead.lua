-- Forgets dead letters with their state. ARGV: ms since the epoch, ids. One that was retried, or that failed again
-- after that time, stays. Returns how many were forgotten.
local forgotten = 0
for i = 2, #ARGV do
  local failed = redis.call('ZSCORE', dead, ARGV[i])
  if failed and tonumber(failed) <= tonumber(ARGV[1]) then
    redis.call('ZREM', dead, ARGV[i])
    redis.call('ZREM', recent, ARGV[i])
    redis.call('UNLINK', job_prefix .. ARGV[i])
    forgotten = forgotten + 1
  end
end
return forgotten
