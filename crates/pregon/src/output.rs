//! What the program prints.

use std::io::{IsTerminal, Write};

/// Prints a line to standard output. A reader that went away (`pregon … | head`) is no failure: the
/// program ends as if it had been read.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
        std::process::exit(i32::from(error.kind() != std::io::ErrorKind::BrokenPipe));
    }
}

/// Whether standard output is a terminal that people read.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
