//! What the program prints.

use std::io::{ErrorKind, IsTerminal, Write};

/// Prints a line to standard output. A reader that went away (`pregon … | head`) is no failure: the
/// program goes on as if it had been read. Ending here would skip a clean stop, and leave temporary
/// directories and child processes behind.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        std::process::exit(1);
    }
}

/// Whether standard output is a terminal that people read.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
