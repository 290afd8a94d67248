/// An argument of a call is outside what the service takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{argument} {why}")]
#[non_exhaustive]
pub struct BadArgument {
    /// Which argument.
    pub argument: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

impl BadArgument {
    /// `argument` cannot be used as it is; `why` goes on with its name.
    pub fn new(argument: &'static str, why: &'static str) -> Self {
        Self { argument, why }
    }
}
