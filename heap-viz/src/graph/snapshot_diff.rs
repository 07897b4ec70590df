//! What has come and gone between two snapshots.

use super::{Dominators, ObjectGraph, TypeRole, TypeSize, TypeSizes};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What differs between two snapshots, by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotDiff {
    /// The types that there are objects of in either, those that have changed most first.
    pub types: Vec<TypeChange>,
    /// Whether objects of one were found again in the other.
    pub matching: Matching,
}

/// Whether objects of one snapshot can be found in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// By the numbers that their program gives them.
    ById,
    /// There are no numbers that stay: those of this project's snapshots only count objects.
    NoIds,
    /// The numbers are those of two processes: what they have in common are mostly not the same objects.
    OtherProcess,
}

/// What has changed of the objects of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChange {
    /// The type.
    pub name: String,
    /// Before.
    pub before: TypeSize,
    /// After.
    pub after: TypeSize,
    /// What has become of single objects, if they were matched.
    pub change: Option<Change>,
}

/// What has become of single objects of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Objects that there were not before.
    pub new_objects: u64,
    /// Their own size in bytes.
    pub new_bytes: u64,
    /// Objects that are there no more.
    pub freed_objects: u64,
    /// The size in bytes that they had.
    pub freed_bytes: u64,
    /// Objects that have become larger themselves.
    pub grown_objects: u64,
    /// By how many bytes.
    pub grown_bytes: u64,
}

/// Objects with the same number that are of the same type, of a hundred, if the numbers are of one process. An object
/// hardly ever changes its type; where numbers only happen to be the same, types are the same only where both processes have
/// started alike.
const SAME_PERCENT: u64 = 95;

impl TypeChange {
    /// How many bytes more are kept alive; fewer, if it is negative.
    #[must_use]
    pub fn retained_growth_bytes(&self) -> i64 {
        growth(self.before.retained_bytes, self.after.retained_bytes)
    }

    /// How many bytes more its objects take themselves; fewer, if it is negative.
    #[must_use]
    pub fn shallow_growth_bytes(&self) -> i64 {
        growth(self.before.shallow_bytes, self.after.shallow_bytes)
    }

    /// How many objects more there are; fewer, if it is negative.
    #[must_use]
    pub fn object_growth(&self) -> i64 {
        growth(self.before.objects, self.after.objects)
    }
}

fn growth(before: u64, after: u64) -> i64 {
    after as i64 - before as i64
}

impl SnapshotDiff {
    /// What has changed of what is alive from `before` to `after`.
    #[must_use]
    pub fn of(before: (&Dominators<'_>, &TypeSizes), after: (&Dominators<'_>, &TypeSizes)) -> Self {
        let mut types = BTreeMap::new();
        add_sizes(&mut types, before.0.graph(), before.1, |change| &mut change.before);
        add_sizes(&mut types, after.0.graph(), after.1, |change| &mut change.after);
        let pairs = Pairs::of(before.0, after.0);
        let matching = pairs.matching();
        if matching == Matching::ById {
            pairs.add_changes(&mut types);
        }
        let mut types: Vec<_> = types.into_values().collect();
        types.sort_by_key(|change| {
            Reverse((change.shallow_growth_bytes().unsigned_abs(), change.object_growth().unsigned_abs()))
        });
        SnapshotDiff { types, matching }
    }
}

type ByName<'g> = BTreeMap<&'g str, TypeChange>;

/// Adds the sizes in one of the snapshots. Types of one name are taken together.
fn add_sizes<'g>(
    types: &mut ByName<'g>,
    graph: &'g ObjectGraph,
    sizes: &TypeSizes,
    side: impl Fn(&mut TypeChange) -> &mut TypeSize,
) {
    for of in sizes.ranking(graph) {
        let (size, sum) = (sizes.types[of as usize], side(change_of(types, graph, of)));
        sum.objects += size.objects;
        sum.shallow_bytes += size.shallow_bytes;
        sum.retained_bytes += size.retained_bytes;
    }
}

fn change_of<'a, 'g>(types: &'a mut ByName<'g>, graph: &'g ObjectGraph, of: u32) -> &'a mut TypeChange {
    let name = graph.types()[of as usize].name.as_str();
    types.entry(name).or_insert_with(|| TypeChange {
        name: name.into(),
        before: TypeSize::default(),
        after: TypeSize::default(),
        change: None,
    })
}

/// The objects of two snapshots, side by side.
struct Pairs<'g> {
    before: Side<'g>,
    after: Side<'g>,
}

/// The living objects of a snapshot, roots excluded, in the order of their numbers.
struct Side<'g> {
    graph: &'g ObjectGraph,
    objects: Vec<(u32, u32)>,
}

impl<'g> Side<'g> {
    fn of(dominators: &Dominators<'g>) -> Self {
        let graph = dominators.graph();
        let is_object = |object: &u32| graph.type_of(*object).role == TypeRole::Object;
        let objects = dominators.objects().filter(is_object);
        let mut objects: Vec<_> = objects.map(|object| (graph.object(object).id, object)).collect();
        objects.sort_unstable();
        Side { graph, objects }
    }

    fn type_name(&self, object: u32) -> &'g str {
        &self.graph.type_of(object).name
    }
}

impl<'g> Pairs<'g> {
    fn of(before: &Dominators<'g>, after: &Dominators<'g>) -> Self {
        Pairs { before: Side::of(before), after: Side::of(after) }
    }

    fn matching(&self) -> Matching {
        if self.before.graph.ids_are_places() || self.after.graph.ids_are_places() {
            return Matching::NoIds;
        }
        let (mut common, mut same) = (0_u64, 0_u64);
        self.for_each(|before, after| {
            if let (Some(before), Some(after)) = (before, after) {
                common += 1;
                same += u64::from(self.before.type_name(before) == self.after.type_name(after));
            }
        });
        let is_one_process = common > 0 && same * 100 >= common * SAME_PERCENT;
        if is_one_process { Matching::ById } else { Matching::OtherProcess }
    }

    fn add_changes(&self, types: &mut ByName<'g>) {
        types.values_mut().for_each(|of| of.change = Some(Change::default()));
        let mut add = |side: &Side<'g>, object, apply: &dyn Fn(&mut Change, u64)| {
            let of = change_of(types, side.graph, side.graph.type_index(object));
            apply(of.change.get_or_insert_default(), side.graph.shallow_bytes(object));
        };
        self.for_each(|before, after| match (before, after) {
            (Some(before), Some(after)) => {
                let bytes_before = self.before.graph.shallow_bytes(before);
                add(&self.after, after, &|change, bytes| change.grow(bytes_before, bytes));
            }
            (Some(before), None) => add(&self.before, before, &|change, bytes| {
                change.freed_objects += 1;
                change.freed_bytes += bytes;
            }),
            (None, Some(after)) => add(&self.after, after, &|change, bytes| {
                change.new_objects += 1;
                change.new_bytes += bytes;
            }),
            (None, None) => {}
        });
    }

    /// Shows each number that there is, as the object of the snapshot before and that of the one after.
    fn for_each(&self, mut show: impl FnMut(Option<u32>, Option<u32>)) {
        let (mut before, mut after) =
            (self.before.objects.iter().peekable(), self.after.objects.iter().peekable());
        loop {
            let ids = (before.peek().map(|it| it.0), after.peek().map(|it| it.0));
            let Some(least) = [ids.0, ids.1].into_iter().flatten().min() else { return };
            let one = before.next_if(|it| it.0 == least).map(|it| it.1);
            let other = after.next_if(|it| it.0 == least).map(|it| it.1);
            show(one, other);
        }
    }
}

impl Change {
    fn grow(&mut self, bytes_before: u64, bytes: u64) {
        if bytes > bytes_before {
            self.grown_objects += 1;
            self.grown_bytes += bytes - bytes_before;
        }
    }
}
