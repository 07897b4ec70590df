//! What a trace consists of.

use gc_core::Budget;
use gc_core::event::Nanos;
use gc_core::record::Request;

/// An object, as a trace refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TraceRef {
    /// One that was allocated since the last point: so many others have been allocated after it.
    Recent(u32),
    /// The one that has this name now.
    Named(u32),
}

/// One operation of a trace.
///
/// Whoever carries them out holds every object that has been allocated since the last [`TraceOp::Point`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceOp {
    /// An object is allocated; its places hold null.
    Allocate {
        /// Number of the shape in the trace.
        shape: u32,
        /// Elements or bytes; 0 if the form has no length.
        length: u32,
        /// The name that it is referred to by after the next point; without one it never is.
        name: Option<u32>,
    },
    /// A place of an object is given a reference, or null.
    Store {
        /// The object.
        holder: TraceRef,
        /// Which of its slots or values.
        place: u32,
        /// What it is to refer to.
        target: Option<TraceRef>,
    },
    /// A root is given a reference, or null. Roots are numbered without gaps and refer to nothing at first.
    Root {
        /// The number of the root.
        root: u32,
        /// What it is to refer to.
        target: Option<TraceRef>,
    },
    /// A name will be given to another object: the one that had it is dead.
    Die {
        /// The name.
        name: u32,
    },
    /// What has been allocated since the last one is held no longer.
    Point,
    /// The program asks the heap for something.
    Request(Request),
}

/// The number of a request in a file, and the amount that follows if there is one.
pub(super) fn code_of(request: Request) -> (u64, Option<u64>) {
    match request {
        Request::Minor => (0, None),
        Request::Full => (1, None),
        Request::Compact => (2, None),
        Request::Step(Budget::Work(work)) => (3, Some(work)),
        Request::Step(Budget::Time(time)) => (4, Some(time.0)),
    }
}

/// The request with this number; `amount` reads the amount, if there is to be one.
pub(super) fn request_of<E>(
    code: u64,
    amount: impl FnOnce() -> Result<u64, E>,
) -> Result<Option<Request>, E> {
    Ok(Some(match code {
        0 => Request::Minor,
        1 => Request::Full,
        2 => Request::Compact,
        3 => Request::Step(Budget::Work(amount()?)),
        4 => Request::Step(Budget::Time(Nanos(amount()?))),
        _ => return Ok(None),
    }))
}
