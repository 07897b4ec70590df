//! Runs a script.

use super::audience::{Audience, Stage};
use super::biography::Biographer;
use super::chronicle::Chronicle;
use super::syntax::{Action, Assertion, Comparison, Made, Path, SlotPath, Statement, Value};
use super::{Place, ScriptError, Summary};
use gc_core::snapshot::Space;
use gc_core::{Glimpse, Heap, HeapFull, Layout, Local, Root, Watcher, Weak};
use std::collections::BTreeMap;

/// Garbage is made in objects of this size.
const GARBAGE_BYTES: u64 = 1 << 10;
/// What the header of an object takes.
const HEADER_BYTES: u64 = 8;

/// A script under way.
pub(super) struct Machine<'m> {
    audience: &'m mut dyn Audience,
    variables: BTreeMap<String, Held>,
    chronicle: Chronicle,
    /// There if the script asks what has become of objects.
    biographer: Option<Biographer>,
    asserts: u64,
}

/// What a variable holds.
enum Held {
    Null,
    Strong(Root),
    Weak(Weak),
}

/// Several that watch one heap. All are told of moves.
struct Watchers(Vec<Box<dyn Watcher>>);

impl Watcher for Watchers {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        self.0.iter_mut().for_each(|watcher| watcher.look(glimpse));
    }
}

type Done<T> = Result<T, ScriptError>;

impl<'m> Machine<'m> {
    /// A machine whose script has not started.
    pub(super) fn new(heap: &mut Heap, audience: &'m mut dyn Audience, statements: &[Statement]) -> Self {
        let asks_why = statements.iter().any(|statement| statement.action.asks_why());
        let biographer = asks_why.then(Biographer::default);
        let own = biographer.clone().map(|biographer| Box::new(biographer) as Box<dyn Watcher>);
        let watchers: Vec<_> = own.into_iter().chain(audience.watcher()).collect();
        if !watchers.is_empty() {
            heap.watch(Box::new(Watchers(watchers)));
        }
        let chronicle = Chronicle::new(heap);
        Machine { audience, variables: BTreeMap::new(), chronicle, biographer, asserts: 0 }
    }

    /// Runs all of a script.
    pub(super) fn run(mut self, heap: &mut Heap, statements: &[Statement]) -> Done<Summary> {
        for statement in statements {
            self.statement(heap, statement)?;
            let Machine { audience, chronicle, .. } = &mut self;
            audience.stepped(&Stage { place: statement.place, heap, chronicle });
        }
        Ok(Summary { asserts: self.asserts, collections: self.chronicle.pauses() })
    }

    fn block(&mut self, heap: &mut Heap, statements: &[Statement]) -> Done<()> {
        statements.iter().try_for_each(|statement| self.statement(heap, statement))
    }

    fn statement(&mut self, heap: &mut Heap, Statement { place, action }: &Statement) -> Done<()> {
        self.biographer.iter().for_each(|biographer| biographer.reach_line(place.line));
        let done = heap.scope(|heap| self.act(heap, *place, action));
        if let Some(collected) = self.chronicle.look(heap, *place) {
            self.audience.collected(&collected);
        }
        done
    }

    fn act(&mut self, heap: &mut Heap, place: Place, action: &Action) -> Done<()> {
        match action {
            Action::Assign { name, value, may_be_refused: false } => self.assign(heap, place, name, value),
            Action::Assign { name, value, may_be_refused: true } => {
                match self.assign(heap, place, name, value) {
                    Err(ScriptError::Failed { .. }) => Ok(()),
                    done => done,
                }
            }
            Action::Store { slot, value } => self.store(heap, place, slot, value),
            Action::Drop(names) => names.iter().try_for_each(|(place, name)| self.forget(*place, name)),
            Action::Fill(bytes) => fill(heap, *bytes).map_err(|full| failed(place, full)),
            Action::Assert(assertion) => self.assert(heap, place, assertion),
            Action::Why { path, name } => self.why(heap, place, path.as_ref(), name),
            Action::Repeat { count, body } => (0..*count).try_for_each(|_| self.block(heap, body)),
            Action::Collect(collect) => {
                collect(heap);
                Ok(())
            }
            Action::Step(budget) => {
                heap.step(*budget);
                Ok(())
            }
        }
    }

    fn assign(&mut self, heap: &mut Heap, place: Place, name: &str, value: &Value) -> Done<()> {
        let held = match value {
            Value::Weak(path) => {
                let object = self.object(heap, path)?;
                Held::Weak(heap.weak(object))
            }
            _ => match self.value(heap, place, name, value)? {
                Some(object) => Held::Strong(heap.root(object)),
                None => Held::Null,
            },
        };
        self.variables.insert(name.into(), held);
        Ok(())
    }

    fn store(&mut self, heap: &mut Heap, place: Place, slot: &SlotPath, value: &Value) -> Done<()> {
        let SlotPath { holder, index } = slot;
        let name = format!("{}.{index}", holder.text());
        let value = self.value(heap, place, &name, value)?;
        let object = self.object(heap, holder)?;
        check_slot(heap, object, holder, *index)?;
        heap.store(object, *index, value);
        Ok(())
    }

    fn forget(&mut self, place: Place, name: &str) -> Done<()> {
        self.variables.remove(name).map(drop).ok_or_else(|| unknown(place, name))
    }

    /// What a value is; a new object is called `name`.
    fn value(&mut self, heap: &mut Heap, place: Place, name: &str, value: &Value) -> Done<Option<Local>> {
        match value {
            Value::Null => Ok(None),
            Value::Of(path) | Value::Weak(path) => self.resolve(heap, path),
            Value::New(made) => {
                let object = self.make(heap, place, made)?;
                let name = self.chronicle.follow(heap, name, object);
                self.biographer.iter().for_each(|biographer| biographer.follow(heap, &name, object));
                Ok(Some(object))
            }
        }
    }

    fn make(&mut self, heap: &mut Heap, place: Place, made: &Made) -> Done<Local> {
        let object = match *made {
            Made::Node { slots, bytes } => {
                let shape = heap.try_register("node", Layout::Fixed { slots, bytes });
                heap.alloc(shape.map_err(|error| ScriptError::mistake(place, error.to_string()))?)
            }
            Made::Array { slots } => {
                let shape = heap.register("array", Layout::Slots);
                heap.alloc_array(shape, slots)
            }
            Made::Bytes { length } => {
                let shape = heap.register("bytes", Layout::Bytes);
                heap.alloc_array(shape, length)
            }
            Made::Buffer { bytes } => heap.alloc_buffer(bytes),
            Made::Ephemeron { ref key, ref value } => {
                let shape = heap.register("ephemeron", Layout::Ephemeron);
                let (key, value) = (self.resolve(heap, key)?, self.resolve(heap, value)?);
                heap.alloc_ephemeron(shape, key, value)
            }
        };
        object.map_err(|full| failed(place, full))
    }

    /// Tells what has become of an object. A path that leads nowhere may be the name of an object that is gone.
    fn why(&mut self, heap: &mut Heap, place: Place, path: Option<&Path>, name: &str) -> Done<()> {
        let Some(biographer) = &self.biographer else { return Ok(()) };
        let object = path.and_then(|path| self.resolve(heap, path).ok().flatten());
        let of_object = object.and_then(|object| biographer.of_place(heap.view(object).place()));
        let answer = of_object.or_else(|| biographer.of_name(name));
        let unknown = || ScriptError::mistake(place, format!("no object was made as `{name}`"));
        self.audience.answered(&answer.ok_or_else(unknown)?);
        Ok(())
    }

    /// What is at the end of a path, which must be an object.
    fn object(&self, heap: &mut Heap, path: &Path) -> Done<Local> {
        let found = self.resolve(heap, path)?;
        found.ok_or_else(|| ScriptError::mistake(path.place, format!("`{}` is null", path.text())))
    }

    /// What is at the end of a path.
    fn resolve(&self, heap: &mut Heap, path: &Path) -> Done<Option<Local>> {
        let mut object = self.variable(heap, path)?;
        for (depth, index) in path.slots.iter().enumerate() {
            let so_far = Path { slots: path.slots[..depth].into(), ..path.clone() };
            let Some(holder) = object else {
                let problem = format!("`{}` is null, and has no slots", so_far.text());
                return Err(ScriptError::mistake(path.place, problem));
            };
            check_slot(heap, holder, &so_far, *index)?;
            object = heap.load(holder, *index);
        }
        Ok(object)
    }

    fn variable(&self, heap: &mut Heap, path: &Path) -> Done<Option<Local>> {
        match self.variables.get(&path.name) {
            None => Err(unknown(path.place, &path.name)),
            Some(Held::Null) => Ok(None),
            Some(Held::Strong(root)) => Ok(Some(heap.get(root))),
            Some(Held::Weak(weak)) => Ok(heap.upgrade(weak)),
        }
    }

    fn assert(&mut self, heap: &mut Heap, place: Place, assertion: &Assertion) -> Done<()> {
        let problem = match assertion {
            Assertion::In(path, space) => self.check_space(heap, path, *space)?,
            Assertion::Age(path, comparison, age) => {
                let object = self.object(heap, path)?;
                let found = heap.view(object).age().into();
                differs(&format!("the age of `{}`", path.text()), *comparison, *age, found)
            }
            Assertion::Same(path, other) => self.check_same(heap, path, other.as_ref())?,
            Assertion::Figure(figure, comparison, expected) => {
                let found = (figure.read)(heap, self.chronicle.seen());
                differs(&format!("`{}`", figure.name), *comparison, *expected, found)
            }
        };
        self.asserts += 1;
        problem.map_or(Ok(()), |problem| Err(ScriptError::Failed { place, problem }))
    }

    fn check_space(&self, heap: &mut Heap, path: &Path, expected: Space) -> Done<Option<String>> {
        let object = self.object(heap, path)?;
        let found = heap.view(object).space();
        let problem =
            || format!("`{}` was expected in {}, but is in {}", path.text(), name(expected), name(found));
        Ok((found != expected).then(problem))
    }

    fn check_same(&self, heap: &mut Heap, path: &Path, other: Option<&Path>) -> Done<Option<String>> {
        let found = self.resolve(heap, path)?;
        let expected = other.map_or(Ok(None), |other| self.resolve(heap, other))?;
        let is_same = match (found, expected) {
            (Some(found), Some(expected)) => heap.view(found).same(heap.view(expected)),
            (found, expected) => found.is_none() && expected.is_none(),
        };
        let word = |object: Option<Local>| if object.is_some() { "another object" } else { "null" };
        let expected = other.map_or("null".into(), |other| format!("the object of `{}`", other.text()));
        let problem = || format!("`{}` was expected to be {expected}, but is {}", path.text(), word(found));
        Ok((!is_same).then(problem))
    }
}

/// Makes objects that nothing refers to, of so many bytes in all, rounded up to a multiple of 8.
fn fill(heap: &mut Heap, bytes: u64) -> Result<(), HeapFull> {
    let shape = heap.register("garbage", Layout::Bytes);
    let mut left = bytes;
    while left > 0 {
        let size = left.clamp(HEADER_BYTES, GARBAGE_BYTES);
        heap.scope(|heap| heap.alloc_array(shape, (size - HEADER_BYTES) as u32).map(drop))?;
        left = left.saturating_sub(size);
    }
    Ok(())
}

fn check_slot(heap: &Heap, object: Local, path: &Path, index: u32) -> Done<()> {
    let slots = heap.view(object).slots();
    if index < slots {
        return Ok(());
    }
    let problem = format!("`{}` has no slot {index}: it has {slots}", path.text());
    Err(ScriptError::mistake(path.place, problem))
}

/// What is wrong with a figure, if anything is.
fn differs(what: &str, comparison: Comparison, expected: u64, found: u64) -> Option<String> {
    let problem = || format!("{what} was expected to be {}{expected}, but is {found}", comparison.words());
    (!comparison.holds(found, expected)).then(problem)
}

fn unknown(place: Place, name: &str) -> ScriptError {
    ScriptError::mistake(place, format!("there is no variable `{name}`"))
}

fn failed(place: Place, full: HeapFull) -> ScriptError {
    ScriptError::Failed { place, problem: full.to_string() }
}

fn name(space: Space) -> &'static str {
    match space {
        Space::New => "new space",
        Space::Old => "old space",
        Space::Large => "pages of its own",
    }
}
