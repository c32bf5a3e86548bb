//! The frontier from outside: one suite any implementation has to pass, the identity of addresses, traps.

mod again;
mod day;
mod forget;
mod heirs;
mod identity;
mod review;
mod speed;
mod suite;
mod traps;
mod turns;
mod upkeep;
