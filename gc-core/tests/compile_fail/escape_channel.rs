//! A reference cannot be sent through a channel that outlives the closure.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::sync::mpsc::channel;

fn main() {
    let (sender, receiver) = channel();
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| sender.send(root).expect("sent"));
    drop(receiver.recv());
}
