//! Tests of the workloads and of traces through their public faces.

mod configs;
mod families;
mod imports;
mod model;
mod programs;
mod scripts;
mod servers;
mod trace;
