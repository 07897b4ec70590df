//! A step of a film, for who steps through it.

use super::{Canvas, Paint, Palette};
use crate::picture::{FilmStep, Look, TextLine};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

/// Draws a step, the `number`-th of `all`, on all of a frame.
pub fn draw_step(step: &FilmStep, number: usize, all: usize, palette: Palette, frame: &mut Frame<'_>) {
    let canvas = &mut Canvas { palette, frame };
    let texts = [Constraint::Length(1), Constraint::Length(2), Constraint::Min(3), Constraint::Length(4)];
    let [header, text, picture, sentence] = Layout::vertical(texts).areas(canvas.frame.area());
    let place = canvas.span(Paint::Faint, format!(" {number} of {all}  "));
    let title = canvas.span(Paint::Title, step.title.clone());
    canvas.frame.render_widget(Line::from(vec![place, title]), header);
    canvas.frame.render_widget(Paragraph::new(format!(" {}", step.text)).wrap(Wrap { trim: false }), text);
    let lines = step.picture.iter().map(|line| coloured(canvas, line)).collect();
    canvas.panel(picture, "Heap", lines);
    let keys = "space, n or right: next   b or left: back   q: quit";
    let words = Paragraph::new(step.sentence.clone()).wrap(Wrap { trim: true });
    let [above, below] = Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(sentence);
    canvas.frame.render_widget(words, above);
    canvas.frame.render_widget(Line::from(canvas.span(Paint::Faint, keys)), below);
}

fn coloured<'l>(canvas: &Canvas<'_, '_>, line: &'l TextLine) -> Line<'l> {
    let parts = line.0.iter().map(|part| match part.look {
        Some(look) => canvas.span(paint(look), &*part.text),
        None => (&*part.text).into(),
    });
    parts.collect()
}

fn paint(look: Look) -> Paint {
    match look {
        Look::Young | Look::Aged => Paint::Young,
        Look::Old => Paint::Old,
        Look::Large => Paint::Large,
        Look::Grey => Paint::Chosen,
        Look::White | Look::Black => Paint::Title,
        Look::Garbage | Look::Dead | Look::Freed => Paint::Bad,
        Look::Moved | Look::Free => Paint::Faint,
    }
}
