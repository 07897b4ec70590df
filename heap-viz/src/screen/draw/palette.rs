//! Colours, and what does without.

use gc_core::event::PauseKind;
use gc_core::map::AreaKind;
use ratatui::style::{Color, Modifier, Style};

/// The colours of a screen. Nothing is told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    has_colours: bool,
}

/// What has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Title,
    Faint,
    Young,
    Old,
    Large,
    Minor,
    Step,
    Full,
    Chosen,
    Good,
    Bad,
}

impl Palette {
    /// No colours.
    pub const PLAIN: Palette = Palette { has_colours: false };
    /// The sixteen colours that every terminal has, as its theme shows them.
    pub const COLOURED: Palette = Palette { has_colours: true };

    /// Coloured unless the user wants none (`NO_COLOR`).
    #[must_use]
    pub fn of_user() -> Self {
        Palette { has_colours: crate::report::wants_colour() }
    }

    pub(super) fn style(self, paint: Paint) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        if !self.has_colours {
            let is_strong = matches!(paint, Paint::Title | Paint::Good | Paint::Bad);
            return if is_strong { bold } else { Style::new() };
        }
        match paint {
            Paint::Title => bold,
            Paint::Faint => Style::new().fg(Color::DarkGray),
            Paint::Young | Paint::Minor => Style::new().fg(Color::Green),
            Paint::Old | Paint::Step => Style::new().fg(Color::Blue),
            Paint::Large => Style::new().fg(Color::Cyan),
            Paint::Chosen => Style::new().fg(Color::Yellow),
            Paint::Full => Style::new().fg(Color::Magenta),
            Paint::Good => bold.fg(Color::Green),
            Paint::Bad => bold.fg(Color::Red),
        }
    }
}

impl Paint {
    pub(super) fn of_kind(kind: PauseKind) -> Paint {
        match kind {
            PauseKind::Minor => Paint::Minor,
            PauseKind::Step => Paint::Step,
            PauseKind::Full | PauseKind::Finish => Paint::Full,
        }
    }

    pub(super) fn of_area(kind: AreaKind) -> Paint {
        match kind {
            AreaKind::ActiveSemispace | AreaKind::IdleSemispace => Paint::Young,
            AreaKind::OldPage => Paint::Old,
            AreaKind::YoungLarge | AreaKind::OldLarge => Paint::Large,
        }
    }
}
