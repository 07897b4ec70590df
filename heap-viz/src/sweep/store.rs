//! What has come out of cells, a file each.

use super::figures::Figures;
use super::id::Hash;
use super::line::Line;
use crate::json_problem::json_problem;
use crate::whole_file::{WholeFile, partial_files};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What has come out of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellResult {
    schema: String,
    /// The cell.
    pub cell: Hash,
    /// What the modelled clock tells: the same on every machine. None under the measured one.
    pub modelled: Option<Figures>,
    /// What the machine's clock tells. None under the modelled one.
    pub measured: Option<Figures>,
    /// What it took to find out.
    pub wall: Wall,
}

/// What it took to run a cell, by the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wall {
    /// How long it took.
    pub run_ns: u64,
    /// Cells that this process ran side by side, this one among them.
    pub side_by_side: u32,
    /// The machine's name.
    pub host: String,
    /// The build of Tenure that has run it: a hash of the program.
    pub build: Hash,
}

/// A folder with what has come out of cells. A file in it is whole: it was given its name when nothing was missing.
#[derive(Clone, Debug)]
pub struct CellStore {
    folder: PathBuf,
}

/// A file that does not tell what has come out of the cell that it is named after.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", .path.display())]
pub struct CellError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: String,
}

impl CellResult {
    /// The schema of the files, which is part of every cell's name.
    pub const SCHEMA: &str = "tenure.sweep.cell/2";

    /// What has come out of `cell` by the modelled clock.
    #[must_use]
    pub fn modelled(cell: Hash, figures: Figures, wall: Wall) -> Self {
        let modelled = Some(figures);
        CellResult { schema: Self::SCHEMA.into(), cell, modelled, measured: None, wall }
    }

    /// What has come out of `cell` by the machine's clock.
    #[must_use]
    pub fn measured(cell: Hash, figures: Figures, wall: Wall) -> Self {
        let measured = Some(figures);
        CellResult { schema: Self::SCHEMA.into(), cell, modelled: None, measured, wall }
    }

    /// The figures, whichever clock they are of.
    #[must_use]
    pub fn figures(&self) -> Option<&Figures> {
        self.modelled.as_ref().or(self.measured.as_ref())
    }
}

impl CellStore {
    /// The store in `folder`, which need not be there.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        CellStore { folder }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a cell's file is. Folders of at most a few hundred files each: some file systems of clusters are slow with
    /// more.
    #[must_use]
    pub fn path(&self, cell: &Hash) -> PathBuf {
        let name = cell.as_str();
        self.folder.join(&name[..2]).join(format!("{name}.json"))
    }

    /// What has come out of a cell, if that is known.
    ///
    /// # Errors
    /// If its file cannot be read, or is not of this cell.
    pub fn read(&self, cell: &Hash) -> Result<Option<CellResult>, CellError> {
        let path = self.path(cell);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) if path.is_dir() => return Err(CellError { path, problem: IS_FOLDER.into() }),
            Err(error) => return Err(CellError { path, problem: error.to_string() }),
        };
        parse(&text, cell).map(Some).map_err(|problem| CellError { path, problem })
    }

    /// Keeps what has come out of a cell: whole, or not at all, also if the machine fails.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, result: &CellResult) -> io::Result<()> {
        let path = self.path(&result.cell);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let (file, mut out) = WholeFile::create(&path)?;
        Line::of(result).write(&mut out)?;
        out.flush()?;
        out.get_ref().sync_data()?;
        file.commit()
    }

    /// Removes what was never finished of files of `cells`. Nobody must be running one of them.
    ///
    /// # Errors
    /// If a folder cannot be read, or a file not removed.
    pub fn remove_partial(&self, cells: &[&Hash]) -> io::Result<usize> {
        let names: HashSet<_> = cells.iter().map(|cell| format!("{cell}.json")).collect();
        let folders: HashSet<_> =
            cells.iter().filter_map(|cell| Some(self.path(cell).parent()?.to_path_buf())).collect();
        let mut removed = 0;
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            for (path, _) in partial_files(folder)?.iter().filter(|(_, whole)| names.contains(whole)) {
                fs::remove_file(path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// What is wrong where a folder is in a file's place.
const IS_FOLDER: &str = "it is a folder, where the file of a cell belongs: remove it";

fn parse(text: &str, cell: &Hash) -> Result<CellResult, String> {
    let line: Line<CellResult> = serde_json::from_str(text).map_err(|error| json_problem(&error))?;
    let result = line.unchanged().ok_or("it is not as `tenure sweep run` has written it")?;
    if result.schema != CellResult::SCHEMA {
        return Err(format!("this tenure reads {}, not {}", CellResult::SCHEMA, result.schema));
    }
    if result.cell != *cell {
        return Err(format!("it is of cell {}", result.cell));
    }
    if result.modelled.is_some() == result.measured.is_some() {
        return Err("it must have figures of one clock".into());
    }
    Ok(result)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{CellResult, CellStore, Line, Wall};
    use crate::sweep::Hash;
    use crate::sweep::figures::tests::figures;
    use std::fs;
    use std::path::PathBuf;

    /// What it took some run.
    pub(crate) fn wall(run: u64) -> Wall {
        Wall { run_ns: run, side_by_side: 2, host: format!("host-{run}"), build: Hash::of(b"build") }
    }

    /// A store of a test's own, removed with the value.
    #[derive(Debug)]
    pub(crate) struct TestStore(pub(crate) CellStore);

    impl TestStore {
        pub(crate) fn new(test: &str) -> Self {
            let folder: PathBuf = std::env::temp_dir().join(format!("tenure-{test}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            TestStore(CellStore::new(folder))
        }
    }

    impl Drop for TestStore {
        fn drop(&mut self) {
            // Nobody is left to tell.
            let _ = fs::remove_dir_all(self.0.folder());
        }
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let TestStore(store) = &TestStore::new("kept");
        let cell = Hash::of(b"cell");
        assert!(store.read(&cell).expect("it is not there").is_none());
        store.write(&result(&cell)).expect("there is room");
        assert_eq!(store.read(&cell).expect("it is whole"), Some(result(&cell)));
    }

    fn result(cell: &Hash) -> CellResult {
        CellResult::modelled(cell.clone(), figures(5, 1, 2), wall(1))
    }

    #[track_caller]
    fn check_refused(test: &str, change: impl Fn(&str) -> String, message: &str) {
        let TestStore(store) = &TestStore::new(test);
        let cell = Hash::of(b"cell");
        store.write(&result(&cell)).expect("there is room");
        let text = fs::read_to_string(store.path(&cell)).expect("it was just written");
        fs::write(store.path(&cell), change(&text)).expect("there is room");
        let error = store.read(&cell).expect_err("it is damaged");
        assert!(error.problem.starts_with(message), "{error}");
    }

    /// A line as this Tenure would write it.
    fn line(result: &CellResult) -> String {
        serde_json::to_string(&Line::of(result)).expect("it is plain data")
    }

    #[test]
    fn damaged_files_are_refused() {
        check_refused("cut", |text| text[..20].into(), "the line is cut off");
        let cell = Hash::of(b"cell");
        check_refused("other", |_| line(&result(&Hash::of(b"other"))), "it is of cell");
        check_refused("none", |text| text.replace("\"modelled\"", "\"x\""), "unknown field `x`");
        let schema = CellResult { schema: "tenure.sweep.cell/9".into(), ..result(&cell) };
        check_refused("schema", |_| line(&schema), "this tenure reads");
        let empty = CellResult { modelled: None, ..result(&cell) };
        check_refused("empty", |_| line(&empty), "it must have figures of one clock");
    }

    #[test]
    fn files_that_were_changed_by_hand_are_refused() {
        for (from, to) in [("\"operations\":1000", "\"operations\":1001"), ("host-1", "host-2")] {
            check_refused("edited", |text| text.replacen(from, to, 1), "it is not as `tenure sweep run` has");
        }
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_told() {
        let TestStore(store) = &TestStore::new("folder");
        let cell = Hash::of(b"cell");
        fs::create_dir_all(store.path(&cell)).expect("there is room");
        let problem = store.read(&cell).expect_err("it is no file").problem;
        assert!(problem.starts_with("it is a folder"), "{problem}");
    }

    #[test]
    fn what_was_never_finished_is_removed_for_cells_that_are_named() {
        let TestStore(store) = &TestStore::new("partial");
        let (cell, other) = (Hash::of(b"cell"), Hash::of(b"other"));
        for cell in [&cell, &other] {
            let path = store.path(cell);
            let folder = path.parent().expect("it lies in a folder");
            fs::create_dir_all(folder).expect("there is room");
            fs::write(folder.join(format!(".{cell}.json.7.123.partial")), "half").expect("there is room");
        }
        assert_eq!(store.remove_partial(&[&cell]).expect("they can be removed"), 1);
        assert_eq!(store.remove_partial(&[&cell, &other]).expect("they can be removed"), 1);
    }
}
