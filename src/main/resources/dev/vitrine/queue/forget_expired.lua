-- Takes jobs off the list of recent ones whose state has expired. ARGV: made until (ms), how many to skip, how many to
-- look at. Returns how many it looked at, then how many it took off.
local looked = redis.call('ZRANGEBYSCORE', recent, '-inf', ARGV[1], 'LIMIT', ARGV[2], ARGV[3])
local gone = 0
for _, id in ipairs(looked) do
  if redis.call('EXISTS', job_prefix .. id) == 0 then
    redis.call('ZREM', recent, id)
    gone = gone + 1
  end
end
return { #looked, gone }
