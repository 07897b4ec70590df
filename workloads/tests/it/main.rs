//! Tests of the workloads and of traces through their public faces.

mod families;
mod imports;
mod model;
mod programs;
mod scripts;
mod servers;
mod trace;
