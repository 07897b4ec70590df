-- Fibonacci numbers by the doubly recursive definition.
--
-- Stresses calls of a global function and arithmetic on small numbers. It
-- allocates nothing.

-- Prints numbers as Lox does.
local function show(value)
  if type(value) == "number" then return string.format("%g", value) end
  return tostring(value)
end

local function fib(n)
  if n < 2 then
    return n
  end
  return fib(n - 1) + fib(n - 2)
end

local sum = 0
for n = 0, 26 do
  sum = sum + fib(n)
end
print(show(sum))
print(show(fib(35) - 9000000))
