//! The figures of `docs/` are what the scripts beside them draw.

use crate::support::{Folder, command, printed, stderr, tenure};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn files(folder: &Path, extension: &str) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.filter(|path| path.extension().is_some_and(|one| one == extension)).collect()
}

fn names(paths: &BTreeSet<PathBuf>) -> BTreeSet<String> {
    paths.iter().map(|path| path.file_name().expect("a file").to_string_lossy().into()).collect()
}

#[test]
fn figures_of_the_documentation_are_drawn_from_runs() {
    let drawn = Folder::new();
    let figures = docs().join("figures");
    let scripts = files(&figures, "tenure");
    assert!(scripts.len() >= 8, "the scripts are found");
    for script in scripts {
        let output = command().arg("script").arg(&script).arg("--figures").arg(drawn.root()).output();
        printed(&output.expect("the command starts"));
    }
    assert_eq!(names(&files(drawn.root(), "svg")), names(&files(&figures, "svg")));
    for path in files(drawn.root(), "svg") {
        let name = path.file_name().expect("a file");
        let [new, old] = [&path, &figures.join(name)].map(|path| fs::read_to_string(path).expect("a figure"));
        let advice = "for each script: `tenure script SCRIPT --figures docs/figures`";
        assert!(new == old, "{} is not what its script draws: {advice}", name.display());
    }
}

#[test]
fn every_figure_is_shown_and_every_figure_shown_is_there() {
    let page = fs::read_to_string(docs().join("pictures.md")).expect("the page is there");
    let shown = page.split("](figures/").skip(1).filter_map(|rest| rest.split(')').next());
    let shown: BTreeSet<_> = shown.filter(|name| name.ends_with(".svg")).map(Into::into).collect();
    assert_eq!(shown, names(&files(&docs().join("figures"), "svg")));
}

/// A script's figures as images, by name.
fn images(script: &str) -> Vec<Pixmap> {
    let folder = Folder::new();
    let mut command = command();
    command.arg("script").arg(docs().join(script)).arg("--png").arg("--figures").arg(folder.root());
    printed(&command.output().expect("the command starts"));
    let image = |path| Pixmap::decode_png(&fs::read(path).expect("it is there")).expect("it is an image");
    files(folder.root(), "png").into_iter().map(image).collect()
}

/// How many of the dots have a colour.
fn dots(image: &Pixmap, of_red_green_blue: [u8; 3]) -> usize {
    let [red, green, blue] = of_red_green_blue;
    let of_colour = |dot: &&PremultipliedColorU8| [dot.red(), dot.green(), dot.blue()] == [red, green, blue];
    image.pixels().iter().filter(of_colour).count()
}

/// That styles, arrows and letters are there: a drawer that does not know a word of a style leaves out what it is about.
#[test]
fn figures_are_drawn_as_images() {
    let images = images("figures/scavenge.tenure");
    assert_eq!(
        images.len(),
        files(&docs().join("figures"), "svg").iter().filter(|path| is_of(path, "scavenge")).count()
    );
    for image in &images {
        let ink = [0x1c, 0x24, 0x30];
        assert_eq!(image.width(), 2 * 884);
        let bare = image.pixels().iter().filter(|dot| dot.alpha() < u8::MAX).count();
        assert!(bare < 400, "paper is all over it but at its round corners: {bare} dots are bare");
        assert!(dots(image, ink) > 500, "a caption is written on it");
        assert!(dots(image, [0x00, 0x7a, 0x5a]) > 100, "roots are drawn, with their heads");
    }
    assert!(dots(&images[0], [0xa9, 0xd8, 0xf5]) > 1_000, "young objects have their colour");
}

/// Whether it is one of a script's figures: `scavenge-1.svg`.
fn is_of(figure: &Path, script: &str) -> bool {
    let stem = figure.file_stem().expect("a file").to_string_lossy();
    stem.rsplit_once('-').is_some_and(|(name, _)| name == script)
}

/// Checks what is said if there can be no figures of a script, and that none are made.
#[track_caller]
fn check_refused(script: &str, message: &str) {
    let folder = Folder::new();
    let (file, drawn) = (folder.write("lesson.tenure", script), folder.path("drawn"));
    let output = tenure(&["script", &file, "--figures", &drawn]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(message), "{said}");
    assert_eq!(folder.names(), ["lesson.tenure"]);
}

#[test]
fn a_script_without_comments_has_no_figures() {
    check_refused("a = node 1\nscavenge\n", "no statement has a comment behind it");
}

#[test]
fn a_heap_of_many_objects_has_no_figures() {
    check_refused("fill 1MiB # a thousand objects\n", "too many objects");
}
