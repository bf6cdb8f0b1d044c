-- Goes on with a reservation, unless it is no longer this job's.
-- KEYS[1] the key's record. ARGV: job, then done and the outcome, renew and the lease in ms, or free and ''
if redis.call('HGET', KEYS[1], 'job') ~= ARGV[1] then
  return 0
end
if ARGV[2] == 'done' then
  redis.call('HSET', KEYS[1], 'outcome', ARGV[3])
elseif ARGV[2] == 'renew' then
  local clock = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'until', clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[3])
elseif not redis.call('HGET', KEYS[1], 'outcome') then
  redis.call('DEL', KEYS[1])
end
return 1
