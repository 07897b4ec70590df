//! The figures of `docs/` are what the scripts beside them draw.

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let drawn = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("figures-{}", std::process::id()));
    let figures = docs().join("figures");
    let scripts = files(&figures, "tenure");
    assert!(scripts.len() >= 8, "the scripts are found");
    for script in scripts {
        let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
        let output = tenure.arg("script").arg(&script).arg("--figures").arg(&drawn).output();
        let output = output.expect("the command starts");
        assert!(output.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(names(&files(&drawn, "svg")), names(&files(&figures, "svg")));
    for path in files(&drawn, "svg") {
        let name = path.file_name().expect("a file");
        let [new, old] = [&path, &figures.join(name)].map(|path| fs::read_to_string(path).expect("a figure"));
        let advice = "for each script: `tenure script SCRIPT --figures docs/figures`";
        assert!(new == old, "{} is not what its script draws: {advice}", name.display());
    }
    fs::remove_dir_all(&drawn).expect("the folder can be removed");
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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("images-{}", std::process::id()));
    let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
    tenure.arg("script").arg(docs().join(script)).arg("--png").arg("--figures").arg(&folder);
    let output = tenure.output().expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let image = |path| Pixmap::decode_png(&fs::read(path).expect("it is there")).expect("it is an image");
    let images = files(&folder, "png").into_iter().map(image).collect();
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    images
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
fn check_refused(test: &str, script: &str, message: &str) {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("figures-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let file = folder.join("lesson.tenure");
    fs::write(&file, script).expect("the folder can be written to");
    let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
    let output = tenure.arg("script").arg(&file).arg("--figures").arg(folder.join("drawn")).output();
    let output = output.expect("the command starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(message), "{said}");
    assert!(!folder.join("drawn").exists());
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_script_without_comments_has_no_figures() {
    check_refused("silent", "a = node 1\nscavenge\n", "no statement has a comment behind it");
}

#[test]
fn a_heap_of_many_objects_has_no_figures() {
    check_refused("many", "fill 1MiB # a thousand objects\n", "too many objects");
}
