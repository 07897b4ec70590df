-- Instantiation: very many instances of several classes are made, used once
-- and dropped; every hundredth is kept for a while in a ring of 1000.
--
-- Stresses the making of instances: with no initialiser, with initialisers of
-- one to eight fields, and with initialisers that call their superclass's.
-- Nearly everything dies young.

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

-- Prints numbers as Lox does.
local function show(value)
  if type(value) == "number" then return string.format("%g", value) end
  return tostring(value)
end

local Empty = class()

function Empty.new()
  return setmetatable({}, Empty)
end

local One = class()

function One:init(a)
  self.a = a
end

function One.new(a)
  local o = setmetatable({}, One)
  One.init(o, a)
  return o
end

local Point = class()

function Point:init(x, y)
  self.x = x
  self.y = y
end

function Point:sum()
  return self.x + self.y
end

function Point.new(x, y)
  local o = setmetatable({}, Point)
  Point.init(o, x, y)
  return o
end

local Point3 = subclass(Point)

function Point3:init(x, y, z)
  Point.init(self, x, y)
  self.z = z
end

function Point3:sum()
  return Point.sum(self) + self.z
end

function Point3.new(x, y, z)
  local o = setmetatable({}, Point3)
  Point3.init(o, x, y, z)
  return o
end

local Wide = class()

function Wide:init(a)
  self.a = a
  self.b = a + 1
  self.c = a + 2
  self.d = a + 3
  self.e = a + 4
  self.f = a + 5
  self.g = a + 6
  self.h = a + 7
end

function Wide.new(a)
  local o = setmetatable({}, Wide)
  Wide.init(o, a)
  return o
end

local Cell = class()

function Cell:init(next)
  self.next = next
  self.held = nil
end

function Cell.new(next)
  local o = setmetatable({}, Cell)
  Cell.init(o, next)
  return o
end

-- The ring in which some are kept.
local first = Cell.new(nil)
local ring = first
for i = 1, 999 do
  ring = Cell.new(ring)
end
first.next = ring

local function run(rounds)
  local check = 0
  for i = 0, rounds - 1 do
    for j = 0, 99 do
      local e = Empty.new()
      if e == nil then
        check = check + 1
      end
      local o = One.new(j)
      local p = Point.new(j, 1)
      local q = Point3.new(j, 2, 3)
      check = check + o.a + p:sum() + q:sum()
      if check > 100000 then
        check = check - 100000
      end
    end
    local w = Wide.new(i)
    check = check + w.h - w.a
    ring.held = w
    ring = ring.next
  end
  return check
end

print(show(run(16000)))

local kept = 0
local sum = 0
for i = 0, 999 do
  sum = sum + ring.held.h - ring.held.b
  kept = kept + 1
  ring = ring.next
end
print(show(kept))
print(show(sum))
