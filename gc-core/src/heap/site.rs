//! Allocation sites: places in a program that allocate, and what becomes of their objects.

use super::{Heap, HeapFull, Local};
use crate::collect::Scavenger;
use crate::object::{ObjectRef, Shape};
use crate::policy::{Pretenuring, SiteDecision, SiteFeedback};

/// A place in the program that allocates objects of one kind, such as a literal: see [`Heap::add_site`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site(u32);

/// Objects of a site that are followed from one scavenge to the next; twice as many at most, before half are let go.
const SAMPLE: usize = 512;

/// What is known of the objects of all sites.
#[derive(Debug, Default)]
pub(super) struct Sites(Vec<SiteAccount>);

/// What is known of the objects of a site.
#[derive(Debug)]
struct SiteAccount {
    decision: SiteDecision,
    /// Young objects allocated since the last scavenge.
    allocated: u64,
    /// Every so many of them is followed.
    stride: u64,
    followed: Vec<ObjectRef>,
}

impl SiteAccount {
    fn new() -> Self {
        SiteAccount { decision: SiteDecision::default(), allocated: 0, stride: 1, followed: Vec::new() }
    }

    fn note(&mut self, object: ObjectRef) {
        if self.allocated.is_multiple_of(self.stride) {
            self.followed.push(object);
        }
        self.allocated += 1;
        if self.followed.len() == 2 * SAMPLE {
            let mut index = 0;
            self.followed.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.stride *= 2;
        }
    }

    /// Ends the account of one scavenge and starts that of the next.
    fn digest(&mut self, policy: &Pretenuring, at_maximum: bool, survived: impl Fn(ObjectRef) -> bool) {
        let followed = self.followed.len() as u64;
        let alive = self.followed.drain(..).filter(|object| survived(*object)).count() as u64;
        let seen = SiteFeedback { allocated: followed, survived: alive };
        self.decision = policy.decide(self.decision, seen, at_maximum);
        (self.allocated, self.stride) = (0, 1);
    }
}

impl Sites {
    fn get(&mut self, site: Site) -> &mut SiteAccount {
        self.0.get_mut(site.0 as usize).expect("the site is one of this heap")
    }

    /// When the closure has been copied: decides where sites allocate from now on.
    pub(super) fn digest(&mut self, policy: &Pretenuring, at_maximum: bool, scavenger: &Scavenger<'_>) {
        for account in &mut self.0 {
            account.digest(policy, at_maximum, |object| scavenger.has_survived(object));
        }
    }
}

impl Heap {
    /// Adds a place in the program that allocates. If the [`Config`](crate::Config) says so, and nearly all objects that it allocates
    /// survive, [`Heap::alloc_at`] makes them in old space.
    ///
    /// ```
    /// use gc_core::policy::{Pretenuring, SiteDecision};
    /// use gc_core::{Config, Heap, Layout};
    ///
    /// let mut config = Config { pretenuring: Some(Pretenuring::default()), ..Config::default() };
    /// config.new_space.max_bytes = config.new_space.initial_bytes;
    /// let mut heap = Heap::new(config)?;
    /// let node = heap.register("node", Layout::Fixed { slots: 1, bytes: 0 });
    /// let site = heap.add_site();
    ///
    /// let mut head = None;
    /// for _ in 0..1_000 {
    ///     let next = heap.alloc_at(site, node)?;
    ///     heap.store(next, 0, head);
    ///     head = Some(next);
    /// }
    /// heap.collect_minor();
    /// assert_eq!(heap.site_decision(site), SiteDecision::Old);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_site(&mut self) -> Site {
        let number = self.sites.0.len() as u32;
        self.sites.0.push(SiteAccount::new());
        Site(number)
    }

    /// Where a site allocates.
    ///
    /// # Panics
    /// If `site` is one of another heap that has more of them.
    #[must_use]
    pub fn site_decision(&self, site: Site) -> SiteDecision {
        self.sites.0[site.0 as usize].decision
    }

    /// Allocates a fixed object with null slots and zero bytes, in new space or in old space by what has become of earlier
    /// objects of this `site`. Like every allocation, it may collect.
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// As [`Heap::alloc`], and if `site` is one of another heap that has more of them.
    pub fn alloc_at(&mut self, site: Site, shape: Shape) -> Result<Local, HeapFull> {
        let is_followed = self.config.pretenuring.is_some();
        if is_followed && self.site_decision(site) == SiteDecision::Old {
            let local = self.alloc_old(shape)?;
            self.record_site(self.resolve(local), site.0);
            return Ok(local);
        }
        let local = self.alloc(shape)?;
        let object = self.resolve(local);
        if is_followed {
            self.sites.get(site).note(object);
        }
        self.record_site(object, site.0);
        Ok(local)
    }
}
