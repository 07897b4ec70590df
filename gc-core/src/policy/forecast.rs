//! How long a pause is likely to take.

use crate::event::Nanos;

/// What pauses of one kind are expected to take: as long as the longest of the latest, less an eighth for each one since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast(Nanos);

impl Forecast {
    /// Takes note of a pause.
    pub fn note(&mut self, duration: Nanos) {
        let faded = self.0.0 - self.0.0 / 8;
        self.0 = Nanos(duration.0.max(faded));
    }

    /// How long the next one is expected to take; nothing before the first.
    #[must_use]
    pub fn expected(&self) -> Nanos {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Forecast;
    use crate::event::Nanos;

    #[test]
    fn the_longest_pause_is_forgotten_little_by_little() {
        let mut forecast = Forecast::default();
        let expected = [80, 10, 10, 70, 100].map(|duration| {
            forecast.note(Nanos(duration));
            forecast.expected().0
        });
        assert_eq!(expected, [80, 70, 62, 70, 100]);
    }
}
