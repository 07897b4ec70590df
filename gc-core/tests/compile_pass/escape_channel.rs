//! A handle can be sent through a channel, to be dropped or brought back.

use gc_core::Config;
use gc_core::arena::{Arena, Handle, Root};
use std::sync::mpsc::channel;
use std::thread;

#[test]
fn main() {
    let (sender, receiver) = channel::<Handle<Root![u32]>>();
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, root| sender.send(mc.stash(root)).expect("sent"));
    let handle = thread::spawn(move || receiver.recv().expect("received")).join().expect("joined");
    arena.mutate(|mc, root| assert!(mc.fetch(&handle).ptr_eq(root)));
}
