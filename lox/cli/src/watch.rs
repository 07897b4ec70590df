//! What is told of the heap.

use crate::args::WatchArgs;
use crate::failure::Failure;
use gc_core::event::{EventSink, Tee, TracingSink};
use gc_core::{Config, Stress};
use heap_viz::report::Text;
use heap_viz::{
    PauseReport, RunEnd, RunInfo, Setting, SettingValue, Shared, Timeline, WholeFile, log,
    write_heap_snapshot,
};
use lox::Vm;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// What was asked to be told of the heap.
pub(crate) struct Watch {
    report: Option<Report>,
    snapshot: Option<SnapshotFile>,
}

/// A report in the making.
struct Report {
    info: RunInfo,
    timeline: Shared<Timeline>,
}

/// The file for a snapshot.
struct SnapshotFile {
    /// As the user wrote it.
    path: PathBuf,
    file: WholeFile,
    out: BufWriter<File>,
}

impl Watch {
    /// Watches a machine from now on. A file that cannot be written had better be known before the program runs.
    pub(crate) fn start(args: &WatchArgs, name: &str, config: &Config, vm: &mut Vm) -> Result<Self, Failure> {
        let snapshot = args.heap_snapshot.clone().map(SnapshotFile::create).transpose()?;
        let report = args.pause_report.then(|| Report::new(name, config));
        let timeline = report.as_ref().map(|report| Box::new(report.timeline.clone()) as Box<dyn EventSink>);
        let log = args.gc_log.map(|level| {
            log::start(level);
            Box::new(TracingSink::default()) as Box<dyn EventSink>
        });
        match (timeline, log) {
            (Some(timeline), Some(log)) => vm.set_sink(Box::new(Tee(timeline, log))),
            (timeline, log) => timeline.or(log).into_iter().for_each(|sink| vm.set_sink(sink)),
        }
        Ok(Watch { report, snapshot })
    }

    /// Whether a report will be printed.
    pub(crate) fn reports(&self) -> bool {
        self.report.is_some()
    }

    /// Tells what was asked for, of a program that ended like this.
    pub(crate) fn end(self, vm: &mut Vm, end: RunEnd) -> Result<(), Failure> {
        if let Some(report) = self.report {
            report.print(end);
        }
        self.snapshot.map_or(Ok(()), |file| file.write(vm))
    }
}

impl Report {
    fn new(name: &str, config: &Config) -> Self {
        let info = RunInfo { workload: name.into(), settings: settings(config), ..RunInfo::default() };
        Report { info, timeline: Shared::new(Timeline::default()) }
    }

    fn print(self, end: RunEnd) {
        let report = PauseReport::new(self.info, &self.timeline.lock(), end);
        eprint!("{}", Text(&report));
    }
}

/// The settings that can be changed on the command line.
fn settings(config: &Config) -> Vec<Setting> {
    let default = Config::default();
    let number = |name, value: u64, default: u64| {
        Setting::new(name, SettingValue::Integer(value), &SettingValue::Integer(default))
    };
    let flag = |name, value| Setting::new(name, SettingValue::Flag(value), &SettingValue::Flag(false));
    vec![
        number("new_space.max_bytes", config.new_space.max_bytes, default.new_space.max_bytes),
        number("max_old_bytes", config.max_old_bytes, default.max_old_bytes),
        flag("stress", config.stress != Stress::default()),
    ]
}

impl SnapshotFile {
    fn create(path: PathBuf) -> Result<Self, Failure> {
        match WholeFile::create(&path) {
            Ok((file, out)) => Ok(SnapshotFile { path, file, out }),
            Err(source) => Err(Failure::Write { path, source }),
        }
    }

    fn write(self, vm: &mut Vm) -> Result<(), Failure> {
        let written = write_heap_snapshot(&vm.snapshot(), self.out);
        let committed = written.and_then(|()| self.file.commit());
        committed.map_err(|source| Failure::Write { path: self.path, source })
    }
}
