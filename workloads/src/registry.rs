//! The workloads that there are.

use crate::programs::{
    adversary_array, adversary_ephemerons, adversary_list, adversary_promotion, adversary_remembered,
    adversary_survivors, big_heap, binary_trees, cluster, event_loop, fragmentation, gcbench, http_server,
    leak_cache, leak_closure, leak_listeners, leak_queue, linked_list, lru_cache, random_graph, ring, splay,
    stream, stream_naive, udp, websocket,
};
use crate::{Parameter, ParameterError, Parameters, Workload};

/// A workload by name: what it is for, what can be set, how to make one.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, in snake case.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Which behaviour of the collector it stresses.
    pub stresses: &'static str,
    /// Whether it is run when no workload is named: not if it takes much memory or more than a few seconds.
    pub by_default: bool,
    /// What can be set, besides [`SEED`](crate::SEED).
    pub parameters: &'static [Parameter],
    pub(crate) construct: fn(&Parameters) -> Box<dyn Workload>,
}

impl Entry {
    /// This workload's parameters: the defaults, changed by `overrides` of the form `name=value`.
    ///
    /// # Errors
    /// The first override that cannot be taken.
    pub fn parse<I>(&self, overrides: I) -> Result<Parameters, ParameterError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Parameters::parse(self.parameters, overrides)
    }

    /// The workload with these parameters.
    ///
    /// # Panics
    /// If `parameters` are those of another workload.
    #[must_use]
    pub fn make(&self, parameters: &Parameters) -> Box<dyn Workload> {
        (self.construct)(parameters)
    }

    /// The workload with its default parameters, changed by `overrides` of the form `name=value`.
    ///
    /// # Errors
    /// The first override that cannot be taken.
    pub fn workload<I>(&self, overrides: I) -> Result<Box<dyn Workload>, ParameterError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Ok(self.make(&self.parse(overrides)?))
    }
}

static REGISTRY: [Entry; 26] = [
    binary_trees::ENTRY,
    gcbench::ENTRY,
    ring::ENTRY,
    splay::ENTRY,
    linked_list::ENTRY,
    random_graph::ENTRY,
    lru_cache::ENTRY,
    fragmentation::ENTRY,
    event_loop::ENTRY,
    http_server::ENTRY,
    websocket::ENTRY,
    udp::ENTRY,
    cluster::ENTRY,
    big_heap::ENTRY,
    stream::ENTRY,
    stream_naive::ENTRY,
    leak_cache::ENTRY,
    leak_queue::ENTRY,
    leak_closure::ENTRY,
    leak_listeners::ENTRY,
    adversary_survivors::ENTRY,
    adversary_promotion::ENTRY,
    adversary_list::ENTRY,
    adversary_array::ENTRY,
    adversary_remembered::ENTRY,
    adversary_ephemerons::ENTRY,
];

/// Every workload, the best known first.
#[must_use]
pub fn registry() -> &'static [Entry] {
    &REGISTRY
}

/// The workload called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    registry().iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::{find, registry};
    use std::collections::HashSet;

    #[test]
    fn every_workload_is_found_by_its_name() {
        for entry in registry() {
            assert_eq!(find(entry.name).map(|found| found.name), Some(entry.name));
        }
        assert!(find("no_such_workload").is_none());
    }

    #[test]
    fn no_two_workloads_and_no_two_parameters_share_a_name() {
        let names: HashSet<_> = registry().iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), registry().len());
        for entry in registry() {
            let names: HashSet<_> = entry.parameters.iter().map(|parameter| parameter.name).collect();
            assert_eq!(names.len(), entry.parameters.len(), "{}", entry.name);
            assert!(!names.contains(crate::SEED.name), "{} declares the seed itself", entry.name);
        }
    }

    #[test]
    fn defaults_lie_in_their_range() {
        for parameter in registry().iter().flat_map(|entry| entry.parameters) {
            assert!((parameter.min..=parameter.max).contains(&parameter.default), "{parameter:?}");
        }
    }

    #[test]
    fn every_corner_of_the_parameters_makes_a_workload() {
        for entry in registry() {
            let corner = |pick: fn(&crate::Parameter) -> u64| {
                entry.parameters.iter().map(move |p| format!("{}={}", p.name, pick(p))).collect::<Vec<_>>()
            };
            for overrides in [corner(|p| p.min), corner(|p| p.max)] {
                let workload = entry.workload(&overrides).expect("a value at the edge of its range is legal");
                assert!(workload.operations() > 0, "{overrides:?}");
                assert!(workload.live_bytes() > 0, "{overrides:?}");
            }
        }
    }
}
