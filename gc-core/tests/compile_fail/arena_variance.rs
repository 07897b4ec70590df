//! An arena does not turn into one with another root by subtyping.

#![allow(coherence_leak_check)]

use gc_core::arena::{Arena, Rootable};
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

fn forge(numbers: Arena<General>) -> Arena<Special> {
    numbers
}

fn main() {}
