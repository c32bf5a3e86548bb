//! corpus, from outside.
