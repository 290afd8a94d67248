use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pregon_domain::breaker::{Breaker, CREDENTIALS, OUTAGE, Passage};
use pregon_domain::ports::ChannelError;
use pregon_domain::scopes::CallKind;
use pregon_domain::{BotName, LaneId, LaneKey, Reason, Timestamp};
use pregon_model::ServiceUrl;

use crate::status::LaneShared;
use crate::timeline::Timeline;

/// The circuit breakers of all lanes: one for each bot's credentials, one for each service.
///
/// Only what has failed lately has a breaker here, so a healthy call looks into an empty map.
#[derive(Debug)]
pub(crate) struct Breakers {
    timeline: Timeline,
    watched: Mutex<HashMap<Watched, Breaker>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Watched {
    Credentials(BotName),
    Service(Service),
}

/// What answers calls: a Connector in a region, or Graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Service(String);

impl Service {
    /// Host and first part of the path, which names the region: `smba.trafficmanager.net/emea`.
    pub(crate) fn of(kind: CallKind, url: Option<&ServiceUrl>) -> Self {
        let text = match (kind, url) {
            (CallKind::Graph(_), _) => "graph",
            (_, None) => "default",
            (_, Some(url)) => {
                let text = url.as_str();
                let text = text.split_once("://").map_or(text, |(_, rest)| rest);
                let end = text.match_indices('/').nth(1).map_or(text.len(), |(at, _)| at);
                text[..end].trim_end_matches('/')
            }
        };
        Self(text.to_ascii_lowercase())
    }
}

/// A call, as far as breakers look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) lane: &'a LaneShared,
    pub(crate) kind: CallKind,
    pub(crate) url: Option<&'a ServiceUrl>,
}

impl About<'_> {
    fn watched(&self) -> impl Iterator<Item = Watched> {
        // Graph's consent is the tenant's: what it refuses says nothing of the bot's own credentials.
        let own = (!matches!(self.kind, CallKind::Graph(_))).then(|| Watched::Credentials(self.lane.key.bot.clone()));
        own.into_iter().chain([Watched::Service(Service::of(self.kind, self.url))])
    }
}

/// Leave to make a call; what comes of it is told to [`Breakers::heard`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a probe that nobody hears of keeps all others waiting"]
pub(crate) struct Pass {
    begun: Timestamp,
    probes: bool,
}

/// Calls like this one rest so long, for this reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) time: Duration,
    pub(crate) reason: Reason,
}

/// What a lane may expect of everything it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    Free,
    /// One call is to find out.
    Probe,
    Shut(Rest),
}

impl Breakers {
    pub(crate) fn new(timeline: Timeline) -> Self {
        Self { timeline, watched: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Watched, Breaker>> {
        // Every change is complete when the lock is released, also by a panic.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leave for a call, or how long not to ask again.
    pub(crate) fn enter(&self, about: About<'_>) -> Result<Pass, Rest> {
        let (mut watched, now) = (self.lock(), self.timeline.now());
        let mut pass = Pass { begun: now, probes: false };
        if watched.is_empty() {
            return Ok(pass);
        }
        let lane = about.lane.id;
        for key in about.watched() {
            if let Some(Passage::Shut(until)) = watched.get(&key).map(|breaker| breaker.look(lane, now)) {
                return Err(key.rest(until, now));
            }
        }
        for key in about.watched() {
            pass.probes |= watched.get_mut(&key).is_some_and(|breaker| breaker.enter(lane, now) == Passage::Probe);
        }
        Ok(pass)
    }

    /// The call was not made after all.
    pub(crate) fn withdrawn(&self, about: About<'_>, pass: Pass) {
        if pass.probes {
            let mut watched = self.lock();
            for key in about.watched() {
                if let Some(breaker) = watched.get_mut(&key) {
                    breaker.withdrawn(about.lane.id, pass.begun);
                }
            }
        }
    }

    /// What came of the call. Returns the rest of calls like it, if its failure asks for one; `jitter` is
    /// a draw in `0.0..1.0`.
    pub(crate) fn heard(
        &self,
        about: About<'_>,
        pass: Pass,
        error: Option<&ChannelError>,
        jitter: f64,
    ) -> Option<Rest> {
        let (mut watched, now) = (self.lock(), self.timeline.now());
        if watched.is_empty() && error.is_none() {
            return None;
        }
        let mut rest = None;
        for key in about.watched() {
            match key.told_by(error) {
                Some(true) => {
                    if let Some(breaker) = watched.get_mut(&key) {
                        breaker.succeeded(pass.begun);
                    }
                }
                Some(false) => {
                    let breaker = watched.entry(key.clone()).or_insert_with(|| key.breaker());
                    let was_open = breaker.look(about.lane.id, now) != Passage::Free;
                    if let Some(until) = breaker.failed(about.lane.id, pass.begun, now, jitter) {
                        rest = Some(key.rest(until, now));
                        if !was_open {
                            tracing::warn!("{key}: calls rest; one at a time finds out when to go on");
                        }
                    }
                }
                None => {
                    if let Some(breaker) = watched.get_mut(&key) {
                        breaker.withdrawn(about.lane.id, pass.begun);
                    }
                }
            }
            if watched.get(&key).is_some_and(Breaker::is_quiet) {
                watched.remove(&key);
            }
        }
        rest
    }

    /// What a lane that calls these services may expect.
    pub(crate) fn outlook(&self, lane: LaneId, key: &LaneKey, services: &HashSet<Service>) -> Outlook {
        let (watched, now) = (self.lock(), self.timeline.now());
        if watched.is_empty() {
            return Outlook::Free;
        }
        let look = |key: &Watched| match watched.get(key).map_or(Passage::Free, |breaker| breaker.look(lane, now)) {
            Passage::Free => Outlook::Free,
            Passage::Probe => Outlook::Probe,
            Passage::Shut(until) => Outlook::Shut(key.rest(until, now)),
        };
        let credentials = look(&Watched::Credentials(key.bot.clone()));
        if credentials != Outlook::Free {
            return credentials;
        }
        // The service that answers soonest: another's outage is none of the lane's.
        let services = services.iter().map(|service| look(&Watched::Service(service.clone())));
        services
            .min_by_key(|outlook| match outlook {
                Outlook::Free => None,
                Outlook::Probe => Some(Duration::ZERO),
                Outlook::Shut(rest) => Some(rest.time),
            })
            .unwrap_or(Outlook::Free)
    }
}

impl Watched {
    fn breaker(&self) -> Breaker {
        Breaker::new(match self {
            Self::Credentials(_) => CREDENTIALS,
            Self::Service(_) => OUTAGE,
        })
    }

    fn rest(&self, until: Timestamp, now: Timestamp) -> Rest {
        let reason = match self {
            Self::Credentials(_) => Reason::Credentials,
            Self::Service(_) => Reason::Outage,
        };
        Rest { time: until.since(now), reason }
    }

    /// Whether a call's end shows it to be well; `None` when it shows nothing of it.
    fn told_by(&self, error: Option<&ChannelError>) -> Option<bool> {
        let unanswered = matches!(error, Some(ChannelError::NotSent | ChannelError::Unanswered));
        let refused = error == Some(&ChannelError::Credentials);
        let was_called = error != Some(&ChannelError::Untrusted);
        match self {
            Self::Credentials(_) => (was_called && !unanswered).then_some(!refused),
            // Where credentials are refused it may be the login service that spoke.
            Self::Service(_) => (was_called && !refused).then_some(!unanswered),
        }
    }
}

impl std::fmt::Display for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Credentials(bot) => write!(f, "the credentials of bot {bot} are refused"),
            Self::Service(Service(service)) => write!(f, "{service} does not answer"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_a_host_and_its_region() {
        let of = |text: &str| Service::of(CallKind::Send, Some(&ServiceUrl::new(text))).0;
        for text in [
            "https://smba.trafficmanager.net/emea/",
            "https://SMBA.trafficmanager.net/emea/5a9e/",
            "https://smba.trafficmanager.net/emea",
        ] {
            assert_eq!(of(text), "smba.trafficmanager.net/emea");
        }
        assert_eq!(of("https://smba.trafficmanager.net/amer/"), "smba.trafficmanager.net/amer");
        assert_eq!(of("http://127.0.0.1:3979/"), "127.0.0.1:3979");
        assert_eq!(of("http://127.0.0.1:3979"), "127.0.0.1:3979");
    }
}
