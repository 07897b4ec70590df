//! Where a trace comes from.

use super::varint::{self, Cursor, Missing};

/// What a trace says of itself before its first operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceHeader {
    /// What was recorded, such as `ring` or `lox:fib.lox`.
    pub source: String,
    /// What made the trace, such as `tenure 0.1.0`.
    pub made_by: String,
    /// The parameters of the program, and whatever else is needed to do it again: names and values.
    pub parameters: Vec<(String, String)>,
    /// What is known of each part, in the order of [`Part::ALL`].
    pub parts: [Evidence; Part::ALL.len()],
}

/// A part of what programs do to their memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How large objects are.
    Sizes,
    /// In which order they are allocated.
    Order,
    /// When they die.
    Lifetimes,
    /// What they refer to when they are new.
    References,
    /// What is stored into them later.
    Stores,
    /// What is referred to from outside the heap.
    Roots,
    /// Which memory off the heap they own.
    External,
    /// What the program asks the heap for, such as collections.
    Requests,
}

/// How a part of a trace has come to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Evidence {
    /// The trace does not have it.
    #[default]
    Absent = 0,
    /// A real program has done so.
    Recorded = 1,
    /// It was made up.
    Synthetic = 2,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 8] = [
        Part::Sizes,
        Part::Order,
        Part::Lifetimes,
        Part::References,
        Part::Stores,
        Part::Roots,
        Part::External,
        Part::Requests,
    ];

    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::Sizes => "sizes",
            Part::Order => "order",
            Part::Lifetimes => "lifetimes",
            Part::References => "references",
            Part::Stores => "stores",
            Part::Roots => "roots",
            Part::External => "external",
            Part::Requests => "requests",
        }
    }
}

impl Evidence {
    const ALL: [Evidence; 3] = [Evidence::Absent, Evidence::Recorded, Evidence::Synthetic];

    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Absent => "absent",
            Evidence::Recorded => "recorded",
            Evidence::Synthetic => "synthetic",
        }
    }
}

impl TraceHeader {
    /// What is known of `part`.
    #[must_use]
    pub fn evidence(&self, part: Part) -> Evidence {
        self.parts[part as usize]
    }

    /// Says how `part` has come to be.
    #[must_use]
    pub fn with(mut self, part: Part, evidence: Evidence) -> Self {
        self.parts[part as usize] = evidence;
        self
    }

    /// The payload of its block.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        varint::push_text(&mut bytes, &self.source);
        varint::push_text(&mut bytes, &self.made_by);
        varint::push(&mut bytes, self.parameters.len() as u64);
        for (name, value) in &self.parameters {
            varint::push_text(&mut bytes, name);
            varint::push_text(&mut bytes, value);
        }
        varint::push(&mut bytes, self.parts.len() as u64);
        self.parts.iter().for_each(|evidence| varint::push(&mut bytes, *evidence as u64));
        bytes
    }

    /// Reads the payload of its block.
    pub(super) fn read(payload: &[u8]) -> Result<TraceHeader, Missing> {
        let cursor = &mut Cursor::new(payload, 0);
        let (source, made_by) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
        let mut parameters = Vec::new();
        for _ in 0..cursor.number()? {
            parameters.push((cursor.text()?.to_owned(), cursor.text()?.to_owned()));
        }
        let mut header = TraceHeader { source, made_by, parameters, ..TraceHeader::default() };
        // Parts that a later minor change adds come last; they are passed over.
        for index in 0..cursor.number()? {
            let at = cursor.at();
            let evidence = usize::try_from(cursor.number()?).ok().and_then(|code| Evidence::ALL.get(code));
            let evidence = *evidence.ok_or(Missing { at, what: "how a part has come to be" })?;
            if let Some(part) = header.parts.get_mut(index as usize) {
                *part = evidence;
            }
        }
        Ok(header)
    }
}
