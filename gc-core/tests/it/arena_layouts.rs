//! Every way in which a type can be laid out, wherever its objects lie: their links lead to what was stored there last.

use crate::arena_boundaries::{Boundary, Random, crowd, each_arena_config};
use gc_core::Config;
use gc_core::arena::{
    Any, Arena, Array, Branded, Gc, Lock, Mutation, Pack, Packed, RefLock, Root, Rootable, Trace, Write,
};
use std::array;

/// What samples refer to: a number that tells it from others.
type Link<'gc> = Option<Gc<'gc, u64>>;

/// A type of objects with links, and other data that tells whether they have been moved as a whole.
trait Sample<'gc>: Trace<'gc> {
    /// How many links there are.
    const LINKS: usize;

    /// A value with these links.
    fn new(link: impl FnMut() -> Link<'gc>) -> Self;

    fn get(&self, index: usize) -> Link<'gc>;

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>);

    /// Whether the other data is as it was made.
    fn is_whole(&self) -> bool {
        true
    }
}

/// Samples whose links are cells, each at a place of its own.
macro_rules! samples {
    ($($name:ident: |$link:ident| $make:expr, |$this:ident, $index:ident| $cell:expr, $links:expr, $is_whole:expr;)+) => {$(
        impl<'gc> Sample<'gc> for $name<'gc> {
            const LINKS: usize = $links;

            fn new(mut $link: impl FnMut() -> Link<'gc>) -> Self {
                $make
            }

            fn get(&self, $index: usize) -> Link<'gc> {
                let $this = self;
                $cell.get()
            }

            fn set(this: &Write<Self>, $index: usize, link: Link<'gc>) {
                this.field(|$this| $cell).set(link);
            }

            fn is_whole(&self) -> bool {
                let is_whole: fn(&Self) -> bool = $is_whole;
                is_whole(self)
            }
        }
    )+};
}

/// One word: an array of these is one of references.
#[derive(Trace)]
struct Single<'gc>(Lock<Link<'gc>>);

/// References first, an odd number of them.
#[derive(Trace)]
struct Leading<'gc> {
    links: [Lock<Link<'gc>>; 3],
    data: u64,
}

/// A reference first, then more bytes than the header of a small object can tell.
#[derive(Trace)]
struct Wide<'gc> {
    data: [u8; 400],
    link: Lock<Link<'gc>>,
}

/// References in the middle, told by a map.
#[derive(Trace)]
#[repr(C)]
struct Middle<'gc> {
    before: u64,
    first: Lock<Link<'gc>>,
    between: u16,
    second: Lock<Link<'gc>>,
    after: u8,
}

/// Three words: values of an array start in the middle of granules, and an object ends there.
#[derive(Trace)]
#[repr(C)]
struct Odd<'gc> {
    before: u32,
    link: Lock<Link<'gc>>,
    after: u32,
}

/// As many words as a map can tell of, and references in the last ones.
#[derive(Trace)]
#[repr(C)]
struct Mapped<'gc> {
    data: [u32; 40],
    links: [Lock<Link<'gc>>; 24],
}

/// A word more: the value has to be asked, and has more references than it can tell of at once.
#[derive(Trace)]
#[repr(C)]
struct Asked<'gc> {
    data: [u32; 41],
    links: [Lock<Link<'gc>>; 24],
}

/// Over 512 bytes, so that there are cards; references at the start, over the border of cards and at the end.
#[derive(Trace)]
#[repr(C)]
struct Carded<'gc> {
    first: Lock<Link<'gc>>,
    before: [u8; 480],
    links: [Lock<Link<'gc>>; 40],
    after: [u64; 100],
    last: Lock<Link<'gc>>,
}

/// Nothing but references, more than a map can tell of.
#[derive(Trace)]
struct Many<'gc>([Lock<Link<'gc>>; 300]);

/// Larger than what any setting takes to be small.
#[derive(Trace)]
#[repr(C)]
struct Huge<'gc> {
    before: [[u8; 8]; 1_000],
    link: Lock<Link<'gc>>,
    after: [u64; 3],
}

type Numbered<'gc> = (Lock<Link<'gc>>, u64);

/// Tuples and arrays in each other.
#[derive(Trace)]
struct Nested<'gc>((u8, [Numbered<'gc>; 2], (bool, Lock<Link<'gc>>)));

samples! {
    Single: |link| Single(Lock::new(link())), |this, _index| &this.0, 1, |_| true;
    Leading: |link| Leading { links: array::from_fn(|_| Lock::new(link())), data: 7 },
        |this, index| &this.links[index], 3, |this| this.data == 7;
    Wide: |link| Wide { data: [7; 400], link: Lock::new(link()) },
        |this, _index| &this.link, 1, |this| this.data == [7; 400];
    Middle: |link| Middle { before: 1, first: Lock::new(link()), between: 2, second: Lock::new(link()), after: 3 },
        |this, index| if index == 0 { &this.first } else { &this.second }, 2,
        |this| (this.before, this.between, this.after) == (1, 2, 3);
    Odd: |link| Odd { before: 1, link: Lock::new(link()), after: 2 },
        |this, _index| &this.link, 1, |this| (this.before, this.after) == (1, 2);
    Mapped: |link| Mapped { data: [7; 40], links: array::from_fn(|_| Lock::new(link())) },
        |this, index| &this.links[index], 24, |this| this.data == [7; 40];
    Asked: |link| Asked { data: [7; 41], links: array::from_fn(|_| Lock::new(link())) },
        |this, index| &this.links[index], 24, |this| this.data == [7; 41];
    Carded: |link| Carded {
            first: Lock::new(link()),
            before: [7; 480],
            links: array::from_fn(|_| Lock::new(link())),
            after: [8; 100],
            last: Lock::new(link()),
        },
        |this, index| match index { 0 => &this.first, 41 => &this.last, _ => &this.links[index - 1] }, 42,
        |this| this.before == [7; 480] && this.after == [8; 100];
    Many: |link| Many(array::from_fn(|_| Lock::new(link()))), |this, index| &this.0[index], 300, |_| true;
    Huge: |link| Huge { before: [[7; 8]; 1_000], link: Lock::new(link()), after: [8; 3] },
        |this, _index| &this.link, 1, |this| this.before.iter().all(|it| *it == [7; 8]) && this.after == [8; 3];
    Nested: |link| Nested((1, [(Lock::new(link()), 2), (Lock::new(link()), 3)], (true, Lock::new(link())))),
        |this, index| if index == 2 { &this.0.2.1 } else { &this.0.1[index].0 }, 3,
        |this| (this.0.0, this.0.1[0].1, this.0.1[1].1, this.0.2.0) == (1, 2, 3, true);
}

/// A word that holds a reference in some variants only.
#[derive(Clone, Copy, Trace)]
enum Choice<'gc> {
    Nothing,
    Small(u32),
    Link(Gc<'gc, u64>),
    Pair { data: u64, link: Gc<'gc, u64> },
}

/// Cells of values that hold a link in several ways, by turns.
#[derive(Trace)]
struct Choices<'gc>([Lock<Choice<'gc>>; 3]);

impl<'gc> Choice<'gc> {
    fn of(index: usize, link: Link<'gc>) -> Self {
        match (link, index % 2) {
            (Some(link), 0) => Choice::Link(link),
            (Some(link), _) => Choice::Pair { data: u64::MAX, link },
            (None, 0) => Choice::Small(u32::MAX),
            (None, _) => Choice::Nothing,
        }
    }
}

impl<'gc> Sample<'gc> for Choices<'gc> {
    const LINKS: usize = 3;

    fn new(mut link: impl FnMut() -> Link<'gc>) -> Self {
        Choices(array::from_fn(|index| Lock::new(Choice::of(index, link()))))
    }

    fn get(&self, index: usize) -> Link<'gc> {
        match self.0[index].get() {
            Choice::Link(link) | Choice::Pair { link, data: u64::MAX } => Some(link),
            Choice::Nothing | Choice::Small(u32::MAX) => None,
            Choice::Small(_) | Choice::Pair { .. } => panic!("the data has changed"),
        }
    }

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>) {
        this.field(|this| &this.0[index]).set(Choice::of(index, link));
    }
}

/// A link in 8 bytes, or something else.
#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Nothing,
    Link(Gc<'gc, u64>),
    Number(f64),
    Other(Gc<'gc, u64>),
}

impl<'gc> Value<'gc> {
    fn of(index: usize, link: Link<'gc>) -> Packed<Self> {
        Packed::from(match (link, index % 2) {
            (Some(link), 0) => Value::Link(link),
            (Some(link), _) => Value::Other(link),
            (None, 0) => Value::Number(f64::from_bits(u64::MAX)),
            (None, _) => Value::Nothing,
        })
    }

    fn link(packed: Packed<Self>) -> Link<'gc> {
        match packed.unpack() {
            Value::Link(link) | Value::Other(link) => Some(link),
            Value::Nothing => None,
            Value::Number(number) => {
                if number.is_nan() {
                    None
                } else {
                    panic!("the data has changed")
                }
            }
        }
    }
}

/// A value of 8 bytes: an array of these is scanned by tags.
#[derive(Trace)]
struct PackedSingle<'gc>(Lock<Packed<Value<'gc>>>);

impl<'gc> Sample<'gc> for PackedSingle<'gc> {
    const LINKS: usize = 1;

    fn new(mut link: impl FnMut() -> Link<'gc>) -> Self {
        PackedSingle(Lock::new(Value::of(0, link())))
    }

    fn get(&self, _index: usize) -> Link<'gc> {
        Value::link(self.0.get())
    }

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>) {
        this.field(|this| &this.0).set(Value::of(index, link));
    }
}

/// Values of 8 bytes among others: as many as a map can tell of, or more.
#[derive(Trace)]
#[repr(C)]
struct PackedAmong<'gc, const N: usize> {
    before: u64,
    link: Lock<Link<'gc>>,
    values: [Lock<Packed<Value<'gc>>>; N],
    after: u32,
}

impl<'gc, const N: usize> Sample<'gc> for PackedAmong<'gc, N> {
    const LINKS: usize = N + 1;

    fn new(mut link: impl FnMut() -> Link<'gc>) -> Self {
        let first = Lock::new(link());
        let values = array::from_fn(|index| Lock::new(Value::of(index, link())));
        PackedAmong { before: 7, link: first, values, after: 8 }
    }

    fn get(&self, index: usize) -> Link<'gc> {
        match index {
            0 => self.link.get(),
            _ => Value::link(self.values[index - 1].get()),
        }
    }

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>) {
        match index {
            0 => this.field(|this| &this.link).set(link),
            _ => this.field(|this| &this.values[index - 1]).set(Value::of(index, link)),
        }
    }

    fn is_whole(&self) -> bool {
        (self.before, self.after) == (7, 8)
    }
}

/// An enum whose variants are told by what cannot be a reference.
#[derive(Clone, Copy, Trace)]
enum Niche<'gc> {
    Nothing,
    Link(Gc<'gc, u64>),
}

/// Options of options: the inner ones have room for `None` or not.
#[derive(Trace)]
struct Options<'gc> {
    niche: Lock<Niche<'gc>>,
    option: Lock<Option<Niche<'gc>>>,
    twice: Lock<Option<Link<'gc>>>,
    tuple: Lock<Option<(u8, Gc<'gc, u64>)>>,
    array: Lock<Option<[Link<'gc>; 1]>>,
}

impl<'gc> Sample<'gc> for Options<'gc> {
    const LINKS: usize = 5;

    fn new(mut link: impl FnMut() -> Link<'gc>) -> Self {
        Options {
            niche: Lock::new(link().map_or(Niche::Nothing, Niche::Link)),
            option: Lock::new(link().map(Niche::Link)),
            twice: Lock::new(Some(link())),
            tuple: Lock::new(link().map(|link| (7, link))),
            array: Lock::new(Some([link()])),
        }
    }

    fn get(&self, index: usize) -> Link<'gc> {
        match index {
            0 | 1 => match [Some(self.niche.get()), self.option.get()][index] {
                Some(Niche::Link(link)) => Some(link),
                Some(Niche::Nothing) | None => None,
            },
            2 => self.twice.get().flatten(),
            3 => self.tuple.get().map(|(seven, link)| if seven == 7 { link } else { panic!("changed") }),
            _ => self.array.get().and_then(|[link]| link),
        }
    }

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>) {
        match index {
            0 => this.field(|this| &this.niche).set(link.map_or(Niche::Nothing, Niche::Link)),
            1 => this.field(|this| &this.option).set(Some(link.map_or(Niche::Nothing, Niche::Link))),
            2 => this.field(|this| &this.twice).set(link.map(Some)),
            3 => this.field(|this| &this.tuple).set(link.map(|link| (7, link))),
            _ => this.field(|this| &this.array).set(link.map(|link| [Some(link)])),
        }
    }
}

/// A cell that is borrowed to be changed.
#[derive(Trace)]
struct Borrowed<'gc>(u16, RefLock<[Link<'gc>; 4]>);

impl<'gc> Sample<'gc> for Borrowed<'gc> {
    const LINKS: usize = 4;

    fn new(mut link: impl FnMut() -> Link<'gc>) -> Self {
        Borrowed(7, RefLock::new(array::from_fn(|_| link())))
    }

    fn get(&self, index: usize) -> Link<'gc> {
        self.1.borrow()[index]
    }

    fn set(this: &Write<Self>, index: usize, link: Link<'gc>) {
        this.field(|this| &this.1).borrow_mut()[index] = link;
    }

    fn is_whole(&self) -> bool {
        self.0 == 7
    }
}

/// Types without references, which the collector does not look into.
macro_rules! leaves {
    ($($leaf:ty = $value:expr;)+) => {$(
        impl<'gc> Sample<'gc> for $leaf {
            const LINKS: usize = 0;

            fn new(_: impl FnMut() -> Link<'gc>) -> Self {
                $value
            }

            fn get(&self, _: usize) -> Link<'gc> {
                None
            }

            fn set(_: &Write<Self>, _: usize, _: Link<'gc>) {}

            fn is_whole(&self) -> bool {
                *self == $value
            }
        }
    )+};
}

leaves! {
    () = ();
    u8 = 7;
    u64 = 7;
    [u16; 3] = [7; 3];
    [u8; 3_000] = [7; 3_000];
}

/// How many values an object has: `None` stands for one that is no array. Arrays of large values are shorter.
const LENGTHS: [Option<usize>; 5] = [None, Some(0), Some(1), Some(3), Some(50)];
/// Most bytes of an array with more than one value.
const MAX_BYTES: usize = 4 << 10;
/// Objects that are kept at a time.
const OBJECTS: usize = 6;

/// The objects, of different lengths and ages.
type Objects = Root![Gc<'_, Array<Lock<Option<Any<'_>>>>>];

/// An object of the model: what its links lead to, value by value.
#[derive(Clone, Debug)]
struct Model {
    length: Option<usize>,
    links: Vec<Option<u64>>,
}

/// The values of an object, if it is one of this length.
fn values<'gc, T: Sample<'gc>>(mc: Mutation<'gc>, object: Any<'gc>, length: Option<usize>) -> &'gc [T] {
    match length {
        None => std::slice::from_ref(object.downcast::<T>(mc).expect("one value").get(mc)),
        Some(length) => {
            let array = object.downcast::<Array<T>>(mc).expect("an array");
            assert_eq!((array.len(mc), array.is_empty(mc)), (length, length == 0));
            array.as_slice(mc)
        }
    }
}

fn make<'gc, T: Sample<'gc>>(mc: Mutation<'gc>, model: &Model) -> Any<'gc> {
    let mut next = model.links.iter();
    let mut link = || next.next().expect("a link").map(|number| mc.new(number));
    match model.length {
        None => mc.new(T::new(&mut link)).erase(),
        Some(length) => mc.array_from_fn(length, |_| T::new(&mut link)).erase(),
    }
}

fn store<'gc, T: Sample<'gc>>(
    mc: Mutation<'gc>,
    object: Any<'gc>,
    model: &Model,
    index: usize,
    link: Link<'gc>,
) {
    let (value, index) = (index / T::LINKS, index % T::LINKS);
    let place = match model.length {
        None => object.downcast::<T>(mc).expect("one value").write(mc),
        Some(_) => object.downcast::<Array<T>>(mc).expect("an array").write_at(mc, value),
    };
    T::set(place, index, link);
}

fn assert_same<'gc, T: Sample<'gc>>(mc: Mutation<'gc>, object: Any<'gc>, model: &Model) {
    let values = values::<T>(mc, object, model.length);
    assert!(values.iter().all(T::is_whole), "the data is whole");
    let links = values.iter().flat_map(|value| (0..T::LINKS).map(|index| value.get(index)));
    let numbers: Vec<_> = links.map(|link| link.map(|link| *link.get(mc))).collect();
    assert_eq!(numbers, model.links);
}

/// Makes objects of type `R`, changes their links and passes boundaries of all kinds, by turns.
fn check_under<R>(config: &Config)
where
    R: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, R>: Sample<'gc>,
{
    let mut arena: Arena<Objects> =
        Arena::new(config.clone(), |mc| mc.array_from_fn(OBJECTS, |_| Lock::new(None))).expect("an arena");
    let mut models: Vec<Option<Model>> = vec![None; OBJECTS];
    let (mut random, mut number) = (Random::of(1), 0_u64);
    let mut next_number = |random: &mut Random| {
        number += 1;
        (random.below(4) > 0).then_some(number)
    };
    for round in 0..30 {
        arena.mutate(|mc, root| {
            let objects = *root.get(mc);
            if random.below(4) == 0 {
                crowd(mc, config);
            }
            let links_of = <Branded<'_, R> as Sample<'_>>::LINKS;
            let longest = (MAX_BYTES / size_of::<Branded<'_, R>>().max(1)).max(1);
            let (made, length) = (random.below(OBJECTS), LENGTHS[round % LENGTHS.len()]);
            let length = length.map(|length| length.min(longest));
            let links = (0..length.unwrap_or(1) * links_of).map(|_| next_number(&mut random)).collect();
            let model = Model { length, links };
            objects.set(mc, made, Some(make::<Branded<'_, R>>(mc, &model)));
            models[made] = Some(model);
            for (object, model) in objects.as_slice(mc).iter().zip(&mut models) {
                let Some((object, model)) = object.get().zip(model.as_mut()) else { continue };
                for _ in 0..random.below(4).min(model.links.len()) {
                    let (index, number) = (random.below(model.links.len()), next_number(&mut random));
                    store::<Branded<'_, R>>(mc, object, model, index, number.map(|number| mc.new(number)));
                    model.links[index] = number;
                }
                assert_same::<Branded<'_, R>>(mc, object, model);
            }
        });
        Boundary::ALL[random.below(Boundary::ALL.len())].pass(&mut arena);
        arena.mutate(|mc, root| {
            for (object, model) in root.get(mc).as_slice(mc).iter().zip(&models) {
                assert_eq!(object.get().is_some(), model.is_some());
                let pair = object.get().zip(model.as_ref());
                pair.into_iter().for_each(|(object, model)| assert_same::<Branded<'_, R>>(mc, object, model));
            }
        });
        assert_eq!(arena.verify(), Ok(()), "round {round}");
    }
}

fn check<R>()
where
    R: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, R>: Sample<'gc>,
{
    each_arena_config(|config| check_under::<R>(&config));
}

/// A test for each type.
macro_rules! tests {
    ($($name:ident: $sample:ty;)+) => {$(
        #[test]
        fn $name() {
            check::<Root![$sample]>();
        }
    )+};
}

tests! {
    a_reference_alone_is_kept: Single<'_>;
    references_that_come_first_are_kept: Leading<'_>;
    references_before_many_bytes_are_kept: Wide<'_>;
    references_among_other_fields_are_kept: Middle<'_>;
    references_in_odd_numbers_of_words_are_kept: Odd<'_>;
    references_up_to_the_end_of_a_map_are_kept: Mapped<'_>;
    references_beyond_a_map_are_kept: Asked<'_>;
    references_in_structs_with_cards_are_kept: Carded<'_>;
    hundreds_of_references_are_kept: Many<'_>;
    references_in_huge_values_are_kept: Huge<'_>;
    references_in_nested_tuples_are_kept: Nested<'_>;
    references_in_variants_are_kept: Choices<'_>;
    references_in_packed_values_are_kept: PackedSingle<'_>;
    references_among_packed_values_are_kept: PackedAmong<'_, 3>;
    references_in_many_packed_values_are_kept: PackedAmong<'_, 70>;
    references_in_options_are_kept: Options<'_>;
    references_in_borrowed_cells_are_kept: Borrowed<'_>;
    values_without_a_size_are_kept: ();
    bytes_are_kept: u8;
    numbers_are_kept: u64;
    short_arrays_of_numbers_are_kept: [u16; 3];
    long_arrays_of_numbers_are_kept: [u8; 3_000];
}
