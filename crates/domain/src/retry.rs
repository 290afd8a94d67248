//! What follows an attempt.

use std::time::Duration;

use crate::directory::Reach;
use crate::message::DeliveryPolicy;
use crate::ports::ChannelError;
use crate::{Reason, Timestamp};

/// How often and how patiently an attempt is repeated.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Attempts in all, the first included. Throttled ones do not count.
    pub attempts: u32,
    /// Wait after the first failure; doubles with each.
    pub first: Duration,
    /// Longest wait between two attempts.
    pub longest: Duration,
    /// Whether a 500 is retried. Microsoft's table says to report it instead.
    pub retry_server_error: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 6, first: Duration::from_secs(2), longest: Duration::from_mins(5), retry_server_error: false }
    }
}

/// What to do with a delivery whose attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again at this time; the attempt counted.
    Retry(Timestamp, Reason),
    /// Try again when what it waits for is over: the lane opens, the credentials are right, the service
    /// answers. The attempt did not count.
    Snooze(Reason),
    /// Create the conversation anew, once, and send there.
    Recreate,
    /// Install the app for the person, once, and go on.
    Install,
    /// Never.
    Stop(Reason),
    /// Nobody knows whether it arrived, and the message wants no second copy.
    Uncertain(Reason),
}

/// What an attempt was, as far as the decision needs to know.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each looked at by itself")]
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// Whether repeating the call cannot do harm: creating a personal conversation, editing, deleting.
    pub idempotent: bool,
    /// Whether the conversation could be created anew and has not been yet.
    pub may_recreate: bool,
    /// Whether the app could be installed for the person and has not been tried yet.
    pub may_install: bool,
    /// Whether the service is taken for down (its [`breaker`](crate::breaker) is open): a failure then tells of
    /// the service, not of the delivery.
    pub outage: bool,
}

/// Decides what follows `attempt`, which failed with `error` at `now`; `jitter`, in `0.0..1.0`, is the
/// caller's draw.
pub fn next(
    error: &ChannelError,
    attempt: Attempt,
    delivery: DeliveryPolicy,
    now: Timestamp,
    jitter: f64,
    policy: &RetryPolicy,
) -> Next {
    let again = |reason| {
        if attempt.number >= policy.attempts {
            Next::Stop(Reason::Exhausted)
        } else {
            Next::Retry(now + backoff(attempt.number, jitter, policy), reason)
        }
    };
    match error {
        // Told to wait is not failed: the attempt does not count, only the message's not_after ends it.
        ChannelError::Throttled { .. } => Next::Snooze(Reason::Throttled),
        ChannelError::Credentials => Next::Snooze(Reason::Credentials),
        ChannelError::NotSent if attempt.outage => Next::Snooze(Reason::Outage),
        ChannelError::NotSent => again(Reason::Retrying),
        ChannelError::Unanswered if attempt.idempotent && attempt.outage => Next::Snooze(Reason::Outage),
        ChannelError::Unanswered if attempt.idempotent => again(Reason::Unanswered),
        // Each may have left a copy: they count also while the service is down.
        ChannelError::Unanswered => match delivery {
            DeliveryPolicy::AtMostOnce => Next::Uncertain(Reason::Unanswered),
            DeliveryPolicy::AtLeastOnce => again(Reason::Unanswered),
        },
        ChannelError::ServerError if policy.retry_server_error => again(Reason::ServerError),
        ChannelError::NotInstalled if attempt.may_install => Next::Install,
        ChannelError::ConversationGone if attempt.may_recreate => Next::Recreate,
        stopped => Next::Stop(stop_reason(stopped)),
    }
}

fn stop_reason(error: &ChannelError) -> Reason {
    match error {
        ChannelError::Blocked => Reason::Blocked,
        ChannelError::NotInstalled => Reason::NotInstalled,
        ChannelError::TenantBlocked => Reason::TenantBlocked,
        ChannelError::ConversationGone => Reason::ConversationGone,
        ChannelError::ActivityGone => Reason::ActivityGone,
        ChannelError::NotFound => Reason::NotFound,
        ChannelError::TooLarge => Reason::TooLarge,
        ChannelError::ServerError => Reason::ServerError,
        ChannelError::Untrusted => Reason::Untrusted,
        ChannelError::Refused
        | ChannelError::Throttled { .. }
        | ChannelError::Credentials
        | ChannelError::NotSent
        | ChannelError::Unanswered => Reason::Refused,
    }
}

/// How an error changes what is known of the reference, so that the next message spends no call on it.
pub fn reach_after(error: &ChannelError) -> Option<Reach> {
    match error {
        ChannelError::Blocked => Some(Reach::Blocked),
        ChannelError::NotInstalled => Some(Reach::NotInstalled),
        ChannelError::TenantBlocked => Some(Reach::TenantBlocked),
        _ => None,
    }
}

/// Wait after failure `number`: doubling from the first, never above the longest, half of it drawn.
fn backoff(number: u32, jitter: f64, policy: &RetryPolicy) -> Duration {
    let full = policy.first.saturating_mul(1 << number.saturating_sub(1).min(16)).min(policy.longest);
    full.mul_f64(0.5 + jitter / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn first(error: &ChannelError, delivery: DeliveryPolicy) -> Next {
        let attempt = Attempt { number: 1, idempotent: false, may_recreate: false, may_install: false, outage: false };
        next(error, attempt, delivery, NOW, 0.5, &RetryPolicy::default())
    }

    #[test]
    fn the_table_of_what_follows_each_error() {
        use ChannelError as E;
        let once = DeliveryPolicy::AtLeastOnce;
        assert_eq!(first(&E::Throttled { retry_after: None }, once), Next::Snooze(Reason::Throttled));
        assert!(matches!(first(&E::NotSent, once), Next::Retry(_, Reason::Retrying)));
        assert!(matches!(first(&E::Unanswered, once), Next::Retry(_, Reason::Unanswered)));
        assert_eq!(first(&E::Unanswered, DeliveryPolicy::AtMostOnce), Next::Uncertain(Reason::Unanswered));
        for (error, reason) in [
            (E::Blocked, Reason::Blocked),
            (E::NotInstalled, Reason::NotInstalled),
            (E::TenantBlocked, Reason::TenantBlocked),
            (E::ConversationGone, Reason::ConversationGone),
            (E::TooLarge, Reason::TooLarge),
            (E::ServerError, Reason::ServerError),
            (E::Refused, Reason::Refused),
        ] {
            assert_eq!(first(&error, once), Next::Stop(reason));
        }
    }

    #[test]
    fn what_cannot_do_harm_is_repeated_even_when_no_second_copy_is_wanted() {
        let attempt = Attempt { number: 1, idempotent: true, may_recreate: false, may_install: false, outage: false };
        let next =
            next(&ChannelError::Unanswered, attempt, DeliveryPolicy::AtMostOnce, NOW, 0.0, &RetryPolicy::default());
        assert!(matches!(next, Next::Retry(..)));
    }

    #[test]
    fn while_the_service_is_down_only_what_may_have_left_a_copy_counts() {
        let next = |error, idempotent| {
            let attempt = Attempt { number: 6, idempotent, may_recreate: false, may_install: false, outage: true };
            next(&error, attempt, DeliveryPolicy::AtLeastOnce, NOW, 0.0, &RetryPolicy::default())
        };
        assert_eq!(next(ChannelError::NotSent, false), Next::Snooze(Reason::Outage));
        assert_eq!(next(ChannelError::Unanswered, true), Next::Snooze(Reason::Outage));
        assert_eq!(next(ChannelError::Unanswered, false), Next::Stop(Reason::Exhausted));
    }

    #[test]
    fn a_vanished_chat_is_created_anew_once() {
        let mut attempt =
            Attempt { number: 1, idempotent: false, may_recreate: true, may_install: false, outage: false };
        let decide = |attempt| {
            next(
                &ChannelError::ConversationGone,
                attempt,
                DeliveryPolicy::AtLeastOnce,
                NOW,
                0.0,
                &RetryPolicy::default(),
            )
        };
        assert_eq!(decide(attempt), Next::Recreate);
        attempt.may_recreate = false;
        assert_eq!(decide(attempt), Next::Stop(Reason::ConversationGone));
    }

    proptest! {
        #[test]
        fn retries_end_and_their_waits_stay_within_bounds(number in 1..100_u32, jitter in 0.0..1.0_f64) {
            let policy = RetryPolicy::default();
            let attempt = Attempt { number, idempotent: false, may_recreate: false, may_install: false, outage: false };
            match next(&ChannelError::NotSent, attempt, DeliveryPolicy::AtLeastOnce, NOW, jitter, &policy) {
                Next::Retry(at, _) => {
                    prop_assert!(number < policy.attempts);
                    prop_assert!(at >= NOW + policy.first / 2 && at <= NOW + policy.longest);
                }
                other => prop_assert_eq!((number >= policy.attempts, other), (true, Next::Stop(Reason::Exhausted))),
            }
        }
    }
}
