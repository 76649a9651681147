//! CPU time and memory of processes and all their descendants, from `/proc`.

use std::collections::HashMap;
use std::time::Duration;

use rustix::param::clock_ticks_per_second;

/// The processes of `roots` with their descendants.
fn tree(roots: &[u32]) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else { continue };
        if let Some(parent) = stat(pid).and_then(|s| u32::try_from(*s.first()?).ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut all = roots.to_vec();
    let mut i = 0;
    while let Some(pid) = all.get(i) {
        let mut born = children.remove(pid).unwrap_or_default();
        born.retain(|child| !all.contains(child));
        all.extend(born);
        i += 1;
    }
    all
}

/// The numbers of `/proc/PID/stat` from the parent on; what stands before may hold blanks.
fn stat(pid: u32) -> Option<Vec<i64>> {
    let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let numbers = line.rsplit_once(')')?.1.split_whitespace().skip(1);
    Some(numbers.map(|n| n.parse().unwrap_or_default()).collect())
}

/// User and system time, that of children which ended included. The system counts in ticks, of 10 ms as a rule.
pub(crate) fn cpu(roots: &[u32]) -> Duration {
    // utime, stime, cutime, cstime are the fields 14 to 17, of which the parent is the fourth.
    let ticks = |pid| stat(pid).map_or(0, |s| s.iter().skip(10).take(4).sum::<i64>());
    duration(tree(roots).into_iter().map(ticks).sum())
}

/// User and system time of this process alone.
pub(crate) fn own_cpu() -> Duration {
    duration(stat(std::process::id()).map_or(0, |s| s.iter().skip(10).take(2).sum()))
}

/// What all processors did for anyone.
pub(crate) fn cpu_of_machine() -> Duration {
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let numbers: Vec<i64> = line.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|&i| numbers.get(i)).sum();
    duration(busy)
}

fn duration(ticks: i64) -> Duration {
    let ticks = u32::try_from(ticks).unwrap_or_default();
    Duration::from_secs(1) * ticks / u32::try_from(clock_ticks_per_second().max(1)).unwrap_or(100)
}

/// Resident memory in KiB, summed; what processes share counts in each of them.
pub(crate) fn resident_kib(roots: &[u32]) -> u64 {
    tree(roots).into_iter().map(|pid| status_kib(pid, "VmRSS:")).sum()
}

/// The most memory that was ever resident, in KiB.
pub(crate) fn peak_kib(pid: u32) -> u64 {
    status_kib(pid, "VmHWM:")
}

fn status_kib(pid: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(field));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_time_and_memory() {
        let me = [std::process::id()];
        let (before, machine) = (own_cpu(), cpu_of_machine());
        while own_cpu() < before + Duration::from_millis(30) {
            std::hint::spin_loop();
        }
        assert!(cpu_of_machine() > machine && cpu(&me) >= own_cpu());
        assert!(resident_kib(&me) > 100 && peak_kib(me[0]) >= resident_kib(&me) / 2);
    }
}
