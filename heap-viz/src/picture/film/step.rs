//! A film of a small heap, step by step, in text.

use super::super::figure::{TextLine, text_lines};
use super::words::sentences;
use super::{Film, Recording};

/// A step of a film: nothing, or one object, has been moved since the one before, or the program has gone on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilmStep {
    /// What the program, or the collector, has done.
    pub title: String,
    /// More of it.
    pub text: String,
    /// What happens in this step.
    pub sentence: String,
    /// Where everything lies then.
    pub picture: Vec<TextLine>,
}

impl Film {
    /// All steps; `None` if the heap is not small.
    #[must_use]
    pub fn steps(&self) -> Option<Vec<FilmStep>> {
        let Recording::Small(reel) = &self.recording else { return None };
        let layout = self.layout_with(&[])?;
        let mut steps = Vec::new();
        for shot in reel.shots() {
            let (caption, scene) = (&shot.frame.caption, shot.frame.scene());
            steps.extend(sentences(&scene).into_iter().enumerate().map(|(step, sentence)| FilmStep {
                title: caption.title.clone(),
                text: caption.text.clone(),
                sentence,
                picture: text_lines(&layout, scene, step),
            }));
        }
        Some(steps)
    }
}
