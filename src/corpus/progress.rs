//! How far a long work has come.

/// A step of a long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, as `reading`.
    pub stage: &'static str,
    pub done: u64,
    /// How much there is of it, where that is known.
    pub of: Option<u64>,
}

/// Told about every step, often.
pub type Tell<'a> = &'a dyn Fn(Progress);

/// Tells nobody.
pub fn silent(_: Progress) {}
