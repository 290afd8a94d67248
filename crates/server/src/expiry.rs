//! Credentials that end soon: said in time, once a day, because a bot whose credential has ended sends
//! nothing.

use std::time::Duration;

use pregon_domain::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How long before its end a credential is spoken of.
const NOTICE: Duration = Duration::from_hours(30 * 24);

const EVERY: Duration = Duration::from_hours(24);

/// Warns of the bots' credentials, now and every day until `stop`.
pub(crate) async fn watch(app: App, stop: CancellationToken) {
    loop {
        let now = app.clock.now();
        for bot in app.bots.iter() {
            if let Some(ends) = bot.credential_ends
                && let Some(warning) = warning(ends, now)
            {
                tracing::warn!(bot.name = %bot.name, credential.ends_at = %ends, "bot {}: {warning}", bot.name);
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => (),
        }
    }
}

/// What is said at `now` of a credential that ends at `ends`; `None` while there is time.
fn warning(ends: Timestamp, now: Timestamp) -> Option<String> {
    let left = ends.since(now);
    let when = ends.to_string();
    let day = when.split_once('T').map_or(when.as_str(), |(day, _)| day);
    match left.as_secs() / (24 * 3600) {
        0 if left.is_zero() => Some(format!("its credential ended on {day}: configure a new one, nothing can be sent")),
        0 => Some(format!("its credential ends within a day, on {day}: configure a new one now")),
        days if left < NOTICE => Some(format!("its credential ends in {days} days, on {day}: configure a new one")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_ends_within_thirty_days_is_spoken_of() {
        let ends: Timestamp = "2027-03-01T00:00:00Z".parse().unwrap();
        let at = |now: &str| warning(ends, now.parse().unwrap());
        assert_eq!(at("2027-01-30T00:00:00Z"), None);
        assert_eq!(
            at("2027-01-30T00:00:01Z").unwrap(),
            "its credential ends in 29 days, on 2027-03-01: configure a new one"
        );
        assert!(at("2027-02-28T12:00:00Z").unwrap().contains("within a day"));
        for now in ["2027-03-01T00:00:00Z", "2030-01-01T00:00:00Z"] {
            assert!(at(now).unwrap().contains("ended on 2027-03-01"));
        }
    }
}
