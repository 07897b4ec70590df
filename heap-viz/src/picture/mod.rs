//! Pictures: where everything lies in a heap, drawn.
//!
//! - A [`Figure`] shows a small heap object by object, as SVG: at one moment, or what a pause makes of it;
//!   an [`Image`] is one as PNG.
//! - A [`Film`] records a whole run, which can be [stepped through](Film::steps) in text if the heap is small, and a [`FilmPage`] plays it: small heaps by figures, large ones block by block.

mod figure;
mod film;
mod image;
mod layout;
mod look;
mod sight;
mod svg;
#[cfg(test)]
mod tests;

pub use figure::{Figure, Scene, TextLine, TextPart, UseIn};
pub use film::{Film, FilmPage, FilmStep};
pub use image::{Image, ImageError};
pub use layout::Layout;
pub use look::Look;
pub use sight::Sight;

/// What old space takes at a time.
pub(crate) const PAGE_BYTES: u64 = 256 << 10;
