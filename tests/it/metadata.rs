//! Metadata of pages, from outside.

mod pages;
