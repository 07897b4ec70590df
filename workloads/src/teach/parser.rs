//! Tokens made into statements.

use super::amount::Amount;
use super::figure::Figure;
use super::settings::{Setting, defaults};
use super::syntax::{Action, Assertion, Comparison, Made, Path, SlotPath, Statement, Value};
use super::token::{Token, TokenKind, tokens};
use super::{FIGURES, Place, SETTINGS, Script, ScriptError};
use gc_core::snapshot::Space;
use gc_core::{Budget, Config, Heap};
use std::ops::RangeInclusive;

/// Words that are no names of variables.
pub const WORDS: [&str; 21] = [
    "heap",
    "drop",
    "fill",
    "scavenge",
    "full",
    "compact",
    "step",
    "repeat",
    "try",
    "assert",
    "why",
    "null",
    "node",
    "array",
    "bytes",
    "buffer",
    "weak",
    "ephemeron",
    "in",
    "age",
    "off",
];

/// Blocks nest no deeper than this: each one is a stack frame of the parser and of the machine.
const MAX_DEPTH: u32 = 16;

/// How many slots and raw bytes a node may have.
const NODE_SLOTS: RangeInclusive<u64> = 0..=32_767;
const NODE_BYTES: RangeInclusive<u64> = 0..=262_144;
/// How long an array, an object of bytes or a buffer may be.
const LENGTH: RangeInclusive<u64> = 0..=1 << 30;
/// How often a block may be repeated.
const REPEATS: RangeInclusive<u64> = 0..=1_000_000;
/// How much garbage a statement may make.
const FILL: RangeInclusive<u64> = 0..=1 << 40;

/// Reads a script, token by token.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token<'t>>>,
    depth: u32,
}

type Parsed<T> = Result<T, ScriptError>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parsed<Self> {
        Ok(Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0 })
    }

    /// A whole script.
    pub(super) fn script(mut self) -> Parsed<Script> {
        let mut config = defaults();
        self.skip_ends();
        while self.take_word("heap").is_some() {
            self.setting(&mut config)?;
            self.end()?;
        }
        let statements = self.statements(TokenKind::Finish)?;
        Ok(Script { config, statements })
    }

    fn setting(&mut self, config: &mut Config) -> Parsed<()> {
        let (place, name) = self.word("a setting")?;
        let setting = Setting::find(name).ok_or_else(|| {
            let known = SETTINGS.map(|setting| setting.name).join("`, `");
            ScriptError::mistake(place, format!("there is no setting `{name}`; there are `{known}`"))
        })?;
        let place = self.place();
        let amount = if self.take_word("off").is_some() { Amount::Off } else { self.amount()? };
        let problem = match setting.apply(config, amount) {
            Err(expected) => format!("`{name}` must be {expected}"),
            Ok(()) => match config.validate() {
                Err(error) => error.to_string(),
                Ok(()) => return Ok(()),
            },
        };
        Err(ScriptError::mistake(place, problem))
    }

    /// Statements up to a token, which is taken.
    fn statements(&mut self, last: TokenKind<'_>) -> Parsed<Vec<Statement>> {
        let mut statements = Vec::new();
        loop {
            self.skip_ends();
            if self.peek() == last {
                self.next();
                return Ok(statements);
            }
            statements.push(self.statement()?);
            if self.peek() != last {
                self.end()?;
            }
        }
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let place = self.place();
        let action = match self.peek() {
            TokenKind::Word(word) if !WORDS.contains(&word) => self.assign_or_store(false)?,
            TokenKind::Word(word) => {
                self.next();
                self.action(word, place)?
            }
            other => {
                return Err(ScriptError::mistake(place, format!("a statement is expected, not {other}")));
            }
        };
        Ok(Statement { place, action })
    }

    /// What a statement does that starts with a word of the language.
    fn action(&mut self, word: &str, place: Place) -> Parsed<Action> {
        Ok(match word {
            "scavenge" => Action::Collect(Heap::collect_minor),
            "full" => Action::Collect(Heap::collect_full),
            "compact" => Action::Collect(Heap::compact),
            "drop" => Action::Drop(self.names()?),
            "fill" => Action::Fill(self.bytes(FILL)?),
            "step" => Action::Step(self.budget()?),
            "repeat" => self.repeat(place)?,
            "try" => self.assign_or_store(true)?,
            "assert" => Action::Assert(self.assertion()?),
            "why" => {
                let path = self.path()?;
                Action::Why { name: path.text(), path: Some(path) }
            }
            "heap" => {
                let problem = "settings of the heap come before all other statements";
                return Err(ScriptError::mistake(place, problem));
            }
            _ => return Err(ScriptError::mistake(place, format!("no statement starts with `{word}`"))),
        })
    }

    fn assign_or_store(&mut self, may_be_refused: bool) -> Parsed<Action> {
        let mut path = self.path()?;
        self.sign("=")?;
        match path.slots.pop() {
            None => Ok(Action::Assign { name: path.name, value: self.value(true)?, may_be_refused }),
            Some(_) if may_be_refused => {
                Err(ScriptError::mistake(path.place, "`try` is for variables: `try NAME = ...`"))
            }
            Some(index) => {
                Ok(Action::Store { slot: SlotPath { holder: path, index }, value: self.value(false)? })
            }
        }
    }

    /// What is stored; weak references are stored in variables only.
    fn value(&mut self, may_be_weak: bool) -> Parsed<Value> {
        let (place, word) = match self.peek() {
            TokenKind::Word(word) if WORDS.contains(&word) => self.word("a value")?,
            _ => return self.path().map(Value::Of),
        };
        Ok(match word {
            "null" => Value::Null,
            "weak" if may_be_weak => Value::Weak(self.path()?),
            "weak" => {
                let problem = "slots hold no weak references: use an ephemeron";
                return Err(ScriptError::mistake(place, problem));
            }
            "node" => Value::New(self.node()?),
            "array" => Value::New(Made::Array { slots: self.count(LENGTH)? as u32 }),
            "bytes" => Value::New(Made::Bytes { length: self.bytes(LENGTH)? as u32 }),
            "buffer" => Value::New(Made::Buffer { bytes: self.bytes(LENGTH)? as u32 }),
            "ephemeron" => Value::New(Made::Ephemeron { key: self.path()?, value: self.path()? }),
            _ => return Err(ScriptError::mistake(place, format!("`{word}` is no value"))),
        })
    }

    fn node(&mut self) -> Parsed<Made> {
        let slots = self.count(NODE_SLOTS)? as u16;
        let bytes = if self.take_word("bytes").is_some() { self.bytes(NODE_BYTES)? as u32 } else { 0 };
        Ok(Made::Node { slots, bytes })
    }

    fn repeat(&mut self, place: Place) -> Parsed<Action> {
        let count = self.count(REPEATS)?;
        self.sign("{")?;
        if self.depth == MAX_DEPTH {
            return Err(ScriptError::mistake(place, format!("blocks nest no deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let body = self.statements(TokenKind::Sign("}"))?;
        self.depth -= 1;
        Ok(Action::Repeat { count, body })
    }

    fn assertion(&mut self) -> Parsed<Assertion> {
        if let TokenKind::Word(word) = self.peek()
            && let Some(figure) = Figure::find(word)
        {
            self.next();
            let (comparison, amount) = self.compared()?;
            return Ok(Assertion::Figure(figure, comparison, amount));
        }
        let path = self.path().map_err(|error| error.and(&known_figures()))?;
        let (place, next) = (self.place(), self.peek());
        self.next();
        match next {
            TokenKind::Word("in") => Ok(Assertion::In(path, self.space()?)),
            TokenKind::Word("age") => {
                let (comparison, age) = self.compared()?;
                Ok(Assertion::Age(path, comparison, age))
            }
            TokenKind::Sign("=") if self.take_word("null").is_some() => Ok(Assertion::Same(path, None)),
            TokenKind::Sign("=") => Ok(Assertion::Same(path, Some(self.path()?))),
            other => {
                let error =
                    ScriptError::mistake(place, format!("`in`, `age` or `=` is expected, not {other}"));
                // A misspelt figure looks like a variable.
                Err(if path.slots.is_empty() { error.and(&known_figures()) } else { error })
            }
        }
    }

    fn space(&mut self) -> Parsed<Space> {
        match self.word("a space")? {
            (_, "new") => Ok(Space::New),
            (_, "old") => Ok(Space::Old),
            (_, "large") => Ok(Space::Large),
            (place, word) => {
                Err(ScriptError::mistake(place, format!("there is no space `{word}`: use new, old or large")))
            }
        }
    }

    /// `3`, `= 3`, `<= 3` or `>= 3`.
    fn compared(&mut self) -> Parsed<(Comparison, u64)> {
        let comparison = match self.peek() {
            TokenKind::Sign("=") => Comparison::Equal,
            TokenKind::Sign("<=") => Comparison::AtMost,
            TokenKind::Sign(">=") => Comparison::AtLeast,
            _ => return Ok((Comparison::Equal, self.bytes(0..=u64::MAX)?)),
        };
        self.next();
        Ok((comparison, self.bytes(0..=u64::MAX)?))
    }

    /// How much a step may do: a number of objects or pages, or a time.
    fn budget(&mut self) -> Parsed<Budget> {
        let place = self.place();
        match self.amount()? {
            Amount::Plain(work) => Ok(Budget::Work(work)),
            Amount::Time(time) => Ok(Budget::Time(time)),
            Amount::Bytes(_) | Amount::Off => {
                let problem = "a step is given a number of objects or a time, such as 100 or 500us";
                Err(ScriptError::mistake(place, problem))
            }
        }
    }

    fn bytes(&mut self, range: RangeInclusive<u64>) -> Parsed<u64> {
        let place = self.place();
        match self.amount()? {
            Amount::Plain(value) | Amount::Bytes(value) => within(value, range, place),
            Amount::Time(_) | Amount::Off => Err(ScriptError::mistake(place, "a time has no meaning here")),
        }
    }

    fn count(&mut self, range: RangeInclusive<u64>) -> Parsed<u64> {
        let place = self.place();
        match self.amount()? {
            Amount::Plain(value) => within(value, range, place),
            _ => Err(ScriptError::mistake(place, "a number without a unit is expected")),
        }
    }

    fn amount(&mut self) -> Parsed<Amount> {
        let place = self.place();
        let (value, unit) = match self.next().kind {
            TokenKind::Number { value, unit } => (value, unit),
            other => return Err(ScriptError::mistake(place, format!("a number is expected, not {other}"))),
        };
        Amount::of(value, unit).map_err(|problem| ScriptError::mistake(place, problem))
    }

    /// A variable, and the slots to follow from it.
    fn path(&mut self) -> Parsed<Path> {
        let (place, name) = self.name()?;
        let mut slots = Vec::new();
        while self.peek() == TokenKind::Sign(".") {
            self.next();
            slots.push(self.count(LENGTH)? as u32);
        }
        Ok(Path { place, name: name.into(), slots })
    }

    fn names(&mut self) -> Parsed<Vec<(Place, String)>> {
        let mut names = Vec::new();
        loop {
            let (place, name) = self.name()?;
            names.push((place, name.into()));
            if self.peek() != TokenKind::Sign(",") {
                return Ok(names);
            }
            self.next();
        }
    }

    /// The name of a variable.
    fn name(&mut self) -> Parsed<(Place, &'t str)> {
        let (place, name) = self.word("a variable")?;
        if WORDS.contains(&name) {
            return Err(ScriptError::mistake(
                place,
                format!("`{name}` is a word of the language, no variable"),
            ));
        }
        if Figure::find(name).is_some() {
            return Err(ScriptError::mistake(place, format!("`{name}` is a figure of asserts, no variable")));
        }
        Ok((place, name))
    }

    fn word(&mut self, what: &str) -> Parsed<(Place, &'t str)> {
        let token = self.next();
        match token.kind {
            TokenKind::Word(word) => Ok((token.place, word)),
            other => Err(ScriptError::mistake(token.place, format!("{what} is expected, not {other}"))),
        }
    }

    /// Takes a word of the language, if it comes next.
    fn take_word(&mut self, word: &str) -> Option<()> {
        (self.peek() == TokenKind::Word(word)).then(|| {
            self.next();
        })
    }

    fn sign(&mut self, sign: &str) -> Parsed<()> {
        let token = self.next();
        match token.kind {
            TokenKind::Sign(found) if found == sign => Ok(()),
            other => Err(ScriptError::mistake(token.place, format!("`{sign}` is expected, not {other}"))),
        }
    }

    fn end(&mut self) -> Parsed<()> {
        match self.peek() {
            TokenKind::End | TokenKind::Finish => {
                self.skip_ends();
                Ok(())
            }
            other => {
                let problem = format!("the end of the statement is expected, not {other}");
                Err(ScriptError::mistake(self.place(), problem))
            }
        }
    }

    fn skip_ends(&mut self) {
        while self.peek() == TokenKind::End {
            self.next();
        }
    }

    fn peek(&mut self) -> TokenKind<'t> {
        self.tokens.peek().map_or(TokenKind::Finish, |token| token.kind)
    }

    fn place(&mut self) -> Place {
        self.tokens.peek().map_or(Place { line: 1, column: 1 }, |token| token.place)
    }

    /// The next token; the last is there for good.
    fn next(&mut self) -> Token<'t> {
        match self.peek() {
            TokenKind::Finish => Token { place: self.place(), kind: TokenKind::Finish },
            _ => self.tokens.next().expect("it was there"),
        }
    }
}

fn within(value: u64, range: RangeInclusive<u64>, place: Place) -> Parsed<u64> {
    if range.contains(&value) {
        return Ok(value);
    }
    let problem = format!("{value} must lie between {} and {}", range.start(), range.end());
    Err(ScriptError::mistake(place, problem))
}

/// The figures that an assert could be about.
fn known_figures() -> String {
    format!("; figures are {}", FIGURES.map(|figure| figure.name).join(", "))
}
