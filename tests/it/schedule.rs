//! schedule, from outside.
