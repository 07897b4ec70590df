//! The names of places in a program.

use super::buffer::Buffer;

/// How many names a table holds; as a number in a table, it says that a new one follows.
const TABLE: usize = 31;

/// One domain's tables of names: files in the order of their last use, and for each its functions alike.
///
/// Nothing is made of the names; but without the tables it would not be known where events end.
#[derive(Default)]
pub(super) struct Locations {
    /// How many functions of each file are known.
    files: Vec<usize>,
}

impl Locations {
    /// Reads a location: one place for each function that was inlined there.
    pub(super) fn read(&mut self, buffer: &mut Buffer) -> Result<(), String> {
        let _address = buffer.u64()?;
        for _ in 0..buffer.u8()? {
            self.read_place(buffer)?;
        }
        Ok(())
    }

    /// A place is 48 bits: line (20), start (8) and end (10) in it, and the numbers of the file and of the function (5
    /// each).
    fn read_place(&mut self, buffer: &mut Buffer) -> Result<(), String> {
        let low = u64::from(buffer.u32()?);
        let bits = low | u64::from(buffer.u16()?) << 32;
        let (file, function) = ((bits >> 38) as usize & TABLE, (bits >> 43) as usize & TABLE);
        let mut functions = self.file(file, buffer)?;
        if function == TABLE {
            let _name = buffer.text()?;
            functions = (functions + 1).min(TABLE);
        } else if function >= functions {
            return Err(format!("a place is in function {function}, of which there are {functions}"));
        }
        self.files.insert(0, functions);
        Ok(())
    }

    /// Takes a file out of the table, which goes back to its front; how many of its functions are known.
    fn file(&mut self, file: usize, buffer: &mut Buffer) -> Result<usize, String> {
        if file < self.files.len() {
            return Ok(self.files.remove(file));
        }
        if file != TABLE {
            return Err(format!("a place is in file {file}, of which there are {}", self.files.len()));
        }
        let _name = buffer.text()?;
        // A writer gives the new file the table of the one that it pushes out.
        let pushed_out = if self.files.len() == TABLE { self.files.pop() } else { None };
        Ok(pushed_out.unwrap_or(0))
    }
}
