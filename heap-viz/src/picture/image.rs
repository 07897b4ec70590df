//! Images of figures, for documents that cannot show SVG.

use super::figure::{Figure, UseIn};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use thiserror::Error;

/// Dots for each unit of a figure, so that letters are sharp on screens of today and in print.
const DOTS_PER_UNIT: f32 = 2.0;
/// The family of [`epaint_default_fonts::UBUNTU_LIGHT`]. Machines without fonts have it too.
const FONT_FAMILY: &str = "Ubuntu";

/// A figure as a PNG image, in the light theme.
#[derive(Clone, Debug)]
pub struct Image {
    png: Vec<u8>,
}

/// Why a figure has not become an image.
#[derive(Debug, Error)]
pub enum ImageError {
    /// It is not drawn.
    #[error("it cannot be drawn: {0}")]
    Drawing(#[from] resvg::usvg::Error),
    /// It has too many dots.
    #[error("it is too large: {width} x {height} dots")]
    TooLarge {
        /// Dots in a line.
        width: u32,
        /// Lines of dots.
        height: u32,
    },
    /// Its dots are not encoded.
    #[error("it cannot be encoded: {0}")]
    Encoding(String),
}

impl Image {
    /// Draws a figure.
    ///
    /// # Errors
    /// If it is too large for an image.
    pub fn of(figure: Figure<'_>) -> Result<Self, ImageError> {
        let svg = Figure { use_in: UseIn::Image, ..figure }.to_string();
        let tree = Tree::from_str(&svg, &options())?;
        let size = tree.size().to_int_size();
        let [width, height] = [size.width(), size.height()].map(|units| units * DOTS_PER_UNIT as u32);
        let mut dots = Pixmap::new(width, height).ok_or(ImageError::TooLarge { width, height })?;
        resvg::render(&tree, Transform::from_scale(DOTS_PER_UNIT, DOTS_PER_UNIT), &mut dots.as_mut());
        let png = dots.encode_png().map_err(|problem| ImageError::Encoding(problem.to_string()))?;
        Ok(Image { png })
    }

    /// The bytes of its file.
    #[must_use]
    pub fn as_png(&self) -> &[u8] {
        &self.png
    }
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    fonts.set_sans_serif_family(FONT_FAMILY);
    Options { fontdb: fonts.into(), font_family: FONT_FAMILY.into(), ..Options::default() }
}
