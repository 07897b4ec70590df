-- Method calls: of one class, of several classes at one place, through super,
-- through bound methods, and of closures held in fields.
--
-- Stresses the finding and calling of methods; it allocates little but the
-- bound methods of one loop.

local function class()
  local c = {}
  c.__index = c
  return c
end

-- A class with the methods of its superclass copied, as Lox does.
local function subclass(super)
  local c = {}
  for name, method in pairs(super) do c[name] = method end
  c.__index = c
  return c
end

local function bind(object, method)
  return function(...) return method(object, ...) end
end

-- Prints numbers as Lox does.
local function show(value)
  if type(value) == "number" then return string.format("%g", value) end
  return tostring(value)
end

local Counter = class()

function Counter:init()
  self.n = 0
end

function Counter:add(k)
  self.n = self.n + k
  return self
end

function Counter:get()
  return self.n
end

function Counter.new()
  local o = setmetatable({}, Counter)
  Counter.init(o)
  return o
end

local Shape = class()

function Shape:init(size)
  self.size = size
end

function Shape:area()
  return 0
end

function Shape:scaled(k)
  return self:area() * k
end

function Shape.new(size)
  local o = setmetatable({}, Shape)
  Shape.init(o, size)
  return o
end

local Square = subclass(Shape)

function Square:area()
  return self.size * self.size
end

function Square.new(size)
  local o = setmetatable({}, Square)
  Square.init(o, size)
  return o
end

local Triangle = subclass(Shape)

function Triangle:area()
  return self.size * self.size / 2
end

function Triangle.new(size)
  local o = setmetatable({}, Triangle)
  Triangle.init(o, size)
  return o
end

local Frame = subclass(Square)

function Frame:init(size, hole)
  Square.init(self, size)
  self.hole = hole
end

function Frame:area()
  return Square.area(self) - self.hole * self.hole
end

function Frame.new(size, hole)
  local o = setmetatable({}, Frame)
  Frame.init(o, size, hole)
  return o
end

local Cube = subclass(Frame)

function Cube:area()
  return Frame.area(self) * 6
end

function Cube.new(size, hole)
  local o = setmetatable({}, Cube)
  Cube.init(o, size, hole)
  return o
end

local function oneClass(rounds)
  local c = Counter.new()
  for i = 0, rounds - 1 do
    c:add(1):add(2):add(3):add(-5)
    c:add(c:get()):add(-c:get() / 2)
    if c:get() > 1000 then
      c:add(-1000)
    end
  end
  return c:get()
end

local function severalClasses(rounds)
  local a = Square.new(2)
  local b = Triangle.new(3)
  local c = Frame.new(5, 4)
  local d = Cube.new(3, 2)
  local sum = 0
  for i = 0, rounds - 1 do
    local s = a
    a = b
    b = c
    c = d
    d = s
    sum = sum + s:area() + s:scaled(2)
    if sum > 100000 then
      sum = sum - 100000
    end
  end
  return sum
end

local function bound(rounds)
  local c = Counter.new()
  for i = 0, rounds - 1 do
    local add = bind(c, c.add)
    add(1)
    add(2)
    local get = bind(c, c.get)
    if get() > 1000 then
      add(-1000)
    end
  end
  return c:get()
end

local function fields(rounds)
  local o = Counter.new()
  local total = 0
  local function plus(k)
    total = total + k
    if total > 1000 then
      total = total - 1000
    end
  end
  o.plus = plus
  for i = 0, rounds - 1 do
    o.plus(1)
    o.plus(i - i + 7)
  end
  return total
end

print(show(oneClass(1200345)))
print(show(severalClasses(1500001)))
print(show(bound(1000123)))
print(show(fields(2000077)))
