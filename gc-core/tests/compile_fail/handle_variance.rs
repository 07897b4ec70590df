//! A handle does not turn into one of another type by subtyping: the two may stand for different objects.

#![allow(coherence_leak_check)]

use gc_core::arena::{Handle, Rootable};
use std::marker::PhantomData;

struct Of<F>(PhantomData<F>);

type General = Of<for<'a> fn(&'a ())>;
type Special = Of<fn(&'static ())>;

impl<'gc> Rootable<'gc> for General {
    type Root = (usize, usize);
}

impl<'gc> Rootable<'gc> for Special {
    type Root = &'static str;
}

fn forge(numbers: Handle<General>) -> Handle<Special> {
    numbers
}

fn main() {}
