//! Enums in 8 bytes: what is packed comes back, wherever it lies and whatever is moved meanwhile.

use crate::arena_support::{Random, collect_in_any_way, each_arena_config};
use gc_core::Config;
use gc_core::arena::{
    Any, Arena, Array, Gc, Lock, Map, Mutation, Pack, Packed, RefLock, Root, Str, Trace, Vec as GcVec, Weak,
};
use proptest::prelude::{any, proptest};

/// One variant for each type that fits.
#[derive(Clone, Copy, Debug, Default, Trace, Pack)]
enum Value<'gc> {
    #[default]
    Nil,
    Bool(bool),
    Text(Gc<'gc, Str>),
    Char(char),
    Byte(u8),
    Number(f64),
    Pair {
        pair: Gc<'gc, Pair<'gc>>,
    },
    Short(u16),
    Word(u32),
    SignedByte(i8),
    Any(Any<'gc>),
    SignedShort(i16),
    Integer(i32),
    Single(f32),
    Weak(Weak<'gc, Str>),
    Maybe(Option<Gc<'gc, Str>>),
    Undefined(),
}

/// Two values, and something else before each of them.
#[derive(Trace)]
#[repr(C)]
struct Pair<'gc> {
    before: Lock<Option<Gc<'gc, Str>>>,
    first: Lock<Packed<Value<'gc>>>,
    between: u8,
    second: Lock<Packed<Value<'gc>>>,
}

/// What a value should be.
#[derive(Clone, Debug)]
enum Expected {
    Plain(Value<'static>),
    Text(String),
    Pair(String),
    Any(String),
    Weak(String),
    Maybe(Option<String>),
}

impl Expected {
    fn random(random: &mut Random) -> Expected {
        let bits = random.bits();
        let text = format!("{bits}");
        match random.below(24) {
            0 => Expected::Plain(Value::Nil),
            1 => Expected::Plain(Value::Bool(bits.is_multiple_of(2))),
            2 => Expected::Plain(Value::Char(char::from_u32(bits as u32 % 0xd800).expect("a character"))),
            3 => Expected::Plain(Value::Byte(bits as u8)),
            4 | 5 => Expected::Plain(Value::Number(f64::from_bits(bits))),
            6 => Expected::Plain(Value::Number(bits as f64)),
            7 => Expected::Plain(Value::Short(bits as u16)),
            8 => Expected::Plain(Value::Word(bits as u32)),
            9 => Expected::Plain(Value::SignedByte(bits as i8)),
            10 => Expected::Plain(Value::SignedShort(bits as i16)),
            11 => Expected::Plain(Value::Integer(bits as i32)),
            12 => Expected::Plain(Value::Single(f32::from_bits(bits as u32))),
            13 => Expected::Plain(Value::Undefined()),
            14 => Expected::Maybe(None),
            15 | 16 => Expected::Maybe(Some(text)),
            17 | 18 => Expected::Pair(text),
            19 => Expected::Any(text),
            20 => Expected::Weak(text),
            _ => Expected::Text(text),
        }
    }

    /// The value, and what keeps it alive if it does not do that itself.
    fn make<'gc>(&self, mc: Mutation<'gc>) -> (Packed<Value<'gc>>, Option<Gc<'gc, Str>>) {
        let value = match self {
            Expected::Plain(value) => copied(*value),
            Expected::Text(text) => Value::Text(mc.str(text)),
            Expected::Pair(text) => Value::Pair { pair: mc.new(pair(mc, text)) },
            Expected::Any(text) => Value::Any(mc.str(text).erase()),
            Expected::Weak(text) => {
                let text = mc.str(text);
                return (Value::Weak(mc.weak(text)).into(), Some(text));
            }
            Expected::Maybe(text) => Value::Maybe(text.as_ref().map(|text| mc.str(text))),
        };
        (value.into(), None)
    }

    #[track_caller]
    fn check<'gc>(&self, mc: Mutation<'gc>, packed: Packed<Value<'gc>>) {
        let is_same = match (self, packed.unpack()) {
            (Expected::Plain(expected), _) => packed.is_same(copied(*expected).pack()),
            (Expected::Text(text), Value::Text(string)) => string.as_str(mc) == text,
            (Expected::Pair(text), Value::Pair { pair }) => is_pair(mc, pair.get(mc), text),
            (Expected::Any(text), Value::Any(any)) => {
                any.downcast::<Str>(mc).is_some_and(|string| string.as_str(mc) == text)
            }
            (Expected::Weak(text), Value::Weak(weak)) => {
                weak.upgrade(mc).is_some_and(|string| string.as_str(mc) == text)
            }
            (Expected::Maybe(text), Value::Maybe(string)) => {
                string.map(|string| string.as_str(mc)) == text.as_deref()
            }
            _ => false,
        };
        assert!(is_same, "{packed:?} in place of {self:?}");
    }
}

/// A value without references, of another arena.
fn copied<'gc>(value: Value<'static>) -> Value<'gc> {
    match value {
        Value::Nil => Value::Nil,
        Value::Bool(value) => Value::Bool(value),
        Value::Char(value) => Value::Char(value),
        Value::Byte(value) => Value::Byte(value),
        Value::Number(value) => Value::Number(value),
        Value::Short(value) => Value::Short(value),
        Value::Word(value) => Value::Word(value),
        Value::SignedByte(value) => Value::SignedByte(value),
        Value::SignedShort(value) => Value::SignedShort(value),
        Value::Integer(value) => Value::Integer(value),
        Value::Single(value) => Value::Single(value),
        Value::Undefined() => Value::Undefined(),
        Value::Text(_) | Value::Pair { .. } | Value::Any(_) | Value::Weak(_) | Value::Maybe(_) => {
            panic!("it has references")
        }
    }
}

fn pair<'gc>(mc: Mutation<'gc>, text: &str) -> Pair<'gc> {
    let string = mc.str(text);
    Pair {
        before: Lock::new(Some(string)),
        first: Lock::new(Value::Text(string).into()),
        between: 7,
        second: Lock::new(Value::Number(1.5).into()),
    }
}

fn is_pair<'gc>(mc: Mutation<'gc>, pair: &Pair<'gc>, text: &str) -> bool {
    let Value::Text(string) = pair.first.get().unpack() else { return false };
    let is_same = pair.before.get().is_some_and(|before| before.ptr_eq(string));
    let number = Value::Number(1.5).pack();
    is_same && string.as_str(mc) == text && pair.second.get().is_same(number) && pair.between == 7
}

/// Values in the array, which has cards.
const VALUES: usize = 300;
/// Values in all.
const ALL: usize = VALUES + 5;

/// Values in an array and in other places.
#[derive(Trace)]
struct Values<'gc> {
    kept: Gc<'gc, Array<Lock<Option<Gc<'gc, Str>>>>>,
    array: Gc<'gc, Array<Lock<Packed<Value<'gc>>>>>,
    field: Lock<Packed<Value<'gc>>>,
    option: Lock<Option<Packed<Value<'gc>>>>,
    borrowed: RefLock<(u8, Packed<Value<'gc>>)>,
    vec: GcVec<'gc, Packed<Value<'gc>>>,
    map: Map<'gc, u32, Packed<Value<'gc>>>,
}

fn values(mc: Mutation<'_>) -> Values<'_> {
    Values {
        kept: mc.array_from_fn(ALL, |_| Lock::new(None)),
        array: mc.array_from_fn(VALUES, |_| Lock::default()),
        field: Lock::default(),
        option: Lock::default(),
        borrowed: RefLock::default(),
        vec: GcVec::new(),
        map: Map::new(),
    }
}

impl<'gc> Values<'gc> {
    fn all(&self, mc: Mutation<'gc>) -> impl Iterator<Item = Packed<Value<'gc>>> {
        let array = self.array.as_slice(mc).iter().map(Lock::get);
        array.chain([
            self.field.get(),
            self.option.get().unwrap_or_default(),
            self.borrowed.borrow().1,
            self.vec.get(mc, 0).unwrap_or_default(),
            self.map.get(mc, 7).unwrap_or_default(),
        ])
    }
}

fn store<'gc>(mc: Mutation<'gc>, root: Gc<'gc, Values<'gc>>, place: usize, value: Packed<Value<'gc>>) {
    let write = root.write(mc);
    match place.checked_sub(VALUES) {
        None => root.get(mc).array.set(mc, place, value),
        Some(0) => write.field(|values| &values.field).set(value),
        Some(1) => write.field(|values| &values.option).set(Some(value)),
        Some(2) => write.field(|values| &values.borrowed).borrow_mut().1 = value,
        Some(3) => {
            let vec = write.field(|values| &values.vec);
            vec.clear(mc);
            vec.push(mc, value);
        }
        _ => drop(write.field(|values| &values.map).insert(mc, 7, value)),
    }
}

#[test]
fn packed_values_are_what_they_were() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Values<'_>]>::new(config, values).unwrap();
        let mut random = Random::new(6);
        let mut expected = vec![Expected::Plain(Value::Nil); ALL];
        for _ in 0..1_000 {
            let place = if random.below(3) == 0 { VALUES + random.below(5) } else { random.below(VALUES) };
            expected[place] = Expected::random(&mut random);
            arena.mutate(|mc, root| {
                let (value, kept) = expected[place].make(mc);
                root.get(mc).kept.set(mc, place, kept);
                store(mc, root, place, value);
            });
            collect_in_any_way(&mut arena, &mut random);
            arena.mutate(|mc, root| {
                root.get(mc).all(mc).zip(&expected).for_each(|(value, expected)| expected.check(mc, value));
            });
        }
        arena.verify().unwrap();
    });
}

#[test]
fn ranges_of_packed_values_are_copied_over_cards() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Values<'_>]>::new(config, values).unwrap();
        arena.collect_full();
        arena.mutate(|mc, root| {
            let array = root.get(mc).array;
            array.write_range(mc, 60..70).fill(Value::Text(mc.str("text")).into());
            array.write_range(mc, 50..VALUES).copy_within(0..100, 50);
        });
        arena.collect_minor();
        arena.mutate(|mc, root| {
            let array = root.get(mc).array;
            let is_text = |index| matches!(array.at(mc, index).unpack(), Value::Text(text) if text.as_str(mc) == "text");
            let texts: Vec<_> = (0..VALUES).filter(|index| is_text(*index)).collect();
            assert!(texts.into_iter().eq((60..70).chain(110..120)));
        });
        arena.verify().unwrap();
    });
}

#[track_caller]
fn check_number(bits: u64) {
    let number = f64::from_bits(bits);
    let packed = Packed::from(Value::Number(number));
    let Value::Number(back) = packed.unpack() else { panic!("{packed:?} is not a number") };
    // Only NaNs that no processor makes of itself are changed, into another NaN.
    let comes_back = bits < 0xfff9 << 48;
    assert_eq!(bits == back.to_bits(), comes_back, "{back} in place of {number}");
    assert!(comes_back || back.is_nan());
    assert!(packed.is_same(Value::Number(back).pack()));
}

proptest! {
    #[test]
    fn numbers_come_back_bit_by_bit(bits in any::<u64>(), number in proptest::num::f64::ANY) {
        check_number(bits);
        check_number(number.to_bits());
        check_number(bits | 0xfff0 << 48);
    }

    #[test]
    fn words_come_back(word in any::<u32>(), letter in any::<char>(), truth in any::<bool>()) {
        assert!(matches!(Value::Word(word).pack().unpack(), Value::Word(same) if same == word));
        assert!(matches!(Value::Integer(word as i32).pack().unpack(), Value::Integer(same) if same == word as i32));
        assert!(matches!(Value::Short(word as u16).pack().unpack(), Value::Short(same) if same == word as u16));
        assert!(matches!(Value::SignedShort(word as i16).pack().unpack(), Value::SignedShort(same) if same == word as i16));
        assert!(matches!(Value::Byte(word as u8).pack().unpack(), Value::Byte(same) if same == word as u8));
        assert!(matches!(Value::SignedByte(word as i8).pack().unpack(), Value::SignedByte(same) if same == word as i8));
        assert!(matches!(Value::Char(letter).pack().unpack(), Value::Char(same) if same == letter));
        assert!(matches!(Value::Bool(truth).pack().unpack(), Value::Bool(same) if same == truth));
        let single = Value::Single(f32::from_bits(word)).pack();
        assert!(matches!(single.unpack(), Value::Single(same) if same.to_bits() == word));
    }
}

#[test]
fn numbers_at_the_ends_come_back() {
    for number in [0.0, -0.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY] {
        check_number(number.to_bits());
        check_number(number.to_bits() + 1);
    }
    for high in [0x7ff8_0000, 0xfff8_0000, 0xfff9_0000, 0xfffb_ffff, 0xfffc_0000, u32::MAX] {
        check_number(u64::from(high) << 32 | 8);
    }
    let (zero, negative) = (Value::Number(0.0).pack(), Value::Number(-0.0).pack());
    assert!(!zero.is_same(negative) && !zero.is_same(Value::Integer(0).pack()));
}

#[test]
fn the_same_word_in_another_variant_is_another_value() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).unwrap();
    arena.mutate(|mc, _| {
        let text = mc.str("text");
        let [text, any, maybe] =
            [Value::Text(text), Value::Any(text.into()), Value::Maybe(Some(text))].map(Packed::from);
        assert!(text.is_same(text) && !text.is_same(any) && !any.is_same(maybe));
        assert!(!Value::Nil.pack().is_same(Value::Undefined().pack()));
        assert!(!Value::Byte(1).pack().is_same(Value::Bool(true).pack()));
    });
}

/// A value that is packed by the compiler.
const NIL: Packed<Value<'static>> = Value::Nil.pack();
/// Values that are packed by the compiler.
const NUMBERS: [Packed<Value<'static>>; 2] = [Value::Number(1.5).pack(), Value::Integer(-1).pack()];

#[test]
fn values_are_packed_in_constants() {
    assert!(NIL.is_same(Packed::default()) && NIL.is_same(Value::Nil.into()));
    assert!(matches!(NUMBERS.map(Packed::unpack), [Value::Number(1.5), Value::Integer(-1)]));
    assert_eq!((size_of_val(&NIL), align_of_val(&NIL)), (8, 8));
}

/// Declares an enum of units and some more.
macro_rules! many {
    ($($unit:ident)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Trace, Pack)]
        enum Many { $($unit,)+ Number(f64), Integer(i32) }

        impl Many {
            const UNITS: &'static [Many] = &[$(Many::$unit),+];
        }
    };
}

many! {
    A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C0 C1 C2 C3 C4 C5 C6 C7 C8 C9
    D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 F0 F1 F2 F3 F4 F5 F6 F7 F8 F9
    G0 G1 G2 G3 G4 G5 G6 G7 G8 G9
}

#[test]
fn an_enum_may_have_many_variants() {
    for unit in Many::UNITS {
        assert_eq!(Packed::from(*unit).unpack(), *unit);
    }
    assert_eq!(Many::Integer(-1).pack().unpack(), Many::Integer(-1));
    assert_eq!(Many::Number(-1.0).pack().unpack(), Many::Number(-1.0));
}

/// An enum with a parameter, which the collector asks about.
#[derive(Clone, Copy, Trace, Pack)]
enum Either<'gc, T: gc_core::arena::Word<'gc>> {
    This(T),
    Other(Gc<'gc, u64>),
}

#[derive(Trace)]
struct Eithers<'gc> {
    reference: Packed<Either<'gc, Gc<'gc, u64>>>,
    word: Packed<Either<'gc, u32>>,
    other: Packed<Either<'gc, u32>>,
}

#[test]
fn an_enum_may_have_parameters() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Eithers<'_>]>::new(config, |mc| Eithers {
            reference: Either::This(mc.new(5)).pack(),
            word: Either::This(6).pack(),
            other: Either::Other(mc.new(7)).pack(),
        })
        .unwrap();
        arena.collect_minor();
        arena.collect_full();
        arena.compact();
        arena.mutate(|mc, root| {
            let Eithers { reference, word, other } = root.get(mc);
            assert!(matches!(reference.unpack(), Either::This(number) if *number.get(mc) == 5));
            assert!(matches!(word.unpack(), Either::This(6)));
            assert!(matches!(other.unpack(), Either::Other(number) if *number.get(mc) == 7));
        });
    });
}

/// An enum that is one number.
#[derive(Clone, Copy, Trace, Pack)]
enum Number {
    Only(f64),
}

#[test]
fn a_number_may_be_all_there_is() {
    let Number::Only(number) = Number::Only(1.5).pack().unpack();
    assert_eq!(number, 1.5);
    assert!(
        <Packed<Number> as Trace>::SLOTS.is_empty() && !<Packed<Value<'static>> as Trace>::SLOTS.is_empty()
    );
}

#[test]
fn values_are_named_in_snapshots() {
    let mut arena = Arena::<Root![Pair<'_>]>::new(Config::default(), |mc| pair(mc, "text")).unwrap();
    let snapshot = arena.snapshot();
    let object =
        snapshot.objects().find(|object| object.of_type().name().contains("Pair")).expect("the pair");
    let names: Vec<_> = object.references().map(|reference| reference.name().to_string()).collect();
    assert_eq!(names, ["before", "first"]);
}
