//! The header of a capture.

use super::{Info, MAGIC, PythonAllocators};
use crate::import::ImportError;
use crate::import::stream::Stream;
use std::io::BufRead;

/// The version of the format that is read, and the memray that writes it.
const VERSION: u32 = 13;
const MEMRAY_VERSION: &str = "1.20";
/// The header's code of captures that hold each allocation.
const ALL_ALLOCATIONS: u8 = 0;

/// What is read of a header.
pub(super) struct Header {
    pub(super) info: Info,
    /// Whether allocations say from where in C they were made.
    pub(super) native_traces: bool,
}

impl Header {
    pub(super) fn read<R: BufRead>(stream: &mut Stream<R>) -> Result<Self, ImportError> {
        if stream.array()? != MAGIC {
            return Err(stream.corrupt(0, "not a capture of memray: it does not start with `memray`"));
        }
        check_version(stream)?;
        let [_, _, minor, major] = stream.array()?;
        let [native_traces, format] = stream.array()?;
        if format != ALL_ALLOCATIONS {
            let problem = "the capture holds sums only: make it without `--aggregate`";
            return Err(stream.corrupt(stream.offset() - 1, problem));
        }
        let _statistics: [u8; 32] = stream.array()?;
        let _command_line = stream.skip_text()?;
        let _process_thread_and_frames: [u8; 20] = stream.array()?;
        let [_python_allocator, traces_python, _tracks_objects] = stream.array()?;
        skip_paths(stream)?;
        let traced = if traces_python == 0 { PythonAllocators::Hidden } else { PythonAllocators::Traced };
        let info = Info { python: (major, minor), python_allocators: traced };
        Ok(Header { info, native_traces: native_traces != 0 })
    }
}

fn check_version<R: BufRead>(stream: &mut Stream<R>) -> Result<(), ImportError> {
    let start = stream.offset();
    let version = u32::from_le_bytes(stream.array()?);
    if version == VERSION {
        return Ok(());
    }
    let problem = format!(
        "the format is version {version}; this version reads {VERSION}, which memray {MEMRAY_VERSION} writes: \
         make the capture again with that"
    );
    Err(stream.corrupt(start, problem))
}

/// Passes over where Python looks for modules: one path, and two lists that end with an empty one.
fn skip_paths<R: BufRead>(stream: &mut Stream<R>) -> Result<(), ImportError> {
    stream.skip_text()?;
    for _ in 0..2 {
        while !stream.skip_text()?.is_empty() {}
    }
    Ok(())
}
