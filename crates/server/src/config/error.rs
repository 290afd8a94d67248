use std::path::Path;

/// A configuration that cannot be used. It says where, which key, and what is expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct ConfigError {
    /// The file, variable or flag the mistake is in.
    pub place: String,
    /// The key as it is written in the file, such as `delivery.lane_per_s`; empty when there is none.
    pub key: String,
    /// What is wrong and what to write instead. Never a secret's value.
    pub what: String,
}

impl ConfigError {
    pub(crate) fn new(place: impl Into<String>, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), key: key.into(), what: what.into() }
    }

    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            path.display().to_string(),
            "",
            format!("cannot be read: {error}; name another file with --config, or write one with pregon init"),
        )
    }
}
