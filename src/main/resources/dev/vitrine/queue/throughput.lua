-- Jobs completed in the 60 seconds before the current one.
local second = math.floor(now_ms() / 1000)
local keys = {}
for i = 1, 60 do keys[i] = done_prefix .. text(second - i) end
local sum = 0
for _, count in ipairs(redis.call('MGET', unpack(keys))) do sum = sum + (tonumber(count) or 0) end
return sum
