//! How a text report looks.

/// How a text report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of a line. Tables take 80, whatever this says.
    pub width: usize,
    /// Whether headings and verdicts are coloured.
    pub colour: bool,
}

/// What has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Heading,
    Good,
    Notice,
    Problem,
    Failure,
}

impl Style {
    /// For files and pipes: 80 columns, no colours.
    pub const PLAIN: Style = Style { width: 80, colour: false };
    /// Fewer columns leave no room beside the headings.
    const LEAST_WIDTH: usize = 60;
    /// Longer lines are hard to read.
    const MOST_WIDTH: usize = 120;

    /// For a terminal of so many columns, if they are known; coloured unless the user wants none (`NO_COLOR`).
    #[must_use]
    pub fn of_terminal(columns: Option<usize>) -> Self {
        Style { colour: wants_colour(), ..Style::PLAIN }.with_width(columns.unwrap_or(Style::PLAIN.width))
    }

    /// With lines of so many columns, as far as they can be read.
    #[must_use]
    pub fn with_width(self, columns: usize) -> Self {
        Style { width: columns.clamp(Style::LEAST_WIDTH, Style::MOST_WIDTH), ..self }
    }

    /// The text, in colour if colours are wanted.
    pub(super) fn paint(self, paint: Paint, text: &str) -> String {
        if self.colour { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.into() }
    }
}

/// Whether the user wants colours on a terminal: see <https://no-color.org>.
pub(crate) fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Paint {
    /// Codes of ECMA-48, which terminals show in colours of their theme.
    fn code(self) -> &'static str {
        match self {
            Paint::Heading => "1",
            Paint::Good => "1;32",
            Paint::Notice => "1;33",
            Paint::Problem => "1;35",
            Paint::Failure => "1;31",
        }
    }
}
