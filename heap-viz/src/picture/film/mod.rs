//! Films: a whole run, pause by pause.

mod blocks;
mod page;
mod purse;
mod reel;
mod step;
mod words;

use super::figure::Scene;
use super::layout::Layout;
use super::sight::Sight;
use blocks::{BlockSurvey, Blocks};
use gc_core::event::{Nanos, Pause, PauseKind};
use gc_core::map::{HeapMap, Move, Place};
use gc_core::{Glimpse, Moment, Watcher};
pub use page::FilmPage;
use purse::Purse;
use reel::{Rank, Reel, Shot};
use std::collections::BTreeMap;
pub use step::FilmStep;
use words::{Caption, caption};

/// A heap of more than this is not looked at object by object.
const MOST_SMALL_BYTES: u64 = 16 << 20;
/// Frames that are kept of a small heap.
const MOST_SMALL_FRAMES: usize = 160;
/// Frames that are kept of a large one.
const MOST_LARGE_FRAMES: usize = 120;
/// Bytes of a large heap that are looked at for each byte allocated, for frames evenly spread.
const LOOK_EVENLY: u64 = 3;
/// The same for the longest pauses.
const LOOK_AT_LONGEST: u64 = 1;

/// A film of one run. It grows while it watches a heap, in bounded memory: the frames that it keeps are spread evenly
/// over what the program allocates, and the longest pauses are among them as far as looking at them is not too dear. Of
/// each marking in steps there are two frames, and of each pause that moves old objects one, as long as there are not too
/// many.
///
/// A heap of few objects is filmed object by object. As soon as there are too many for that, the film becomes one
/// of blocks.
///
/// ```
/// use gc_core::{Config, Heap};
/// use heap_viz::Shared;
/// use heap_viz::picture::{Film, FilmPage};
///
/// let film = Shared::new(Film::new("an empty heap"));
/// let mut heap = Heap::new(Config::default())?;
/// heap.watch(Box::new(film.clone()));
/// heap.collect_minor();
/// let page = FilmPage(&[&*film.lock()]).to_string();
/// assert!(page.contains("an empty heap"));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Film {
    title: String,
    names: BTreeMap<Place, String>,
    /// What the program had allocated by the last pause.
    allocated_bytes: u64,
    type_names: Vec<String>,
    before: Option<Before>,
    marking: Marking,
    recording: Recording,
    evenly: Purse,
    longest: Purse,
}

/// How far a marking in steps has come, as far as frames show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marking {
    /// None is under way.
    None,
    /// There has been a step.
    Begun { marked_bytes: u64 },
    /// As many bytes have been marked as half of the old generation has.
    Half,
}

impl Marking {
    /// How far it is after a step that has marked so much.
    fn after_step(self, marked_bytes: u64, old_bytes: u64) -> Self {
        match self {
            // A step may sweep, too.
            Marking::None if marked_bytes == 0 => self,
            Marking::None => Marking::Begun { marked_bytes },
            Marking::Begun { marked_bytes: before } if 2 * (before + marked_bytes) < old_bytes => {
                Marking::Begun { marked_bytes: before + marked_bytes }
            }
            Marking::Begun { .. } | Marking::Half => Marking::Half,
        }
    }

    /// Whether it has got from one of its stages to the next.
    fn has_advanced_from(self, earlier: Self) -> bool {
        self != Marking::None && std::mem::discriminant(&self) != std::mem::discriminant(&earlier)
    }
}

/// The frames so far.
#[derive(Debug)]
enum Recording {
    Small(Reel<SmallFrame>),
    Large(Reel<LargeFrame>),
}

/// What was seen at the start of the pause that is under way.
#[derive(Debug)]
enum Before {
    Small(Sight),
    Large(Blocks),
}

/// A small heap, object by object.
#[derive(Debug)]
struct SmallFrame {
    at: Option<Nanos>,
    caption: Caption,
    shown: SmallShown,
}

#[derive(Debug)]
enum SmallShown {
    Still(Sight),
    Pause { before: Sight, after: Sight, moves: Vec<Move> },
}

/// A large heap, block by block.
#[derive(Debug)]
struct LargeFrame {
    at: Option<Nanos>,
    caption: Caption,
    /// What it looked like before the pause, if that was looked at.
    before: Option<Blocks>,
    after: Blocks,
}

impl Film {
    /// A film without a frame.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Film {
            title: title.into(),
            names: BTreeMap::new(),
            allocated_bytes: 0,
            type_names: Vec::new(),
            before: None,
            marking: Marking::None,
            recording: Recording::Small(Reel::new(MOST_SMALL_FRAMES)),
            evenly: Purse::new(LOOK_EVENLY),
            longest: Purse::new(LOOK_AT_LONGEST),
        }
    }

    /// Adds a frame of a heap between two pauses, if the heap is small and looks otherwise than in the last such frame of this
    /// title. Objects keep the names that they have in it. `allocated_bytes` are what the program has allocated so far.
    pub fn add_still(
        &mut self,
        title: &str,
        text: &str,
        allocated_bytes: u64,
        sight: impl FnOnce() -> Sight,
    ) {
        if matches!(self.recording, Recording::Large(_)) {
            return;
        }
        let sight = sight().with_names_of_dead(&self.names);
        let caption = Caption { title: title.into(), text: text.into() };
        if !self.ends_with(&caption, &sight) && self.fits(&[&sight]) {
            self.names = sight.names().clone();
            let frame = SmallFrame { at: None, caption, shown: SmallShown::Still(sight) };
            self.push_small(Shot { allocated_bytes, duration: Nanos(0), rank: Rank::Ordinary, frame });
        }
    }

    /// Whether the last frame is this one already.
    fn ends_with(&self, caption: &Caption, sight: &Sight) -> bool {
        let Recording::Small(reel) = &self.recording else { return false };
        let is_same = |frame: &SmallFrame| {
            frame.caption == *caption && matches!(&frame.shown, SmallShown::Still(last) if last == sight)
        };
        reel.shots().last().is_some_and(|shot| is_same(&shot.frame))
    }

    /// What the frames of a small heap show, with their titles, and a layout for all; `None` if the heap is not small.
    #[must_use]
    pub fn scenes(&self) -> Option<(Layout, Vec<(&str, Scene<'_>)>)> {
        let Recording::Small(reel) = &self.recording else { return None };
        let frames = reel.shots().map(|shot| (&*shot.frame.caption.title, shot.frame.scene()));
        Some((self.layout_with(&[])?, frames.collect()))
    }

    /// Whether the film goes on object by object with these sights; if not, it becomes one of blocks.
    fn fits(&mut self, sights: &[&Sight]) -> bool {
        if self.layout_with(sights).is_none() {
            self.become_large();
        }
        matches!(self.recording, Recording::Small(_))
    }

    /// A layout for all frames of a small heap and more sights.
    fn layout_with(&self, sights: &[&Sight]) -> Option<Layout> {
        let Recording::Small(reel) = &self.recording else { return None };
        let so_far = reel.shots().flat_map(|shot| shot.frame.sights());
        Layout::of(so_far.chain(sights.iter().copied()))
    }

    fn become_large(&mut self) {
        if let Recording::Small(reel) = &mut self.recording {
            let reel = std::mem::replace(reel, Reel::new(0));
            self.recording = Recording::Large(reel.map(MOST_LARGE_FRAMES, SmallFrame::into_large));
        }
    }

    fn push_small(&mut self, shot: Shot<SmallFrame>) {
        if let Recording::Small(reel) = &mut self.recording {
            reel.push(shot);
        }
    }

    fn look_before(&mut self, glimpse: &Glimpse<'_>) {
        self.before = None;
        if self.may_be_small(glimpse) {
            let sight = Sight::new(glimpse.map_with_references()).with_names(std::mem::take(&mut self.names));
            self.before = self.fits(&[&sight]).then_some(Before::Small(sight));
        }
        if self.is_due(glimpse) {
            self.evenly.spend(glimpse.usage().heap_used());
            self.before = Some(Before::Large(survey(glimpse)));
        }
    }

    /// Whether it is worth while to look at every object.
    fn may_be_small(&mut self, glimpse: &Glimpse<'_>) -> bool {
        if glimpse.usage().heap_used() > MOST_SMALL_BYTES {
            self.become_large();
        }
        matches!(self.recording, Recording::Small(_))
    }

    fn look_after(&mut self, glimpse: &Glimpse<'_>, pause: &Pause) {
        self.allocated_bytes += pause.allocated_bytes_before;
        self.type_names = glimpse.type_names().map(Into::into).collect();
        let rank = self.rank(glimpse, pause);
        match self.before.take() {
            Some(Before::Small(before)) => self.add_small(glimpse, pause, rank, before),
            Some(Before::Large(before)) => self.add_large(glimpse, pause, rank, Some(before)),
            None => self.add_large(glimpse, pause, rank, None),
        }
    }

    /// Whether a pause shows what others do not: a marking that has begun or is half done, or old objects that move.
    fn rank(&mut self, glimpse: &Glimpse<'_>, pause: &Pause) -> Rank {
        let (earlier, usage) = (self.marking, glimpse.usage());
        self.marking = match pause.kind {
            PauseKind::Full | PauseKind::Finish => Marking::None,
            PauseKind::Step => earlier.after_step(pause.work.marked_bytes, usage.old_used + usage.large_used),
            PauseKind::Minor => earlier,
        };
        let is_milestone = self.marking.has_advanced_from(earlier) || pause.work.moved_objects > 0;
        if is_milestone { Rank::Milestone } else { Rank::Ordinary }
    }

    fn add_small(&mut self, glimpse: &Glimpse<'_>, pause: &Pause, rank: Rank, before: Sight) {
        let after = before.after(glimpse.map_with_references(), glimpse.moves);
        if !self.fits(&[&before, &after]) {
            return self.add_large(glimpse, pause, rank, Some(blocks(before.map())));
        }
        self.names = after.names().clone();
        let shown = SmallShown::Pause { before, after, moves: glimpse.moves.into() };
        let frame = SmallFrame { at: Some(pause.start), caption: caption(pause), shown };
        let (allocated_bytes, duration) = (self.allocated_bytes, pause.duration);
        self.push_small(Shot { allocated_bytes, duration, rank, frame });
    }

    fn add_large(&mut self, glimpse: &Glimpse<'_>, pause: &Pause, rank: Rank, before: Option<Blocks>) {
        // Whoever marks or moves everything looks at it anyway, however little has been allocated.
        if before.is_some() || rank == Rank::Milestone || self.is_due(glimpse) {
            self.evenly.spend(glimpse.usage().heap_used());
        } else if self.is_long(glimpse, pause) {
            self.longest.spend(glimpse.usage().heap_used());
        } else {
            return;
        }
        let (allocated_bytes, duration) = (self.allocated_bytes, pause.duration);
        if let Recording::Large(reel) = &mut self.recording {
            let after = survey(glimpse);
            let frame = LargeFrame { at: Some(pause.start), caption: caption(pause), before, after };
            reel.push(Shot { allocated_bytes, duration, rank, frame });
        }
    }

    /// Whether a frame is due, before or after a pause. The end of a marking looks at everything anyway.
    fn is_due(&self, glimpse: &Glimpse<'_>) -> bool {
        let Recording::Large(reel) = &self.recording else { return false };
        let affords = || self.evenly.affords(glimpse.usage().heap_used(), self.allocated_bytes);
        let ends_marking = matches!(glimpse.kind, PauseKind::Full | PauseKind::Finish);
        ends_marking || (reel.is_due(self.allocated_bytes) && affords())
    }

    /// Whether a pause is shown because of its length.
    fn is_long(&self, glimpse: &Glimpse<'_>, pause: &Pause) -> bool {
        let Recording::Large(reel) = &self.recording else { return false };
        let affords = || self.longest.affords(glimpse.usage().heap_used(), self.allocated_bytes);
        reel.is_long(pause.duration) && affords()
    }
}

fn survey(glimpse: &Glimpse<'_>) -> Blocks {
    let mut survey = BlockSurvey::new(glimpse.usage().heap_total());
    glimpse.visit_areas(&mut |area| survey.add(area));
    survey.end()
}

/// The block map of what has been looked at object by object.
fn blocks(map: &HeapMap) -> Blocks {
    let mut survey = BlockSurvey::new(map.areas().map(|area| area.size_bytes).sum());
    map.areas().for_each(|area| survey.add(area));
    survey.end()
}

impl Watcher for Film {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        match (glimpse.moment, glimpse.pause) {
            (Moment::After, Some(pause)) => self.look_after(glimpse, pause),
            _ => self.look_before(glimpse),
        }
    }
}

impl SmallFrame {
    fn scene(&self) -> Scene<'_> {
        match &self.shown {
            SmallShown::Still(sight) => Scene::Still(sight),
            SmallShown::Pause { before, after, moves } => Scene::Pause { before, after, moves },
        }
    }

    fn sights(&self) -> impl Iterator<Item = &Sight> {
        let (first, second) = match &self.shown {
            SmallShown::Still(sight) => (sight, None),
            SmallShown::Pause { before, after, .. } => (before, Some(after)),
        };
        [Some(first), second].into_iter().flatten()
    }

    fn into_large(self) -> LargeFrame {
        let SmallFrame { at, caption, shown } = self;
        let (before, after) = match &shown {
            SmallShown::Still(sight) => (None, blocks(sight.map())),
            SmallShown::Pause { before, after, .. } => (Some(blocks(before.map())), blocks(after.map())),
        };
        LargeFrame { at, caption, before, after }
    }
}
