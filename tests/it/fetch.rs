//! fetch, from outside.
