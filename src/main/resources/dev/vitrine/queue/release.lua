-- Hands jobs back as if they had not been taken. ARGV: id and token of every delivery, the longest waiting first.
-- Returns how many were handed back. Pushed in reverse, so that the longest waiting is again the next to be taken.
local released = 0
for i = #ARGV - 1, 1, -2 do
  if holds(ARGV[i], ARGV[i + 1]) then
    release(ARGV[i])
    released = released + 1
  end
end
return released
