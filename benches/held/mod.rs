//! What a program holds, for benches that watch it.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each bench watches its part, so that no expectation holds for all"
)]

use std::fs;

use anyhow::{Context, Result};

/// What a program holds.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// Resident memory, MiB.
    pub(crate) memory: f64,
    /// Threads.
    pub(crate) threads: i64,
    /// Open files.
    pub(crate) files: i64,
}

/// From Linux's proc(5).
pub(crate) fn held() -> Result<Held> {
    let status = fs::read_to_string("/proc/self/status")
        .context("what is held is read from /proc: run it on Linux")?;
    let number = |name: &str| -> Result<i64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.context("/proc/self/status lacks a line")?.parse()?)
    };
    Ok(Held {
        memory: number("VmRSS:")? as f64 / 1024.0,
        threads: number("Threads:")?,
        files: fs::read_dir("/proc/self/fd")?.count() as i64,
    })
}
