-- Read before every script of the queue. Every script is given the same keys. The last two are prefixes of keys whose
-- ids only the script itself can find; the hash tag in the queue's name keeps all of them on one node of a cluster.
local jobs, leases, later, dead, recent, counts, workers, job_prefix, done_prefix = unpack(KEYS)

-- Redis' clock, ms since the epoch: the machines of the workers may disagree about the time.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function text(number)
  return string.format('%.0f', number)
end

-- ms since the epoch as RFC 3339 in UTC; days to date by Howard Hinnant's civil_from_days.
local function rfc3339(ms)
  local floor = math.floor
  local seconds = floor(ms / 1000)
  local z = floor(seconds / 86400) + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local day = doy - floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  local rest = seconds % 86400
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day,
    floor(rest / 3600), floor(rest % 3600 / 60), rest % 60, ms % 1000)
end

-- When a job was made: the first 48 bits of a UUIDv7 (RFC 9562, 5.7); now for an id of another kind.
local function created_ms(id, now)
  local high, low = string.match(id, '^(%x%x%x%x%x%x%x%x)%-(%x%x%x%x)%-7')
  return high and tonumber(high, 16) * 65536 + tonumber(low, 16) or now
end

-- Since when a job in the list waits: since it was put back there, where that happened, else since it was accepted.
local function due_ms(id, now)
  local found = redis.call('HMGET', job_prefix .. id, 'due', 'version')
  return tonumber(found[1]) or tonumber(found[2]) or created_ms(id, now)
end

-- Whether this delivery still holds the job: a worker that slept past its lease must not touch another's job.
local function holds(id, token)
  return redis.call('HGET', job_prefix .. id, 'owner') == token and redis.call('ZSCORE', leases, id)
end

-- Whether this very delivery has already brought the job there: the reply was lost and the caller asks again.
local function already(id, token, status)
  local found = redis.call('HMGET', job_prefix .. id, 'owner', 'status')
  return found[1] == token and found[2] == status
end

local function bury(id, now, reason, digest, ttl)
  local key = job_prefix .. id
  redis.call('ZREM', leases, id)
  redis.call('ZREM', later, id)
  redis.call('ZADD', dead, text(now), id)
  redis.call('HSET', key, 'job_id', id, 'status', 'failed', 'finished_at', rfc3339(now), 'error', reason, 'digest', digest)
  redis.call('EXPIRE', key, ttl)
  redis.call('HINCRBY', counts, 'failed', 1)
end

-- Hands a job back as if it had not been taken; it is the next to be taken.
local function release(id)
  local key = job_prefix .. id
  redis.call('ZREM', leases, id)
  redis.call('HINCRBY', key, 'deliveries', -1)
  if redis.call('HINCRBY', key, 'attempts', -1) < 1 then redis.call('HDEL', key, 'started_at') end
  redis.call('HSET', key, 'status', 'queued')
  redis.call('HDEL', key, 'owner', 'worker')
  redis.call('RPUSH', jobs, id)
end
