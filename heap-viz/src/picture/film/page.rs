//! Films as one page with a player, which opens in any browser and needs no network.

use super::super::figure::{Figure, UseIn};
use super::super::layout::Layout;
use super::super::look::Look;
use super::blocks::{Blocks, KINDS};
use super::reel::Shot;
use super::words::{Caption, sentences};
use super::{Film, LargeFrame, Recording, SmallFrame};
use crate::markup::{STYLE, begin_page, end_page};
use gc_core::event::Nanos;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

const FIGURE_STYLE: &str = include_str!("../../../assets/figure.css");
const FILM_STYLE: &str = include_str!("../../../assets/film.css");
const SCRIPT: &str = include_str!("../../../assets/film.js");

/// Writes films as one page, which shows one at a time.
#[derive(Clone, Copy, Debug)]
pub struct FilmPage<'a>(pub &'a [&'a Film]);

/// What the player plays.
#[derive(Serialize)]
struct Page<'a> {
    version: &'static str,
    /// What pages are used for, by numbers.
    kinds: [&'static str; KINDS.len()],
    looks: Vec<Legend>,
    films: Vec<Reels<'a>>,
}

/// An entry of the legend.
#[derive(Serialize)]
struct Legend {
    letter: char,
    name: &'static str,
    meaning: &'static str,
}

/// One film.
#[derive(Serialize)]
struct Reels<'a> {
    title: &'a str,
    types: &'a [String],
    frames: Vec<Frame<'a>>,
}

/// A frame, in steps: those of what a pause does, or before and after.
#[derive(Serialize)]
struct Frame<'a> {
    title: &'a str,
    text: &'a str,
    allocated_bytes: u64,
    at_ns: Option<u64>,
    duration_ns: u64,
    /// What is said in each step.
    sentences: Vec<String>,
    #[serde(flatten)]
    shown: Shown<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Shown<'a> {
    /// A figure, whose elements know in which steps they are there.
    Figure(String),
    /// Block maps, one a step.
    Blocks(Vec<&'a Blocks>),
}

impl Display for FilmPage<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let films = self.0.iter().map(|film| Reels::of(film)).collect();
        begin_page(f, &self.title(), &[STYLE, FIGURE_STYLE, FILM_STYLE])?;
        f.write_str("<noscript><p>A film needs scripts.</p></noscript>\n")?;
        end_page(f, &Page::of(films), &[SCRIPT])
    }
}

impl FilmPage<'_> {
    fn title(&self) -> String {
        match self.0 {
            [film] => format!("{} · film of a heap", film.title),
            films => format!("{} films of heaps", films.len()),
        }
    }
}

impl<'a> Page<'a> {
    fn of(films: Vec<Reels<'a>>) -> Self {
        let legend =
            |look: Look| Legend { letter: look.letter(), name: look.name(), meaning: look.meaning() };
        Page {
            version: env!("CARGO_PKG_VERSION"),
            kinds: KINDS.map(|(_, name)| name),
            looks: Look::ALL.into_iter().map(legend).collect(),
            films,
        }
    }
}

impl<'a> Reels<'a> {
    fn of(film: &'a Film) -> Self {
        let frames = match &film.recording {
            Recording::Small(reel) => {
                let layout =
                    film.layout_with(&[]).expect("each sight has been added because there was a layout");
                reel.shots().map(|shot| Frame::of_small(shot, &layout)).collect()
            }
            Recording::Large(reel) => reel.shots().map(Frame::of_large).collect(),
        };
        Reels { title: &film.title, types: &film.type_names, frames }
    }
}

impl<'a> Frame<'a> {
    fn of_small(shot: &'a Shot<SmallFrame>, layout: &Layout) -> Self {
        let SmallFrame { at, caption, .. } = &shot.frame;
        let scene = shot.frame.scene();
        let figure = Figure { layout, scene, caption: "", use_in: UseIn::Player }.to_string();
        Frame {
            sentences: sentences(&scene),
            shown: Shown::Figure(figure),
            ..Frame::new(shot, caption, *at, Vec::new())
        }
    }

    fn of_large(shot: &'a Shot<LargeFrame>) -> Self {
        let LargeFrame { at, caption, before, after } = &shot.frame;
        Frame::new(shot, caption, *at, before.iter().chain([after]).collect())
    }

    fn new<T>(shot: &Shot<T>, caption: &'a Caption, at: Option<Nanos>, blocks: Vec<&'a Blocks>) -> Self {
        let sentences = match blocks.len() {
            2 => vec!["Before the pause.".into(), "After it.".into()],
            _ => vec![String::new()],
        };
        Frame {
            title: &caption.title,
            text: &caption.text,
            allocated_bytes: shot.allocated_bytes,
            at_ns: at.map(|at| at.0),
            duration_ns: shot.duration.0,
            sentences,
            shown: Shown::Blocks(blocks),
        }
    }
}
