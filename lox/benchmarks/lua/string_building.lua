-- String building: words are put together from syllables chosen by a
-- pseudo-random generator, and sentences from words; some are kept in a ring
-- of 2000 and compared with later ones.
--
-- Stresses the making of short strings (many of them equal) and of medium ones
-- (nearly all different), the comparison of strings and, where strings are
-- interned, the table of all of them. Most strings die young.

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

local seed = 42

-- The next pseudo-random whole number below n.
local function random(n)
  local t = seed * 16807
  seed = t - floor(t / 2147483647) * 2147483647
  return floor(seed / 2147483647 * n)
end

local Cell = class()

function Cell:init(text, next)
  self.text = text
  self.next = next
end

function Cell.new(text, next)
  local o = setmetatable({}, Cell)
  Cell.init(o, text, next)
  return o
end

-- Eight syllables, chosen by three comparisons.
local function syllable()
  local n = random(8)
  if n < 4 then
    if n < 2 then
      if n < 1 then
        return "ba"
      end
      return "ke"
    end
    if n < 3 then
      return "lo"
    end
    return "ti"
  end
  if n < 6 then
    if n < 5 then
      return "mur"
    end
    return "sen"
  end
  if n < 7 then
    return "dra"
  end
  return "pho"
end

-- A word of one to three syllables.
local function word()
  local w = syllable()
  local more = random(3)
  for i = 0, more - 1 do
    w = w .. syllable()
  end
  return w
end

-- A sentence of four to nine words.
local function sentence()
  local s = word()
  local more = 3 + random(6)
  for i = 0, more - 1 do
    s = s .. " " .. word()
  end
  return s .. "."
end

local first = Cell.new("", nil)
local ring = first
for i = 1, 1999 do
  ring = Cell.new("", ring)
end
first.next = ring

local equalWords = 0
local equalSentences = 0
local oldSentences = 0
for i = 0, 119999 do
  if word() == word() then
    equalWords = equalWords + 1
  end
  local s = sentence()
  if s == ring.text then
    equalSentences = equalSentences + 1
  end
  if ring.text ~= "" then
    oldSentences = oldSentences + 1
  end
  ring.text = s
  ring = ring.next
end

print(show(equalWords))
print(show(equalSentences))
print(show(oldSentences))
print(show(ring.text))
print(show(ring.next.text))
print(show(seed - floor(seed / 100000) * 100000))
