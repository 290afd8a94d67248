use std::error::Error;
use std::fmt;

/// Why a turn failed: any error, boxed, so that `?` takes them all.
///
/// It is logged once and answered with HTTP 500. Nothing else is done about it, so a handler that can do
/// better, such as forgetting the conversation of somebody who blocked the bot, looks at the
/// [`ConnectorError`](pregon_connector::ConnectorError) before it passes it on.
pub type TurnError = Box<dyn Error + Send + Sync>;

/// What a method of [`Handler`](crate::Handler) gives.
pub type TurnResult<T = ()> = Result<T, TurnError>;

/// An error and what caused it, on one line.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
