-- A splay tree: binary search tree that brings each node it touches to its
-- root. The keys come from a pseudo-random generator; the tree is filled with
-- 8000 nodes, each with a payload of small objects and strings, and from then
-- on for each node put in one is taken out.
--
-- Stresses a large live heap that changes steadily: old objects are made to
-- refer to new ones all the time, and objects die at any age.

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

-- Rounds down, for numbers below 2 to the 51st: adding 2 to the 52nd rounds to
-- a whole number.
local function floor(x)
  local r = x + 4503599627370496.0 - 4503599627370496.0
  if r > x then
    return r - 1
  end
  return r
end

local seed = 271828

-- The next pseudo-random whole number from 1 to 2147483646.
local function random()
  local t = seed * 16807
  seed = t - floor(t / 2147483647) * 2147483647
  return seed
end

local Leaf = class()

function Leaf:init(key)
  self.key = key
  self.text = "leaf"
end

function Leaf.new(key)
  local o = setmetatable({}, Leaf)
  Leaf.init(o, key)
  return o
end

local Branch = class()

function Branch:init(left, right)
  self.left = left
  self.right = right
end

function Branch.new(left, right)
  local o = setmetatable({}, Branch)
  Branch.init(o, left, right)
  return o
end

local function payload(depth, key)
  if depth == 0 then
    return Leaf.new(key)
  end
  return Branch.new(payload(depth - 1, key), payload(depth - 1, key))
end

local Node = class()

function Node:init(key, value)
  self.key = key
  self.value = value
  self.left = nil
  self.right = nil
end

function Node.new(key, value)
  local o = setmetatable({}, Node)
  Node.init(o, key, value)
  return o
end

local SplayTree = class()

function SplayTree:init()
  self.root = nil
  self.size = 0
  -- Gathers, while splaying, the trees of smaller and of larger keys: the
  -- smaller hang at its right, the larger at its left.
  self.header = Node.new(0, nil)
end

-- Brings the node with the key, or one next to where it would be, to the
-- root. The tree must not be empty.
function SplayTree:splay(key)
  local header = self.header
  header.left = nil
  header.right = nil
  local smaller = header
  local larger = header
  local at = self.root
  local done = false
  while not done do
    if key < at.key then
      local left = at.left
      if left ~= nil and key < left.key then
        at.left = left.right
        left.right = at
        at = left
        left = at.left
      end
      if left == nil then
        done = true
      else
        larger.left = at
        larger = at
        at = left
      end
    elseif key > at.key then
      local right = at.right
      if right ~= nil and key > right.key then
        at.right = right.left
        right.left = at
        at = right
        right = at.right
      end
      if right == nil then
        done = true
      else
        smaller.right = at
        smaller = at
        at = right
      end
    else
      done = true
    end
  end
  smaller.right = at.left
  larger.left = at.right
  at.left = header.right
  at.right = header.left
  header.left = nil
  header.right = nil
  self.root = at
end

function SplayTree:has(key)
  if self.root == nil then
    return false
  end
  self:splay(key)
  return self.root.key == key
end

-- Says whether the key was new.
function SplayTree:insert(key, value)
  if self.root == nil then
    self.root = Node.new(key, value)
    self.size = 1
    return true
  end
  self:splay(key)
  local root = self.root
  if root.key == key then
    return false
  end
  local node = Node.new(key, value)
  if key > root.key then
    node.left = root
    node.right = root.right
    root.right = nil
  else
    node.right = root
    node.left = root.left
    root.left = nil
  end
  self.root = node
  self.size = self.size + 1
  return true
end

-- Takes out the node with the key, which must be there, and returns it.
function SplayTree:remove(key)
  self:splay(key)
  local node = self.root
  if node.left == nil then
    self.root = node.right
  else
    local right = node.right
    self.root = node.left
    self:splay(key)
    self.root.right = right
  end
  self.size = self.size - 1
  return node
end

-- The greatest key below the given one, or nil.
function SplayTree:below(key)
  self:splay(key)
  local at = self.root
  if at.key < key then
    return at.key
  end
  at = at.left
  if at == nil then
    return nil
  end
  while at.right ~= nil do
    at = at.right
  end
  return at.key
end

function SplayTree.new()
  local o = setmetatable({}, SplayTree)
  SplayTree.init(o)
  return o
end

local tree = SplayTree.new()

local function insertNew()
  local key = random()
  while tree:has(key) do
    key = random()
  end
  tree:insert(key, payload(4, key))
  return key
end

for i = 0, 7999 do
  insertNew()
end
print(show(tree.size))

local sum = 0
local smallest = 0
for i = 0, 69999 do
  local key = insertNew()
  local victim = tree:below(key)
  if victim == nil then
    victim = key
    smallest = smallest + 1
  end
  local value = tree:remove(victim).value
  sum = sum + value.left.right.left.right.key
  sum = sum - floor(sum / 99991) * 99991
end
print(show(tree.size))
print(show(smallest))
print(show(sum))

-- The keys in order, taken out one by one.
local count = 0
local last = 0
local ordered = true
while tree.root ~= nil do
  tree:splay(0)
  local key = tree.root.key
  if key <= last then
    ordered = false
  end
  last = key
  tree:remove(key)
  count = count + 1
end
print(show(count))
print(show(ordered))
