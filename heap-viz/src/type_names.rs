//! Names of types as people use them.

use gc_core::snapshot::ObjectType;
use std::collections::HashMap;

/// The names of the types of a snapshot, without the paths of modules and without lifetimes: `Array<Lock<Value>>`. Types that would share a name
/// keep their paths.
#[derive(Debug)]
pub(crate) struct TypeNames<'s>(HashMap<&'s str, String>);

impl<'s> TypeNames<'s> {
    pub(crate) fn new(types: &'s [ObjectType]) -> Self {
        Self::of_names(types.iter().map(ObjectType::name))
    }

    fn of_names(names: impl Iterator<Item = &'s str>) -> Self {
        let mut short: HashMap<_, _> = names.map(|name| (name, without_paths(name))).collect();
        let mut uses = HashMap::<_, u32>::new();
        short.values().for_each(|name| *uses.entry(name.clone()).or_default() += 1);
        for (full, name) in &mut short {
            if uses[name] > 1 {
                *name = (*full).into();
            }
        }
        TypeNames(short)
    }

    /// The name of one of these types.
    pub(crate) fn of<'a>(&'a self, of: &'a ObjectType) -> &'a str {
        self.0.get(of.name()).map_or(of.name(), |name| name)
    }
}

/// A name of Rust without what stands before each `::`, and without lifetimes: some versions of the compiler write them, others
/// do not.
pub(crate) fn without_paths(name: &str) -> String {
    last_words(name).replace("'_, ", "").replace("<'_>", "")
}

fn last_words(name: &str) -> String {
    let mut short = String::new();
    let mut word_starts = 0;
    let mut rest = name.char_indices().peekable();
    while let Some((_, c)) = rest.next() {
        if c == ':' && rest.next_if(|(_, next)| *next == ':').is_some() {
            short.truncate(word_starts);
            continue;
        }
        short.push(c);
        if !c.is_alphanumeric() && c != '_' {
            word_starts = short.len();
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{TypeNames, without_paths};

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(without_paths(name), expected);
    }

    #[test]
    fn paths_are_left_out() {
        check("pair", "pair");
        check("u64", "u64");
        check("lox::object::Instance", "Instance");
        check("gc_core::arena::Array<gc_core::Lock<lox::Value>>", "Array<Lock<Value>>");
        check("(core::Option<a::B>, [c::D; 2], &str)", "(Option<B>, [D; 2], &str)");
        check("key: value", "key: value");
    }

    #[test]
    fn lifetimes_are_left_out() {
        check("a::Array<a::Gc<'_, u64>>", "Array<Gc<u64>>");
        check("a::Pair<'_, '_>", "Pair");
    }

    #[test]
    fn types_of_one_name_keep_their_paths() {
        let names = ["a::Node", "b::Node", "b::Leaf"];
        let short = TypeNames::of_names(names.into_iter());
        assert_eq!(names.map(|name| short.0[name].as_str()), ["a::Node", "b::Node", "Leaf"]);
    }
}
