//! What the system knows of this process, under the names that Prometheus' own libraries use.

use std::fs;

use rustix::param::{clock_ticks_per_second, page_size};

use super::text::{Kind, Text};

/// The samples that the system gives; where it has no `/proc`, none.
pub(super) fn write(text: &mut Text) {
    let Some(stat) = Stat::read() else { return };
    let (ticks, page) = (clock_ticks_per_second() as f64, page_size() as f64);
    let cpu = stat.field(14) + stat.field(15);
    text.single("process_cpu_seconds_total", Kind::Counter, "Processor time, user and system.", cpu / ticks);
    text.single("process_threads", Kind::Gauge, "Threads.", stat.field(20));
    text.single("process_virtual_memory_bytes", Kind::Gauge, "Address space.", stat.field(23));
    text.single("process_resident_memory_bytes", Kind::Gauge, "Resident memory.", stat.field(24) * page);
    if let Some(booted) = booted() {
        let started = booted + stat.field(22) / ticks;
        text.single("process_start_time_seconds", Kind::Gauge, "When it started, since 1970.", started);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        text.single("process_open_fds", Kind::Gauge, "Open files.", open.count() as f64);
    }
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    if let Some(files) = files {
        text.single("process_max_fds", Kind::Gauge, "Files that may be open.", files as f64);
    }
}

/// `/proc/self/stat`.
struct Stat(Vec<f64>);

impl Stat {
    fn read() -> Option<Self> {
        let line = fs::read_to_string("/proc/self/stat").ok()?;
        // The second field is the program's name, which may hold anything.
        let (_, rest) = line.rsplit_once(')')?;
        Some(Self(rest.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect()))
    }

    /// A field by its number in proc(5), which counts from 1; the third is the first after the name.
    fn field(&self, number: usize) -> f64 {
        self.0.get(number - 3).copied().unwrap_or_default()
    }
}

/// When the system was started, in seconds since 1970.
fn booted() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}
