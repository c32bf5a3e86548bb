//! The sample site of `gleaner demo`: a table of pages ([`site`]) and a loopback server for it ([`server`]).
//!
//! In: nothing. Out: [`server::Site`], its addresses and what should become of each.
//! Always: every sentence of the pages is our own; only 127.0.0.1 is listened on; placeholders are filled before serving.
//! Not here: fetching, extracting and printing.

pub mod server;
pub mod site;
