//! The real binary, from outside.

mod kill;
mod process;
