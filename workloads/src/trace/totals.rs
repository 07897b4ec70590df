//! What there is in a trace, in figures.

use super::op::TraceOp;
use super::varint::{self, Cursor, Missing};

/// How much of everything there is in a trace: its footer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Objects allocated.
    pub allocations: u64,
    /// How many of them have names.
    pub named: u64,
    /// References, or null, stored into objects. Those that they are born with count if they are not null.
    pub stores: u64,
    /// Changes of roots.
    pub roots: u64,
    /// Deaths of objects with names.
    pub deaths: u64,
    /// Points.
    pub points: u64,
    /// Requests to the heap.
    pub requests: u64,
    /// Size of all objects, headers included, in bytes.
    pub object_bytes: u64,
    /// Size of what buffers own off the heap, in bytes.
    pub external_bytes: u64,
    /// Size of all objects that were not known to be dead, headers included, in bytes, when that was most.
    pub peak_bytes: u64,
    /// Shapes.
    pub shapes: u64,
}

impl Totals {
    /// Operations of all kinds but points, which cost nothing.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.allocations + self.stores + self.roots + self.deaths + self.requests
    }

    /// Counts an operation.
    #[inline]
    pub(super) fn count(&mut self, op: &TraceOp) {
        match op {
            TraceOp::Allocate { name, .. } => {
                self.allocations += 1;
                self.named += u64::from(name.is_some());
            }
            TraceOp::Store { .. } => self.stores += 1,
            TraceOp::Root { .. } => self.roots += 1,
            TraceOp::Die { .. } => self.deaths += 1,
            TraceOp::Point => self.points += 1,
            TraceOp::Request(_) => self.requests += 1,
        }
    }

    /// What a reader counts anew: all but the peak.
    pub(super) fn counts(&self) -> [u64; 10] {
        [
            self.allocations,
            self.named,
            self.stores,
            self.roots,
            self.deaths,
            self.points,
            self.requests,
            self.shapes,
            self.object_bytes,
            self.external_bytes,
        ]
    }

    /// The payload of the footer.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.counts()
            .into_iter()
            .chain([self.peak_bytes])
            .for_each(|number| varint::push(&mut bytes, number));
        bytes
    }

    /// Reads the payload of the footer.
    pub(super) fn read(payload: &[u8]) -> Result<Totals, Missing> {
        let cursor = &mut Cursor::new(payload, 0);
        Ok(Totals {
            allocations: cursor.number()?,
            named: cursor.number()?,
            stores: cursor.number()?,
            roots: cursor.number()?,
            deaths: cursor.number()?,
            points: cursor.number()?,
            requests: cursor.number()?,
            shapes: cursor.number()?,
            object_bytes: cursor.number()?,
            external_bytes: cursor.number()?,
            peak_bytes: cursor.number()?,
        })
    }
}
