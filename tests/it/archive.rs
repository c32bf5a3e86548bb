//! archive, from outside.
