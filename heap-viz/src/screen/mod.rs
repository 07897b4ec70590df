//! The live view: what a heap does, on a screen of text, while it does it.
//!
//! A [`Tap`] listens to a heap, or to a recording that is read, on the thread that does that, and passes on what it
//! hears. A [`Screen`] is what is known so far: a plain value, which [`draw()`] draws. A [`Gate`] holds the heap between
//! two pauses for as long as whoever looks wants to look. Nothing here knows a terminal: the command does.
//!
//! ```
//! use gc_core::{Config, Heap};
//! use heap_viz::RunInfo;
//! use heap_viz::screen::{Gate, Palette, Screen, Source, Tap, draw};
//! use heap_viz::Shared;
//! use ratatui::{Terminal, backend::TestBackend};
//!
//! let (tap, told) = Tap::new(Source::Heap, Gate::open());
//! let tap = Shared::new(tap);
//! let mut heap = Heap::new(Config::default())?;
//! heap.set_sink(Box::new(tap.clone()));
//! heap.watch(Box::new(tap));
//! heap.collect_minor();
//! let mut screen = Screen::default();
//! told.try_iter().for_each(|one| screen.take(one));
//! let mut terminal = Terminal::new(TestBackend::new(80, 24))?;
//! terminal.draw(|frame| draw(&screen, Palette::PLAIN, frame))?;
//! assert!(terminal.backend().to_string().contains("requested"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod draw;
mod gate;
mod key;
mod page_map;
mod rates;
mod state;
mod tap;
#[cfg(test)]
mod tests;

pub use draw::{Palette, draw, draw_step};
pub use gate::{Gate, Order, Speed, Stop};
pub use page_map::{MapPage, PageMap, PageState};
pub use rates::Rates;
pub use state::{Ending, Motion, Screen};
pub use tap::{Source, Tap, Told};
