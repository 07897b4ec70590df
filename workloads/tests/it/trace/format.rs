//! What is written is what is read.

use crate::configs::{heap, plain};
use gc_core::Budget;
use gc_core::event::Nanos;
use gc_core::record::Request;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use std::collections::HashMap;
use workloads::trace::{
    Evidence, Form, Part, Replay, Totals, TraceFile, TraceHeader, TraceOp, TraceRef, TraceWriter,
};

/// One call of a writer, with operands that choose among what there is.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    Shape(Form),
    Allocate { shape: usize, length: u32, reference: Option<(u32, usize)> },
    Store { holder: usize, place: u32, target: Option<usize> },
    Root { root: u32, target: Option<usize> },
    Die(usize),
    Point,
    Settle,
    Request(Request),
}

/// What a trace must do, object by object in the order of allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Effect {
    Allocate { form: Form, length: u32 },
    Store { holder: usize, place: u32, target: Option<usize> },
    Root { root: u32, target: Option<usize> },
    Point,
    Request(Request),
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        (0_u16..20, 0_u32..100).prop_map(|(slots, bytes)| Form::Fixed { slots, bytes }),
        (0_usize..5).prop_map(|which| {
            [Form::Slots, Form::Bytes, Form::Values, Form::Ephemeron, Form::Buffer][which]
        }),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    (0_usize..5, 0_u64..1_000_000).prop_map(|(which, amount)| {
        let steps = [Request::Step(Budget::Work(amount)), Request::Step(Budget::Time(Nanos(amount)))];
        [Request::Minor, Request::Full, Request::Compact, steps[0], steps[1]][which]
    })
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        1 => form().prop_map(Call::Shape),
        8 => (any::<usize>(), 0_u32..300, any::<Option<(u32, usize)>>())
            .prop_map(|(shape, length, reference)| Call::Allocate { shape, length, reference }),
        8 => (any::<usize>(), any::<u32>(), any::<Option<usize>>())
            .prop_map(|(holder, place, target)| Call::Store { holder, place, target }),
        4 => (any::<u32>(), any::<Option<usize>>()).prop_map(|(root, target)| Call::Root { root, target }),
        4 => any::<usize>().prop_map(Call::Die),
        2 => proptest::strategy::Just(Call::Point),
        1 => proptest::strategy::Just(Call::Settle),
        1 => request().prop_map(Call::Request),
    ]
}

/// A file that calls have made, with what it must do.
struct Written {
    writer: TraceWriter<Vec<u8>>,
    shapes: Vec<Form>,
    /// Living objects: their numbers and how many were allocated before them.
    living: Vec<(u32, usize)>,
    forms: Vec<(Form, u32)>,
    free: Vec<u32>,
    numbers: u32,
    roots: u32,
    effects: Vec<Effect>,
}

impl Written {
    fn by(calls: &[Call]) -> Written {
        let mut written = Written {
            writer: TraceWriter::new(Vec::new(), &header()),
            shapes: Vec::new(),
            living: Vec::new(),
            forms: Vec::new(),
            free: Vec::new(),
            numbers: 0,
            roots: 0,
            effects: Vec::new(),
        };
        calls.iter().for_each(|call| written.make(call));
        written
    }

    fn living(&self, pick: usize) -> Option<(u32, usize)> {
        self.living.get(pick.checked_rem(self.living.len())?).copied()
    }

    fn make(&mut self, call: &Call) {
        match call.clone() {
            Call::Shape(form) => {
                let number = self.writer.shape("shape", form);
                if number as usize == self.shapes.len() {
                    self.shapes.push(form);
                }
            }
            Call::Allocate { shape, length, reference } if !self.shapes.is_empty() => {
                self.allocate(shape % self.shapes.len(), length, reference);
            }
            Call::Store { holder, place, target } => self.store(holder, place, target),
            Call::Root { root, target } => {
                let root = root % (self.roots + 1);
                self.roots = self.roots.max(root + 1);
                let target = target.and_then(|target| self.living(target));
                self.writer.root(root, target.map(|(number, _)| number));
                self.effects.push(Effect::Root { root, target: target.map(|(_, birth)| birth) });
            }
            Call::Die(pick) => {
                if let Some((number, _)) = self.living(pick) {
                    self.living.retain(|(other, _)| *other != number);
                    self.free.push(number);
                    self.writer.die(number);
                }
            }
            Call::Point => {
                self.writer.point();
                self.effects.push(Effect::Point);
            }
            Call::Settle => self.writer.settle(),
            Call::Request(request) => {
                self.writer.request(request);
                self.effects.push(Effect::Request(request));
            }
            Call::Allocate { .. } => {}
        }
    }

    fn allocate(&mut self, shape: usize, length: u32, reference: Option<(u32, usize)>) {
        let form = self.shapes[shape];
        let length = if form.has_length() { length } else { 0 };
        let number = self.free.pop().unwrap_or_else(|| {
            self.numbers += 1;
            self.numbers - 1
        });
        let reference = reference.and_then(|(place, target)| {
            Some((place.checked_rem(form.places(length))?, self.living(target)?))
        });
        let references: Vec<_> = reference.iter().map(|(place, (target, _))| (*place, *target)).collect();
        self.writer.allocate_with(number, shape as u32, length, &references);
        let holder = self.forms.len();
        self.living.push((number, holder));
        self.forms.push((form, length));
        self.effects.push(Effect::Allocate { form, length });
        self.effects.extend(reference.map(|(place, (_, target))| Effect::Store {
            holder,
            place,
            target: Some(target),
        }));
    }

    fn store(&mut self, holder: usize, place: u32, target: Option<usize>) {
        let Some((number, holder)) = self.living(holder) else { return };
        let (form, length) = self.forms[holder];
        let Some(place) = place.checked_rem(form.places(length)) else { return };
        let target = target.and_then(|target| self.living(target));
        self.writer.store(number, place, target.map(|(number, _)| number));
        self.effects.push(Effect::Store { holder, place, target: target.map(|(_, birth)| birth) });
    }
}

pub(crate) fn header() -> TraceHeader {
    let header = TraceHeader {
        source: "a test".into(),
        made_by: "tenure".into(),
        parameters: vec![("depth".into(), "3".into()), ("seed".into(), "1".into())],
        ..TraceHeader::default()
    };
    header.with(Part::Sizes, Evidence::Recorded).with(Part::Roots, Evidence::Synthetic)
}

/// What a file does, with objects told by how many were allocated before them.
fn read(file: &Vec<u8>) -> (Vec<Effect>, Totals) {
    let trace = TraceFile::open(file).expect("it is whole");
    assert_eq!(trace.header(), &header());
    let mut reader = trace.reader();
    let (mut effects, mut names, mut allocated) = (Vec::new(), HashMap::new(), 0);
    while let Some(op) = reader.next().expect("it is whole") {
        let birth = |object, names: &HashMap<u32, usize>| match object {
            TraceRef::Recent(ago) => allocated - 1 - ago as usize,
            TraceRef::Named(name) => names[&name],
        };
        match op {
            TraceOp::Allocate { shape, length, name } => {
                names.extend(name.map(|name| (name, allocated)));
                allocated += 1;
                effects.push(Effect::Allocate { form: reader.shapes()[shape as usize].form, length });
            }
            TraceOp::Store { holder, place, target } => {
                let [holder, target] = [Some(holder), target].map(|it| it.map(|it| birth(it, &names)));
                effects.push(Effect::Store { holder: holder.expect("a holder"), place, target });
            }
            TraceOp::Root { root, target } => {
                effects.push(Effect::Root { root, target: target.map(|it| birth(it, &names)) });
            }
            TraceOp::Die { name } => {
                names.remove(&name);
            }
            TraceOp::Point => effects.push(Effect::Point),
            TraceOp::Request(request) => effects.push(Effect::Request(request)),
        }
    }
    (effects, *trace.totals())
}

proptest! {
    #[test]
    fn a_trace_is_read_as_it_was_written(calls in proptest::collection::vec(call(), 0..400)) {
        let written = Written::by(&calls);
        let expected = written.effects.clone();
        let file = written.writer.finish().expect("memory takes everything");
        let (found, totals) = read(&file);
        assert_eq!(found, expected);
        let count = |is: fn(&Effect) -> bool| found.iter().filter(|effect| is(effect)).count() as u64;
        assert_eq!(totals.allocations, count(|it| matches!(it, Effect::Allocate { .. })));
        assert_eq!(totals.stores, count(|it| matches!(it, Effect::Store { .. })));
        assert_eq!(totals.roots, count(|it| matches!(it, Effect::Root { .. })));
        assert_eq!(totals.points, count(|it| matches!(it, Effect::Point)));
    }

    #[test]
    fn whatever_is_written_can_be_replayed(calls in proptest::collection::vec(call(), 0..200)) {
        let file = Written::by(&calls).writer.finish().expect("memory takes everything");
        let replay = Replay::new(TraceFile::open(&file).expect("it is whole"));
        let mut heap = heap(plain());
        let replayed = replay.run(&mut heap, &mut |_| ()).expect("there is room");
        assert_eq!(replayed.operations, replay.totals().operations());
        heap.verify().expect("a sound heap");
    }
}

#[test]
fn an_object_that_dies_without_being_named_again_has_no_name() {
    let mut writer = TraceWriter::new(Vec::new(), &header());
    let cell = writer.shape("cell", Form::Fixed { slots: 1, bytes: 0 });
    for number in 0..4 {
        writer.allocate(number, cell, 0);
    }
    writer.store(1, 0, Some(0));
    writer.point();
    // Both are in the window still, but only 2 is named from beyond the point, and 3 lives on.
    writer.root(0, Some(2));
    [0, 1, 2].into_iter().for_each(|number| writer.die(number));
    let file = writer.finish().expect("memory takes everything");
    let totals = *TraceFile::open(&file).expect("it is whole").totals();
    assert_eq!((totals.allocations, totals.named, totals.deaths), (4, 2, 1));
}

#[test]
fn sizes_are_those_of_a_heap() {
    let forms = [
        Form::Fixed { slots: 0, bytes: 0 },
        Form::Fixed { slots: 3, bytes: 9 },
        Form::Fixed { slots: 1, bytes: 1_000 },
        Form::Slots,
        Form::Bytes,
        Form::Values,
        Form::Ephemeron,
        Form::Buffer,
    ];
    let mut heap = heap(plain());
    for form in forms {
        for length in [0, 1, 7, 64, 65, 128, 129, 8_192, 8_193, 100_000] {
            let object = match form.layout().map(|layout| heap.register("shape", layout)) {
                None => heap.alloc_buffer(length),
                Some(shape) if form == Form::Ephemeron => heap.alloc_ephemeron(shape, None, None),
                Some(shape) if form.has_length() => heap.alloc_array(shape, length),
                Some(shape) => heap.alloc(shape),
            };
            let view = heap.view(object.expect("room"));
            assert_eq!(form.object_bytes(length), view.size_bytes(), "{form:?} of {length}");
            assert_eq!(form.places(length), view.slots().max(view.values()), "{form:?} of {length}");
        }
    }
}

#[test]
fn objects_keep_their_names_from_window_to_window() {
    let mut writer = TraceWriter::new(Vec::new(), &header());
    let cell = writer.shape("cell", Form::Fixed { slots: 1, bytes: 0 });
    // A list of every tenth object, each of which dies when the list has gone on by a hundred.
    let lasting = |round: u32| round / 10 % 100;
    for round in 0..200_000 {
        let number = if round % 10 == 0 { lasting(round) } else { 1_000 };
        if round >= 1_000 && round % 10 == 0 {
            writer.die(number);
        }
        let before = (round >= 10).then(|| (0, lasting(round - 10)));
        writer.allocate_with(number, cell, 0, before.as_slice());
        writer.point();
        if number == 1_000 {
            writer.die(number);
        } else {
            writer.root(0, Some(number));
            writer.settle();
        }
    }
    let file = writer.finish().expect("memory takes everything");
    let trace = TraceFile::open(&file).expect("it is whole");
    assert_eq!(
        (trace.totals().allocations, trace.totals().named, trace.totals().deaths),
        (200_000, 20_000, 19_900)
    );
    let mut heap = heap(plain());
    let replayed = Replay::new(trace).run(&mut heap, &mut |_| ()).expect("there is room");
    assert_eq!((replayed.operations, replayed.lost), (200_000 + 199_990 + 20_000 + 19_900, 0));
}
