-- Ends every lease now. Returns how many there were.
local held = redis.call('ZRANGE', leases, 0, -1)
for _, id in ipairs(held) do redis.call('ZADD', leases, 0, id) end
return #held
