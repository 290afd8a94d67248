mod keys;
mod tokens;

use crate::log::logged;
use crate::service::Service;

/// Longest that one input may make the log, bytes: an answer may be quoted there, but not whole.
const MOST_LOGGED: usize = 4 * 1024;

/// What the bot asks before it can be believed and can believe others, whatever is answered: a token of
/// each kind of credential, or the keys of the tokens it receives.
pub fn login(data: &[u8]) {
    let log = logged(|| {
        Service::answering(data, async |service, letter| match letter {
            b'k' => keys::of_teams(service).await,
            b'e' => keys::of_entra(service).await,
            _ => tokens::ask(service, letter).await,
        });
    });
    assert!(!log.contains(tokens::MARK), "a secret is logged: {log}");
    assert!(log.len() <= MOST_LOGGED, "{} bytes are logged", log.len());
    assert!(!log.chars().any(|c| c.is_control() && c != '\n'), "a log line is forged: {log:?}");
}
