//! The real binary, from outside.

mod cli;
mod kill;
mod pair;
mod process;
mod steering;
