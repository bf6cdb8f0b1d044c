-- Gives leases a new end. ARGV: lease in ms, then id and token of every delivery. Returns the ids that are lost.
local ends = text(now_ms() + ARGV[1])
local lost = {}
for i = 2, #ARGV, 2 do
  if holds(ARGV[i], ARGV[i + 1]) then
    redis.call('ZADD', leases, 'XX', ends, ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
