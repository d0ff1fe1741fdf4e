//! What a process uses, as `/proc` tells it.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The kernel's unit of the times in `/proc/PID/stat`: a hundredth of a second on every Linux of today.
const TICK: Duration = Duration::from_millis(10);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Processor time of all its threads, in user mode and in the kernel.
    pub(crate) cpu: Duration,
    /// Bytes of memory that are resident.
    pub(crate) resident: u64,
    /// Open file descriptors.
    pub(crate) descriptors: usize,
}

impl Usage {
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The second field is the name in brackets, which may hold anything.
        let (_, fields) = stat.rsplit_once(')').context("no stat")?;
        let field = |n: usize| fields.split_ascii_whitespace().nth(n - 3).and_then(|field| field.parse::<u32>().ok());
        let ticks = field(14).zip(field(15)).context("no times in stat")?;
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let resident =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB")?.trim().parse().ok());
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd"))?.count();
        let resident = resident.map_or(0, |kib: u64| kib * 1024);
        Ok(Self { cpu: TICK * (ticks.0 + ticks.1), resident, descriptors })
    }
}
