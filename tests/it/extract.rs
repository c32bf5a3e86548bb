//! extract, from outside.
