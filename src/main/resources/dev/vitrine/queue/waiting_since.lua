-- Finds jobs whose state says that they wait. ARGV: made after, made until (ms), how many to skip, how many to look at.
-- Returns how many it looked at, then their ids.
local found = { 0 }
for _, id in ipairs(redis.call('ZRANGEBYSCORE', recent, '(' .. ARGV[1], ARGV[2], 'LIMIT', ARGV[3], ARGV[4])) do
  found[1] = found[1] + 1
  if redis.call('HGET', job_prefix .. id, 'status') == 'queued' then found[#found + 1] = id end
end
return found
