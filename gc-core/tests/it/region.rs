//! A host that grants little address space: a smaller heap, or none, but no crash.

use crate::support::{alone, assert_list, heap, list, make_garbage, make_old, node, recorded};
use gc_core::event::Event;
use gc_core::{Config, ConfigError, Heap, Layout, Stress};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const GIB_IN_KIB: u64 = 1 << 20;

fn config() -> Config {
    let stress = Stress { verify: true, poison: true, ..Stress::default() };
    Config { huge_pages: false, stress, ..Config::default() }
}

#[test]
fn a_host_that_refuses_the_full_region_gets_a_smaller_heap() {
    alone("region::a_host_that_refuses_the_full_region_gets_a_smaller_heap", Some(GIB_IN_KIB), || {
        let mut heap = heap(config());
        let max_old_bytes = heap.config().max_old_bytes;
        assert!((400 << 20..512 << 20).contains(&max_old_bytes), "{max_old_bytes} of 512 MiB");
        let node = node(&mut heap);
        let head = list(&mut heap, node, 20_000);
        make_garbage(&mut heap, node, 100_000);
        make_old(&mut heap);
        heap.collect_full();
        assert_list(&heap, head, 20_000);
    });
}

#[test]
fn a_small_region_can_be_filled() {
    alone("region::a_small_region_can_be_filled", Some(GIB_IN_KIB / 4), || {
        let mut heap = heap(Config { stress: Stress::default(), ..config() });
        let large = heap.register("large", Layout::Bytes);
        let mut roots = Vec::new();
        while let Ok(object) =
            heap.scope(|heap| heap.alloc_array(large, 1_000_000).map(|object| heap.root(object)))
        {
            roots.push(object);
        }
        let held = roots.len() as u64 * 1_000_000;
        assert!(held > heap.config().max_old_bytes / 2, "{held}");
        assert_eq!(heap.verify(), Ok(()));
        roots.clear();
        heap.collect_full();
        assert_eq!(heap.usage().large_total, 0);
    });
}

// The callback gives up in the end, so that the test ends even if the heap would go on asking.
#[test]
fn a_limit_is_not_raised_beyond_the_region() {
    alone("region::a_limit_is_not_raised_beyond_the_region", Some(GIB_IN_KIB), || {
        let (mut heap, recorder) = recorded(config());
        let (limit_bytes, asked) = (heap.config().max_old_bytes, Arc::new(AtomicU32::new(0)));
        let counter = Arc::clone(&asked);
        heap.on_near_limit(Box::new(move |_| {
            (counter.fetch_add(1, Ordering::Relaxed) < 100).then_some(u64::MAX)
        }));
        let bytes = heap.register("bytes", Layout::Bytes);
        assert!(heap.alloc_array(bytes, 1 << 30).is_err(), "more than the region");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "an answer that helps nothing ends it");
        assert_eq!(heap.config().max_old_bytes, limit_bytes);
        let raised = |event: &Event| matches!(event, Event::MaximumRaised { .. });
        assert!(!recorder.take().iter().any(raised), "nothing has been raised");
    });
}

#[test]
fn a_host_without_address_space_is_an_error() {
    alone("region::a_host_without_address_space_is_an_error", Some(GIB_IN_KIB / 10), || {
        let error = Heap::new(config()).expect_err("100 MiB are too little");
        let ConfigError::NoAddressSpace { requested_bytes, .. } = &error else { panic!("{error}") };
        assert!((128 << 20..130 << 20).contains(requested_bytes), "{error}");
        let said = format!("the system refused to reserve {requested_bytes} bytes for the heap: ");
        assert!(error.to_string().starts_with(&said), "{error}");
    });
}
