//! Exit codes, the same for every command.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    /// The answer is no: nothing matched, no main content.
    No = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Part of the work failed.
    Part = 3,
    /// Nothing succeeded.
    Failed = 4,
    NoArchive = 10,
    Locked = 11,
    /// Damaged, or of a newer format.
    Damaged = 12,
    Interrupted = 130,
}

impl Exit {
    /// The code of work of which `done` parts succeeded and `failed` did not.
    pub fn of(done: u64, failed: u64) -> Self {
        match (done, failed) {
            (_, 0) => Self::Done,
            (0, _) => Self::Failed,
            _ => Self::Part,
        }
    }

    /// The code an archive error asks for.
    pub fn of_code(code: u8) -> Self {
        match code {
            10 => Self::NoArchive,
            11 => Self::Locked,
            12 => Self::Damaged,
            2 => Self::Usage,
            _ => Self::Failed,
        }
    }
}
