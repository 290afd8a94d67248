use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::answer::Grant;
use crate::{AccessToken, TokenError};

/// A token is renewed before less than this remains (or half of a shorter life).
const MARGIN: Duration = Duration::from_mins(5);

/// How much earlier than that a token is renewed at most: bots that were started together do not all
/// ask at once.
const SPREAD: Duration = Duration::from_mins(5);

/// How long a failed renewal is left alone: the token in hand is used, a refusal is repeated.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// When a token of this age is renewed: before the margin, by a part of the spread that `jitter`, in
/// `0.0..1.0`, decides. Short-lived tokens give up a tenth of their use at most.
fn renew_after(lifetime: Duration, jitter: f64) -> Duration {
    let latest = lifetime.saturating_sub(MARGIN).max(lifetime / 2);
    latest.saturating_sub(SPREAD.min(latest / 10).mul_f64(jitter))
}

/// What is known for one target.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Held by the one caller that asks the token service.
    pub(super) renewing: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    /// Outcome of the last renewal if it failed.
    failure: Option<Failure>,
    /// Renewals so far: tells a caller that waited whether one ended meanwhile.
    renewals: u64,
}

#[derive(Debug)]
struct Held {
    token: AccessToken,
    renew_at: SystemTime,
    expires_at: SystemTime,
}

#[derive(Debug)]
struct Failure {
    error: TokenError,
    at: SystemTime,
}

pub(super) enum Look {
    Use(Result<AccessToken, TokenError>),
    Renew { seen: u64 },
}

impl Failure {
    /// The failure, while it is too recent to ask again; `for_long` is how long that is otherwise.
    fn recent(&self, now: SystemTime, for_long: Duration) -> Option<TokenError> {
        let age = now.duration_since(self.at).ok()?;
        match self.error.clone() {
            TokenError::Unavailable { status, retry_after: Some(wait) } if age < wait => {
                Some(TokenError::Unavailable { status, retry_after: Some(wait.saturating_sub(age)) })
            }
            error => (age < for_long).then_some(error),
        }
    }
}

impl State {
    fn usable(&self, now: SystemTime) -> Option<&Held> {
        self.held.as_ref().filter(|held| now < held.expires_at)
    }
}

impl Entry {
    pub(super) fn look(&self, now: SystemTime) -> Look {
        let state = self.state();
        let seen = state.renewals;
        let Some(held) = state.usable(now) else {
            // A transient failure is asked about again at once, unless the service said when.
            let repeated = state.failure.as_ref().and_then(|failure| {
                let for_long = if failure.error.is_transient() { Duration::ZERO } else { AFTER_FAILURE };
                failure.recent(now, for_long)
            });
            return repeated.map_or(Look::Renew { seen }, |error| Look::Use(Err(error)));
        };
        let failed = state.failure.as_ref().and_then(|failure| failure.recent(now, AFTER_FAILURE));
        if now < held.renew_at || failed.is_some() { Look::Use(Ok(held.token.clone())) } else { Look::Renew { seen } }
    }

    pub(super) fn usable(&self, now: SystemTime) -> Option<AccessToken> {
        self.state().usable(now).map(|held| held.token.clone())
    }

    /// What a renewal that ended while the caller waited gave; `None` if there was none.
    pub(super) fn renewed_since(&self, seen: u64, now: SystemTime) -> Option<Result<AccessToken, TokenError>> {
        let state = self.state();
        if state.renewals == seen {
            return None;
        }
        let token = state.usable(now).map(|held| Ok(held.token.clone()));
        token.or_else(|| state.failure.as_ref().map(|failure| Err(failure.error.clone())))
    }

    /// Notes the outcome of a renewal, and gives out the token in hand if it failed.
    pub(super) fn settle(
        &self,
        result: Result<Grant, TokenError>,
        asked_at: SystemTime,
        now: SystemTime,
        jitter: f64,
    ) -> Result<AccessToken, TokenError> {
        let mut state = self.state();
        state.renewals += 1;
        match result {
            Ok(Grant { token, lifetime }) => {
                let renew_at = asked_at + renew_after(lifetime, jitter);
                state.held = Some(Held { token: token.clone(), renew_at, expires_at: asked_at + lifetime });
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(Failure { error: error.clone(), at: now });
                state.usable(now).map(|held| held.token.clone()).ok_or(error)
            }
        }
    }

    /// Forgets `refused`; a newer token is kept.
    pub(super) fn invalidate(&self, refused: &AccessToken) {
        let mut state = self.state();
        if state.held.as_ref().is_some_and(|held| held.token == *refused) {
            state.held = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        unpoisoned(&self.state)
    }
}

/// What is behind these locks is replaced whole, so a panic elsewhere leaves nothing half done.
pub(super) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(lifetime: u64, jitter: f64) -> u64 {
        renew_after(Duration::from_secs(lifetime), jitter).as_secs()
    }

    #[test]
    fn a_token_is_renewed_before_its_margin_by_a_drawn_part_of_the_spread() {
        assert_eq!(seconds(3599, 0.0), 3599 - 300);
        assert_eq!(seconds(3599, 0.5), 3599 - 300 - 150);
        assert_eq!(seconds(3599, 0.999_999), 3599 - 300 - 300);
        assert_eq!(seconds(86_400, 0.5), 86_400 - 300 - 150);
    }

    #[test]
    fn a_short_lived_token_is_used_for_most_of_half_its_life() {
        assert_eq!(seconds(60, 0.0), 30);
        assert_eq!(seconds(60, 0.999_999), 27);
        assert_eq!(seconds(0, 0.5), 0);
    }
}
