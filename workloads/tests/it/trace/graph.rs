//! What a heap holds, in a form that two heaps can be compared in.

use gc_core::Heap;
use gc_core::snapshot::{Object, Snapshot};
use workloads::Checksum;

/// How far around each object its neighbourhood is told.
const ROUNDS: usize = 6;

/// The objects that the roots reach, each told by its type, size and what it refers to in which place, as far as
/// some steps away; in no order that depends on the heap. What a replay keeps for itself is left out.
pub(crate) fn graph_of(heap: &Heap) -> Vec<u64> {
    let snapshot = heap.snapshot();
    let mut told: Vec<u64> = snapshot.objects().map(|object| told_alone(object)).collect();
    for _ in 0..ROUNDS {
        told = snapshot.objects().map(|object| told_with_targets(object, &told)).collect();
    }
    let roots = rooted(&snapshot);
    let objects = snapshot
        .objects()
        .zip(told)
        .zip(roots)
        .filter(|((object, _), _)| object.of_type().name() != "nothing");
    let mut graph: Vec<u64> =
        objects.map(|((_, told), roots)| [told, roots].into_iter().collect::<Checksum>().value()).collect();
    graph.sort_unstable();
    graph
}

fn told_alone(object: Object<'_>) -> u64 {
    let mut checksum = Checksum::default();
    checksum.add_bytes(object.of_type().name().as_bytes());
    checksum.add(object.size_bytes());
    checksum.add(object.external_bytes());
    checksum.value()
}

fn told_with_targets(object: Object<'_>, told: &[u64]) -> u64 {
    let mut checksum = Checksum::default();
    checksum.add(told[object.id().index()]);
    for reference in object.references() {
        checksum.add_bytes(reference.name().to_string().as_bytes());
        checksum.add(told[reference.to.index()]);
    }
    checksum.value()
}

/// How many roots each object has.
fn rooted(snapshot: &Snapshot) -> Vec<u64> {
    let mut roots = vec![0; snapshot.len()];
    snapshot.roots().for_each(|root| roots[root.object.index()] += 1);
    roots
}
