-- A cache: 20000 entries, found by their key through a hashed directory and
-- linked in the order of their last use. Each look-up of a key that is missing
-- puts in a new entry and evicts the one not used for the longest time. A
-- second, smaller cache evicts in the order of entry.
--
-- Stresses a large and long-lived heap whose oldest objects are those that
-- die: what an entry refers to is as old as itself. Entries are relinked
-- steadily, so old objects refer to new ones.

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

-- Rounds down, for numbers below 2 to the 51st: adding 2 to the 52nd rounds to
-- a whole number.
local function floor(x)
  local r = x + 4503599627370496.0 - 4503599627370496.0
  if r > x then
    return r - 1
  end
  return r
end

local seed = 31415926

-- The next pseudo-random number, above 0 and below 1.
local function random()
  local t = seed * 16807
  seed = t - floor(t / 2147483647) * 2147483647
  return seed / 2147483647
end

local Bucket = class()

function Bucket:init()
  self.first = nil
end

function Bucket:find(n)
  return self
end

function Bucket.new()
  local o = setmetatable({}, Bucket)
  Bucket.init(o)
  return o
end

-- Half of a directory: buckets below the middle and from it.
local Half = class()

function Half:init(from, to)
  self.middle = floor((from + to) / 2)
  if to - from == 2 then
    self.low = Bucket.new()
    self.high = Bucket.new()
  else
    self.low = Half.new(from, self.middle)
    self.high = Half.new(self.middle, to)
  end
end

function Half:find(n)
  if n < self.middle then
    return self.low:find(n)
  end
  return self.high:find(n)
end

function Half.new(from, to)
  local o = setmetatable({}, Half)
  Half.init(o, from, to)
  return o
end

local Value = class()

function Value:init(key, text)
  self.key = key
  self.text = text .. "."
end

function Value.new(key, text)
  local o = setmetatable({}, Value)
  Value.init(o, key, text)
  return o
end

local Entry = class()

function Entry:init(key, bucket)
  self.key = key
  self.value = Value.new(key, "value")
  self.uses = 0
  -- In the bucket's chain, and in the order of use.
  self.bucket = bucket
  self.chain = bucket.first
  self.older = nil
  self.newer = nil
end

function Entry.new(key, bucket)
  local o = setmetatable({}, Entry)
  Entry.init(o, key, bucket)
  return o
end

local Cache = class()

function Cache:init(buckets, capacity)
  self.buckets = buckets
  self.directory = Half.new(0, buckets)
  self.capacity = capacity
  self.size = 0
  self.oldest = nil
  self.newest = nil
  self.hits = 0
  self.misses = 0
end

function Cache:bucketOf(key)
  -- The key's bits are mixed by a multiplication; the bucket is the part
  -- after the point.
  local h = key * 0.6180339887498949
  return self.directory:find((h - floor(h)) * self.buckets)
end

function Cache:append(entry)
  entry.newer = nil
  entry.older = self.newest
  if self.newest == nil then
    self.oldest = entry
  else
    self.newest.newer = entry
  end
  self.newest = entry
end

function Cache:unlink(entry)
  local older = entry.older
  local newer = entry.newer
  if older == nil then
    self.oldest = newer
  else
    older.newer = newer
  end
  if newer == nil then
    self.newest = older
  else
    newer.older = older
  end
end

function Cache:evict()
  local entry = self.oldest
  self:unlink(entry)
  local bucket = entry.bucket
  if bucket.first == entry then
    bucket.first = entry.chain
  else
    local at = bucket.first
    while at.chain ~= entry do
      at = at.chain
    end
    at.chain = entry.chain
  end
  self.size = self.size - 1
end

function Cache:used(entry)
end

function Cache:get(key)
  local bucket = self:bucketOf(key)
  local entry = bucket.first
  while entry ~= nil and entry.key ~= key do
    entry = entry.chain
  end
  if entry ~= nil then
    self.hits = self.hits + 1
    entry.uses = entry.uses + 1
    self:used(entry)
    return entry.value
  end
  self.misses = self.misses + 1
  if self.size == self.capacity then
    self:evict()
  end
  entry = Entry.new(key, bucket)
  bucket.first = entry
  self:append(entry)
  self.size = self.size + 1
  return entry.value
end

function Cache.new(buckets, capacity)
  local o = setmetatable({}, Cache)
  Cache.init(o, buckets, capacity)
  return o
end

-- Evicts by last use.
local LruCache = subclass(Cache)

function LruCache:used(entry)
  if entry == self.newest then
    return
  end
  self:unlink(entry)
  self:append(entry)
end

function LruCache.new(buckets, capacity)
  local o = setmetatable({}, LruCache)
  LruCache.init(o, buckets, capacity)
  return o
end

-- Evicts by entry.
local FifoCache = subclass(Cache)

function FifoCache.new(buckets, capacity)
  local o = setmetatable({}, FifoCache)
  FifoCache.init(o, buckets, capacity)
  return o
end

local lru = LruCache.new(8192, 20000)
local fifo = FifoCache.new(1024, 4000)

local sum = 0
for i = 0, 299999 do
  -- Small keys are frequent, large ones rare.
  local r = random()
  local key = floor(r * r * r * 60000)
  sum = sum + lru:get(key).key
  if i / 2 == floor(i / 2) then
    sum = sum + fifo:get(key).key
  end
  sum = sum - floor(sum / 99991) * 99991
end
print(show(lru.size))
print(show(lru.hits))
print(show(lru.misses))
print(show(fifo.hits))
print(show(fifo.misses))
print(show(sum))

-- The entries in the order of their last use.
local count = 0
local uses = 0
local e = lru.oldest
while e ~= nil do
  count = count + 1
  uses = uses + e.uses
  if e.value.text ~= "value." then
    print("wrong")
  end
  e = e.newer
end
print(show(count))
print(show(uses))
