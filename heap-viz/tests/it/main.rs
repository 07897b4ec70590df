//! Tests of the command `tenure` and of the library through their public faces. They are one program, so that they are linked
//! once and share the cores of the machine.

mod alloc_sites;
#[cfg(unix)]
mod bench;
mod cli;
mod compare;
mod convert;
mod doctor;
#[cfg(unix)]
mod explain;
mod figures;
mod files;
mod heap_snapshot_file;
mod layers;
mod leaks;
#[cfg(unix)]
mod live;
mod logs;
mod pages;
mod snapshots;
mod support;
mod sweeps;
#[cfg(unix)]
mod terminal;
mod traces;
