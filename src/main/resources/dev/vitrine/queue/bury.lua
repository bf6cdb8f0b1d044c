-- Gives a job up. ARGV: id, token, error, digest, s until the hash expires. Returns 1, or 0 when the lease is lost.
local id, token = ARGV[1], ARGV[2]
if not holds(id, token) then
  return already(id, token, 'failed') and 1 or 0
end
bury(id, now_ms(), ARGV[3], ARGV[4], ARGV[5])
return 1
