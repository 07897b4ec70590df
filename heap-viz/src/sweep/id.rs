//! Names of what is told apart by its content.

use crate::run::{RunInfo, Setting};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};

/// Hexadecimal digits of a hash: half of SHA-256, enough for no two of 10^15 to be the same by chance.
const DIGITS: usize = 32;

/// A hash of something, in hexadecimal: the first half of SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Hash(String);

impl Hash {
    /// The hash of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Hash::half(&Sha256::digest(bytes))
    }

    /// The hash of all that can be read from somewhere, which need not fit into memory.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of_all(mut from: impl Read) -> io::Result<Self> {
        let mut hasher = Sha256::new();
        io::copy(&mut from, &mut hasher)?;
        Ok(Hash::half(&hasher.finalize()))
    }

    fn half(digest: &[u8]) -> Self {
        Hash(digest[..DIGITS / 2].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Digits only: a hash from a file becomes a part of paths.
impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == DIGITS && text.bytes().all(is_digit) {
            Ok(Hash(text))
        } else {
            Err(format!("{text:?} is not {DIGITS} hexadecimal digits"))
        }
    }
}

/// What a cell's result depends on, as hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// All of it: the cell's name.
    pub cell: Hash,
    /// All but the seed: cells that share it are one point of the sweep.
    pub point: Hash,
    /// The settings of the heap.
    pub config: Hash,
    /// What work costs; of nothing under the measured clock.
    pub cost: Hash,
}

/// The parameter that cells of one point differ in.
pub(crate) const SEED: &str = "seed";
/// The first words of the names of what work costs.
const COST: &str = "clock.cost.";

impl Identity {
    /// That of a run by a build of this version of Tenure, whose results have the schema `schema`. `program` is a name,
    /// or a hash of files, that tells what is run from everything else, wherever its files lie.
    #[must_use]
    pub fn of(schema: &str, build: &Hash, program: &str, run: &RunInfo) -> Self {
        let [settings, cost] =
            [lines(&run.settings, |_| true), lines(&run.settings, |name| name.starts_with(COST))];
        let version = env!("CARGO_PKG_VERSION");
        let head = format!("schema {schema}\nversion {version}\nbuild {build}\nprogram {program}\n");
        let of = |keep: fn(&str) -> bool| {
            let parameters = lines(&run.parameters, keep);
            Hash::of(format!("{head}parameters\n{parameters}settings\n{settings}").as_bytes())
        };
        Identity {
            cell: of(|_| true),
            point: of(|name| name != SEED),
            config: Hash::of(settings.as_bytes()),
            cost: Hash::of(cost.as_bytes()),
        }
    }
}

fn lines(settings: &[Setting], keep: impl Fn(&str) -> bool) -> String {
    let kept = settings.iter().filter(|setting| keep(&setting.name));
    kept.map(|setting| format!("{}={}\n", setting.name, setting.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Hash, Identity};
    use crate::run::{RunInfo, Setting, SettingValue};

    fn run(seed: u64, age: u64) -> RunInfo {
        let setting =
            |name, value| Setting::new(name, SettingValue::Integer(value), &SettingValue::Integer(0));
        RunInfo {
            parameters: vec![setting("window", 7), setting("seed", seed)],
            settings: vec![setting("promotion.age", age), setting("clock.cost.pause_ps", 3)],
            ..RunInfo::default()
        }
    }

    #[test]
    fn a_cell_is_told_by_everything_a_point_by_all_but_the_seed() {
        let [build, other] = [&b"build"[..], b"other"].map(Hash::of);
        let of = |seed, age| Identity::of("schema/1", &build, "ring", &run(seed, age));
        assert_ne!(of(1, 0).cell, of(2, 0).cell);
        assert_eq!((of(1, 0).point, of(1, 0).config), (of(2, 0).point, of(2, 0).config));
        assert_ne!(of(1, 0).point, of(1, 1).point);
        assert_ne!(of(1, 0).config, of(1, 1).config);
        assert_eq!(of(1, 0).cost, of(1, 1).cost);
        let [ring, splay] =
            ["ring", "splay"].map(|program| Identity::of("schema/1", &build, program, &run(1, 0)).cell);
        assert_ne!(ring, splay);
        assert_ne!(Identity::of("schema/2", &build, "ring", &run(1, 0)).cell, ring);
        assert_ne!(Identity::of("schema/1", &other, "ring", &run(1, 0)).cell, ring);
    }

    #[test]
    fn a_hash_is_half_of_sha_256() {
        // NIST's example, "abc".
        assert_eq!(Hash::of(b"abc").as_str(), "ba7816bf8f01cfea414140de5dae2223");
        assert_eq!(Hash::of_all(&b"abc"[..]).expect("memory can be read"), Hash::of(b"abc"));
    }

    #[test]
    fn only_digits_are_taken_for_a_hash() {
        for text in ["", "../../../../../../../../etc/passwd", "BA7816BF8F01CFEA414140DE5DAE2223"] {
            assert!(Hash::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
