//! The real binary, from outside.

mod cli;
mod pair;
mod process;
mod steering;
