//! For tests: a disk that fails at its n-th step.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::storage::Step;

/// What happens at the step, and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The step fails and all others pass.
    Once,
    /// A write writes half and says that the disk is full; all other steps pass.
    Short,
    /// From this step on nothing reaches the disk, as when the process is killed there.
    Dead,
}

#[derive(Debug)]
pub(super) struct Faults {
    fault: Fault,
    /// Steps yet to pass.
    left: AtomicUsize,
    armed: AtomicBool,
    struck: AtomicBool,
}

impl Faults {
    pub fn new(fault: Fault) -> Self {
        Self { fault, left: AtomicUsize::new(0), armed: AtomicBool::new(false), struck: AtomicBool::new(false) }
    }

    /// Lets `passing` steps pass from now on.
    pub fn arm(&self, passing: usize) {
        self.left.store(passing, Ordering::SeqCst);
        self.struck.store(false, Ordering::SeqCst);
        self.armed.store(true, Ordering::SeqCst);
    }

    pub fn disarm(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    /// Whether the fault came to pass.
    pub fn struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }

    pub fn step(&self, step: Step, bytes: usize) -> io::Result<usize> {
        if !self.armed.load(Ordering::SeqCst) {
            return Ok(bytes);
        }
        if self.struck() {
            return if self.fault == Fault::Dead { Err(io::Error::other("the disk is gone")) } else { Ok(bytes) };
        }
        if self.left.load(Ordering::SeqCst) > 0 {
            self.left.fetch_sub(1, Ordering::SeqCst);
            return Ok(bytes);
        }
        self.struck.store(true, Ordering::SeqCst);
        match (self.fault, step) {
            (Fault::Short | Fault::Dead, Step::Write) => Ok(bytes / 2),
            _ => Err(io::Error::other("the step failed")),
        }
    }
}
