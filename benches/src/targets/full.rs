//! Whole collections of a large heap.

use super::{Limit, Measured, Report, Unit};
use crate::contest::Figures;
use crate::lists::{OldLists, phase};
use crate::settings::MIB;
use crate::survivors::Order;
use gc_core::event::{Pause, Phase};

/// What is alive.
const LIVE_BYTES: u64 = 1536 * MIB;

fn seconds(pause: &Pause) -> f64 {
    pause.duration.0 as f64 / 1e9
}

fn nanos_per_marked(pause: &Pause) -> f64 {
    let mark = phase(pause, Phase::Mark);
    mark.duration.0 as f64 / mark.work.marked_objects as f64
}

/// Marking and sweeping at once, and sliding, of 1.5 GiB.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    for (order, name, mark_limit, pause_limit) in
        [(Order::Address, "in address order", 5.0, 0.4), (Order::Shuffled, "shuffled", 12.0, 0.7)]
    {
        let mut lists = OldLists::new(LIVE_BYTES, order);
        // The first one touches the mark bits for the first time, and does not count.
        lists.collect();
        let pauses: Vec<_> = (0..repetitions).map(|_| lists.collect()).collect();
        let marked = figures(&pauses, nanos_per_marked);
        report.row(format!("an object marked, {name}"), marked, Unit::Nanos, Limit::AtMost(mark_limit));
        let paused = figures(&pauses, seconds);
        report.row(format!("mark and sweep, {name}"), paused, Unit::Seconds, Limit::AtMost(pause_limit));
        let slid = figures(&[lists.compact()], seconds);
        report.row(format!("the same with a slide, {name}"), slid, Unit::Seconds, Limit::AtMost(1.5));
        lists.drop_every_second();
        let slid = lists.compact();
        report.row(
            format!("a slide into half the space, {name}"),
            figures(&[slid], seconds),
            Unit::Seconds,
            Limit::None,
        );
    }
    report.note("1.5 GiB of objects of 48 bytes in lists of 16");
}

fn figures(pauses: &[Pause], figure: impl Fn(&Pause) -> f64) -> Measured {
    Measured::from(&pauses.iter().map(figure).collect::<Figures>())
}
