//! The first line: what runs, how far it has come, and how it goes on.

use super::{Canvas, Paint};
use crate::quantity::{Share, Time};
use crate::run::Verdict;
use crate::screen::state::{Ending, Motion, Screen};
use ratatui::layout::{Alignment, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

const KEYS: &str = "? help  q quit ";

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (paint, state) = state(screen);
    let text = [" ".to_string() + &screen.run.workload, Time(screen.at).to_string()];
    let done = screen.share_done.filter(|_| !screen.has_ended()).map(|share| format!("{}", Share(share)));
    let run = (screen.runs > 1).then(|| format!("run {}", screen.runs));
    let text: Vec<_> = text.into_iter().chain(done).chain(run).collect();
    let line =
        Line::from(vec![canvas.span(Paint::Title, text.join("  ")), "  ".into(), canvas.span(paint, state)]);
    let room = usize::from(area.width).saturating_sub(line.width() + 1);
    canvas.frame.render_widget(Paragraph::new(line), area);
    if room >= KEYS.len() {
        let keys = Line::from(canvas.span(Paint::Faint, KEYS)).alignment(Alignment::Right);
        let right = Rect { x: area.right() - KEYS.len() as u16, width: KEYS.len() as u16, ..area };
        canvas.frame.render_widget(Paragraph::new(keys), right);
    }
}

fn state(screen: &Screen) -> (Paint, String) {
    match (&screen.ending, screen.motion) {
        (Some(Ending::Of(Verdict::Passed { .. })), _) => (Paint::Good, "passed".into()),
        (Some(Ending::Of(Verdict::Failed { reason })), _) => (Paint::Bad, format!("failed: {reason}")),
        (Some(Ending::Broken(problem)), _) => (Paint::Bad, format!("broken off: {problem}")),
        (None, Motion::Held) => (Paint::Title, "held: space, s or c go on".into()),
        (None, Motion::Running) => (Paint::Faint, format!("speed {}", screen.speed.name())),
    }
}
