//! The figures of `tenure script --figures`.

use super::args::ScriptArgs;
use super::failure::Failure;
use super::page::Page;
use heap_viz::picture::{Figure, Film, Image, Scene, UseIn};
use std::fs;
use std::path::Path;

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FigureFormat {
    Svg,
    Png,
}

impl FigureFormat {
    /// What the arguments ask for.
    pub(crate) fn of(args: &ScriptArgs) -> Self {
        if args.png { FigureFormat::Png } else { FigureFormat::Svg }
    }

    fn extension(self) -> &'static str {
        match self {
            FigureFormat::Svg => "svg",
            FigureFormat::Png => "png",
        }
    }

    fn write(self, figure: Figure<'_>, path: &Path) -> Result<(), Failure> {
        let page = Page::start(path)?;
        match self {
            FigureFormat::Svg => page.write("figure", figure),
            FigureFormat::Png => {
                let image =
                    Image::of(figure).map_err(|source| Failure::Image { path: path.into(), source })?;
                page.write_bytes("figure", image.as_png())
            }
        }
    }
}

/// Figures that are to be drawn.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Titles of frames, and captions.
    wanted: Vec<(String, String)>,
}

impl Figures {
    /// Asks for a figure of what the frame of this title shows, and of the pause before it, if there was one.
    pub(crate) fn want(&mut self, title: &str, caption: &str) {
        // Several statements of a line are one figure.
        if self.wanted.last().is_none_or(|(last, _)| last != title) {
            self.wanted.push((title.into(), caption.into()));
        }
    }

    /// Writes the figures of a script into `folder`, which is made if need be.
    pub(crate) fn write(
        &self,
        folder: &Path,
        script: &Path,
        film: &Film,
        format: FigureFormat,
    ) -> Result<(), Failure> {
        let failure = |problem| Failure::Figures { path: script.into(), problem };
        if self.wanted.is_empty() {
            return Err(failure("no statement has a comment behind it, which would be the caption"));
        }
        let (layout, frames) =
            film.scenes().ok_or_else(|| failure("its heap has too many objects to draw each"))?;
        fs::create_dir_all(folder).map_err(|source| Failure::Write { path: folder.into(), source })?;
        let stem = script.file_stem().unwrap_or_default().to_string_lossy();
        for (number, (title, caption)) in self.wanted.iter().enumerate() {
            let Some(scene) = scene(&frames, title) else { continue };
            let figure = Figure { layout: &layout, scene, caption, use_in: UseIn::Document };
            format.write(figure, &folder.join(format!("{stem}-{}.{}", number + 1, format.extension())))?;
        }
        Ok(())
    }
}

/// What the frame of this title shows: the last pause since the frame before it, or if there was none, itself.
fn scene<'a>(frames: &[(&str, Scene<'a>)], title: &str) -> Option<Scene<'a>> {
    let last = frames.iter().rposition(|(other, _)| *other == title)?;
    let is_pause = |scene: &Scene<'_>| matches!(scene, Scene::Pause { .. });
    let before = last.checked_sub(1).map(|index| frames[index].1).filter(is_pause);
    before.or(Some(frames[last].1))
}
