-- Hands back the jobs that were taken and whose taker never heard of it. ARGV: the tokens they were taken with.
-- Returns how many were handed back. It looks at every lease; there are no more than workers have threads.
local lost = {}
for _, token in ipairs(ARGV) do lost[token] = true end
local released = 0
for _, id in ipairs(redis.call('ZREVRANGE', leases, 0, -1)) do
  local owner = redis.call('HGET', job_prefix .. id, 'owner')
  if owner and lost[owner] then
    release(id)
    released = released + 1
  end
end
return released
