-- Properties: instances used like maps and records. Fields are read and set
-- many times, on instances of one class, on instances of several classes at
-- one place, on instances whose fields came in different orders, and on
-- instances with many fields that are added one after the other.
--
-- Stresses the reading and setting of fields; the last part makes many
-- instances that grow, too.

local function class()
  local c = {}
  c.__index = c
  return c
end

-- Prints numbers as Lox does.
local function show(value)
  if type(value) == "number" then return string.format("%g", value) end
  return tostring(value)
end

local Account = class()

function Account:init(n)
  self.id = n
  self.balance = 100
  self.count = 0
  self.last = 0
end

function Account.new(n)
  local o = setmetatable({}, Account)
  Account.init(o, n)
  return o
end

local A = class()

function A:init()
  self.value = 1
  self.a = 0
end

function A.new()
  local o = setmetatable({}, A)
  A.init(o)
  return o
end

local B = class()

function B:init()
  self.b = 0
  self.value = 2
end

function B.new()
  local o = setmetatable({}, B)
  B.init(o)
  return o
end

local C = class()

function C:init()
  self.c = 0
  self.d = 0
  self.value = 3
end

function C.new()
  local o = setmetatable({}, C)
  C.init(o)
  return o
end

local D = class()

function D:init()
  self.e = 0
  self.f = 0
  self.g = 0
  self.value = 4
end

function D.new()
  local o = setmetatable({}, D)
  D.init(o)
  return o
end

local Bag = class()

function Bag.new()
  return setmetatable({}, Bag)
end

-- One class: each place sees instances of one shape.
local function transfer(rounds)
  local x = Account.new(1)
  local y = Account.new(2)
  for i = 0, rounds - 1 do
    x.balance = x.balance - 3
    y.balance = y.balance + 3
    x.count = x.count + 1
    y.count = y.count + x.count - y.count
    x.last = y.id
    y.last = x.id
    if x.balance < 0 then
      local z = x
      x = y
      y = z
    end
  end
  return x.balance + y.balance + x.last + y.last + x.count - y.count
end

-- Several classes at one place.
local function mixed(rounds)
  local a = A.new()
  local b = B.new()
  local c = C.new()
  local d = D.new()
  local sum = 0
  for i = 0, rounds - 1 do
    local o = a
    a = b
    b = c
    c = d
    d = o
    o.value = o.value + 1
    sum = sum + o.value
    if o.value > 100 then
      o.value = 0
    end
    if sum > 100000 then
      sum = sum - 100000
    end
  end
  return sum
end

-- One class whose fields came in different orders.
local function orders(rounds)
  local p = Bag.new()
  p.x = 1
  p.y = 2
  p.z = 3
  local q = Bag.new()
  q.z = 3
  q.y = 2
  q.x = 1
  local r = Bag.new()
  r.y = 2
  r.x = 1
  r.z = 3
  r.w = 4
  local sum = 0
  for i = 0, rounds - 1 do
    local o = p
    p = q
    q = r
    r = o
    local t = o.x
    o.x = o.y
    o.y = o.z
    o.z = t
    sum = sum + o.x * 2 + o.y
    if sum > 100000 then
      sum = sum - 100000
    end
  end
  return sum
end

-- Instances with many fields.
local function fill(o, n)
  o.alpha = n
  o.beta = n + 1
  o.gamma = n + 2
  o.delta = n + 3
  o.epsilon = n + 4
  o.zeta = n + 5
  o.eta = n + 6
  o.theta = n + 7
  o.iota = n + 8
  o.kappa = n + 9
  o.lambda = n + 10
  o.mu = n + 11
  o.nu = n + 12
  o.xi = n + 13
  o.omicron = n + 14
  o.pi = n + 15
  o.rho = n + 16
  o.sigma = n + 17
  o.tau = n + 18
  o.upsilon = n + 19
  return o
end

local function total(o)
  return o.upsilon + o.tau + o.sigma + o.rho + o.pi + o.omicron + o.xi + o.nu + o.mu + o.lambda + o.kappa + o.iota + o.theta + o.eta + o.zeta + o.epsilon + o.delta + o.gamma + o.beta + o.alpha
end

local function wide(rounds)
  local sum = 0
  for i = 0, rounds - 1 do
    local o = fill(Bag.new(), i)
    for j = 0, 4 do
      sum = sum + total(o) - 20 * i
    end
    fill(o, 1)
    sum = sum + o.mu - o.nu
    while sum > 100000 do
      sum = sum - 100000
    end
  end
  return sum
end

print(show(transfer(1500000)))
print(show(mixed(2500000)))
print(show(orders(1500000)))
print(show(wide(80000)))
