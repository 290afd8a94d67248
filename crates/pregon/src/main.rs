//! Proactive messaging for Microsoft Teams: server, CLI and emulator in one binary.
fn main() {}
