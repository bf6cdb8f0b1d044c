-- Says that a worker is alive. ARGV: worker, ms for which that holds (0: it leaves).
local now = now_ms()
redis.call('ZREMRANGEBYSCORE', workers, '-inf', '(' .. text(now))
if ARGV[2] == '0' then
  redis.call('ZREM', workers, ARGV[1])
else
  redis.call('ZADD', workers, text(now + ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', workers, 3600000)
end
return 1
