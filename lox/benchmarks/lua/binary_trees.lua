-- Binary trees: complete trees are built from the bottom up, counted by a
-- recursive method and dropped, while one tree lives to the end.
--
-- Stresses the allocation of small objects of one class, their marking, and
-- collections while most of the heap is dead. The calls are recursive
-- functions and methods.

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

local Tree = class()

function Tree:init(left, right)
  self.left = left
  self.right = right
end

function Tree:count()
  if self.left == nil then
    return 1
  end
  return 1 + self.left:count() + self.right:count()
end

function Tree.new(left, right)
  local o = setmetatable({}, Tree)
  Tree.init(o, left, right)
  return o
end

local function build(depth)
  if depth == 0 then
    return Tree.new(nil, nil)
  end
  return Tree.new(build(depth - 1), build(depth - 1))
end

local minDepth = 4
local maxDepth = 16

local stretch = build(maxDepth + 1)
print("nodes of the stretch tree:")
print(show(stretch:count()))
stretch = nil

local longLived = build(maxDepth)

local trees = 4
for d = minDepth, maxDepth - 1 do
  trees = trees * 2
end

for depth = minDepth, maxDepth, 3 do
  local nodes = 0
  for i = 0, trees - 1 do
    nodes = nodes + build(depth):count()
  end
  print("trees, depth, nodes per tree:")
  print(show(trees))
  print(show(depth))
  print(show(nodes / trees))
  trees = trees / 8
end

print("nodes of the long-lived tree:")
print(show(longLived:count()))
