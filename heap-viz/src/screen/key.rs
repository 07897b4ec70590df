//! What keys do.

use super::gate::{Order, Stop};
use super::state::{Motion, Screen};

/// The keys, as the help tells them.
pub(super) const KEYS: [(&str, &str); 6] = [
    ("space", "hold the heap after the next pause, or let it go on"),
    ("s", "go on to the next pause: one collection, or one step of marking or sweeping"),
    ("c", "go on to the next collection"),
    ("+  -", "faster, slower: the heap's clock against the one on the wall"),
    ("?", "show or hide this help"),
    ("q", "quit"),
];

impl Screen {
    /// Takes note of a key, and tells what the heap is to do about it, if anything.
    pub fn press(&mut self, key: char) -> Option<Order> {
        match key {
            ' ' => Some(self.hold_or_go_on()),
            's' => Some(self.step(Stop::Pause)),
            'c' => Some(self.step(Stop::Collection)),
            '+' | '=' => self.change_speed(self.speed.faster()),
            '-' => self.change_speed(self.speed.slower()),
            'q' => Some(Order::Quit),
            '?' | 'h' => {
                self.shows_help = !self.shows_help;
                None
            }
            _ => None,
        }
    }

    fn hold_or_go_on(&mut self) -> Order {
        let (motion, order) = match self.motion {
            Motion::Running => (Motion::Held, Order::Hold),
            Motion::Held => (Motion::Running, Order::GoOn),
        };
        self.motion = motion;
        order
    }

    fn step(&mut self, stop: Stop) -> Order {
        self.motion = Motion::Held;
        Order::Step(stop)
    }

    fn change_speed(&mut self, speed: super::Speed) -> Option<Order> {
        let changed = speed != self.speed;
        self.speed = speed;
        changed.then_some(Order::Pace(speed))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Order, Screen, Speed, Stop};

    #[test]
    fn keys_hold_step_and_change_speed() {
        let mut screen = Screen::new(Speed::default());
        let orders = [' ', 's', ' ', 'c', ' ', '-', '+', 'q', 'x', '?'].map(|key| screen.press(key));
        let slower = Speed::default().slower();
        let expected = [
            Some(Order::Hold),
            Some(Order::Step(Stop::Pause)),
            Some(Order::GoOn),
            Some(Order::Step(Stop::Collection)),
            Some(Order::GoOn),
            Some(Order::Pace(slower)),
            Some(Order::Pace(Speed::default())),
            Some(Order::Quit),
            None,
            None,
        ];
        assert_eq!(orders, expected);
    }

    #[test]
    fn the_fastest_speed_becomes_no_faster() {
        let mut screen = Screen::new(Speed::FULL);
        assert_eq!(screen.press('+'), None);
    }
}
