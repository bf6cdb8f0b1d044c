-- Takes jobs under a lease: those put off and now due, those whose lease ran out, then the longest waiting.
-- ARGV: most jobs, whether to look at the list (0 or 1), lease in ms, token, worker, most deliveries,
--       s until a failed job expires, most entries in recent
-- Returns: ms until the next job is due (-1: none), leases that ran out, duplicates dropped, buried count, buried ids,
--          with their products, then id, attempts, deliveries, version, product and ms since it was due for every job taken
local max, lease, token, worker = tonumber(ARGV[1]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local limit, ttl, keep = tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8])

local first_later = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
local first_lease = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
local now = (first_later[1] or first_lease[1]) and now_ms()

local taken, buried, reclaimed, dropped = {}, {}, 0, 0
local started

-- due: since when a worker could have taken the job; nil for one of the list.
local function take(id, due)
  now = now or now_ms()
  started = started or rfc3339(now)
  local key = job_prefix .. id
  local job = redis.call('HMGET', key, 'deliveries', 'attempts', 'version', 'product_id', 'due')
  local deliveries = (tonumber(job[1]) or 0) + 1
  local attempts = (tonumber(job[2]) or 0) + 1
  local created = tonumber(job[3]) or created_ms(id, now)
  due = due or tonumber(job[5]) or created
  redis.call('ZADD', recent, 'NX', text(created), id)
  if deliveries > limit then
    bury(id, now, 'killed its worker ' .. limit .. ' times', '', ttl)
    buried[#buried + 1], buried[#buried + 2] = id, job[4] or ''
    return
  end
  redis.call('ZADD', leases, text(now + lease), id)
  redis.call('HSET', key, 'job_id', id, 'status', 'processing', 'started_at', started, 'attempts', attempts,
    'deliveries', deliveries, 'owner', token, 'worker', worker, 'due', text(due))
  local n = #taken
  taken[n + 1], taken[n + 2], taken[n + 3] = id, text(attempts), text(deliveries)
  taken[n + 4], taken[n + 5], taken[n + 6] = job[3] or '', job[4] or '', text(math.max(0, now - due))
end

if first_later[1] and tonumber(first_later[2]) <= now then
  local found = redis.call('ZRANGEBYSCORE', later, '-inf', text(now), 'WITHSCORES', 'LIMIT', 0, max)
  for i = 1, #found, 2 do
    redis.call('ZREM', later, found[i])
    take(found[i], tonumber(found[i + 1]))
  end
end

local room = max - #taken / 6
if room > 0 and first_lease[1] and tonumber(first_lease[2]) <= now then
  local found = redis.call('ZRANGEBYSCORE', leases, '-inf', text(now), 'WITHSCORES', 'LIMIT', 0, room)
  for i = 1, #found, 2 do
    reclaimed = reclaimed + 1
    take(found[i], tonumber(found[i + 1]))
  end
  redis.call('HINCRBY', counts, 'redelivered', reclaimed)
end

room = max - #taken / 6
if room > 0 and ARGV[2] == '1' then
  for _, id in ipairs(redis.call('RPOP', jobs, room) or {}) do
    -- An id may be in the list twice (refilled while it was being accepted): what is worked on or done is dropped.
    if redis.call('ZSCORE', leases, id) or redis.call('HGET', job_prefix .. id, 'status') == 'completed' then
      dropped = dropped + 1
    else
      redis.call('ZREM', later, id)
      redis.call('ZREM', dead, id)
      redis.call('PERSIST', job_prefix .. id)
      take(id)
    end
  end
end

if #taken > 0 then
  redis.call('ZREMRANGEBYRANK', recent, 0, -keep - 1)
end

-- Only asked for when nothing was taken, and then what was seen at the beginning is still so.
local due = -1
if first_later[1] then due = math.max(0, first_later[2] - now) end
if first_lease[1] then
  local ends = math.max(0, first_lease[2] - now)
  due = due < 0 and ends or math.min(due, ends)
end

local reply = { text(due), reclaimed, dropped, #buried / 2 }
for _, id in ipairs(buried) do reply[#reply + 1] = id end
for _, value in ipairs(taken) do reply[#reply + 1] = value end
return reply
