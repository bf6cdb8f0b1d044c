-- The next version: greater than every one before, and Redis' clock where that is greater still.
-- KEYS: the counter. ARGV: a version that the next must be greater than; whether that stands for all that Redis may have
-- forgotten (0 or 1). Without a counter nothing is drawn unless it does.
-- Returns the version, 0 where none was drawn, and Redis' clock, both ms since the epoch.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local last = tonumber(redis.call('GET', KEYS[1]))
if not last and ARGV[2] == '0' then
  return { 0, now }
end
local past = tonumber(ARGV[1])
-- One product with a version of another century must not take the counter there.
if past > now + 86400000 then past = 0 end
local version = math.max(now, math.max(last or 0, past) + 1)
redis.call('SET', KEYS[1], string.format('%.0f', version))
return { version, now }
