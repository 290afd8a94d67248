//! A service that counts calls as they arrive, and the network before it. It shares nothing with the code
//! that is tested: limits are written down again, and kept by looking at every span.

use std::collections::BTreeMap;

use pregon_domain::scopes::{Call, CallKind, GraphCall, Scopes, Ticket};
use pregon_domain::{ReferenceId, Timestamp};

/// What the service counts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Lane,
    Conversation(ReferenceId, &'static str),
    Graph(&'static str),
}

impl Scope {
    fn windows(self) -> &'static [(usize, i64)] {
        match self {
            Self::Lane => &[(50, 1_000)],
            Self::Conversation(_, "members" | "conversations") => {
                &[(14, 1_000), (16, 2_000), (120, 30_000), (3_600, 3_600_000)]
            }
            Self::Conversation(..) => &[(7, 1_000), (8, 2_000), (60, 30_000), (1_800, 3_600_000)],
            Self::Graph("delete") => &[(15, 1_000)],
            Self::Graph("directory") => &[(3_500, 10_000)],
            Self::Graph(_) => &[(30, 1_000)],
        }
    }

    /// Where a call counts, and as how many.
    fn of(call: Call) -> Vec<(Self, usize)> {
        let in_conversation = |kind| {
            let own = call.reference.map(|reference| (Self::Conversation(reference, kind), 1));
            own.into_iter().chain([(Self::Lane, 1)]).collect()
        };
        match call.kind {
            CallKind::Send => in_conversation("send"),
            CallKind::Create => in_conversation("create"),
            CallKind::Members => in_conversation("members"),
            CallKind::Conversations => in_conversation("conversations"),
            CallKind::Graph(graph) => vec![match graph {
                GraphCall::Install => (Self::Graph("write"), 1),
                GraphCall::Uninstall => (Self::Graph("delete"), 1),
                GraphCall::User => (Self::Graph("directory"), 1),
                GraphCall::Users => (Self::Graph("directory"), 2),
                GraphCall::GroupMembers => (Self::Graph("directory"), 3),
                GraphCall::TransitiveMembers => (Self::Graph("directory"), 5),
                _ => (Self::Graph("read"), 1),
            }],
        }
    }
}

/// How long a call is under way, milliseconds: the fixed part of the way and what it varies by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Travel {
    pub(super) out: i64,
    pub(super) back: i64,
}

/// Calls under way and everything that ever arrived.
#[derive(Default)]
pub(super) struct Service {
    under_way: Vec<(i64, Ticket)>,
    arrivals: BTreeMap<Scope, Vec<i64>>,
    starts: BTreeMap<Scope, Vec<i64>>,
}

impl Service {
    /// Waits for the call's turn, begins it, and returns when that was.
    pub(super) fn call(&mut self, scopes: &mut Scopes, call: Call, travel: Travel, mut now: i64) -> i64 {
        loop {
            self.answer(scopes, now);
            let earliest = scopes.earliest(call, Timestamp::from_millis(now)).as_millis();
            if earliest <= now {
                break;
            }
            // Time passes to the next thing that can change the answer.
            let answers = self.under_way.iter().map(|&(at, _)| at);
            now = answers.filter(|&at| at > now).chain([earliest]).min().unwrap();
        }
        let ticket = scopes.begin(call, Timestamp::from_millis(now));
        self.under_way.push((now + travel.out + travel.back, ticket));
        for (scope, units) in Scope::of(call) {
            self.starts.entry(scope).or_default().extend(vec![now; units]);
            self.arrivals.entry(scope).or_default().extend(vec![now + travel.out; units]);
        }
        now
    }

    /// Hands out the answers that have come by `now`.
    pub(super) fn answer(&mut self, scopes: &mut Scopes, now: i64) {
        self.under_way.sort_by_key(|&(at, _)| at);
        let later = self.under_way.split_off(self.under_way.partition_point(|&(at, _)| at <= now));
        for (at, ticket) in std::mem::replace(&mut self.under_way, later) {
            scopes.answered(ticket, Timestamp::from_millis(at));
        }
    }

    /// The calls in one conversation, as a store remembers them: when they were answered.
    pub(super) fn starts_in(&self, reference: ReferenceId) -> Vec<i64> {
        let kinds = ["send", "create"].map(|kind| Scope::Conversation(reference, kind));
        kinds.iter().flat_map(|scope| self.arrivals.get(scope).cloned().unwrap_or_default()).collect()
    }

    /// The process ends: what is under way is never answered.
    pub(super) fn forget_callers(&mut self) -> Option<i64> {
        let last = self.under_way.iter().map(|&(at, _)| at).max();
        self.under_way.clear();
        last
    }

    pub(super) fn calls(&self) -> usize {
        self.arrivals.values().map(Vec::len).sum()
    }

    /// The first span that holds more than its window allows, by arrival or by start.
    pub(super) fn crossed(&self) -> Option<String> {
        let both = [("arrivals", &self.arrivals), ("starts", &self.starts)];
        both.into_iter().find_map(|(what, times)| {
            times.iter().find_map(|(&scope, times)| {
                let mut times = times.clone();
                times.sort_unstable();
                scope.windows().iter().find_map(|&(max, per)| {
                    let run = times.windows(max + 1).find(|run| run[max] < run[0] + per)?;
                    Some(format!("{scope:?}: {} {what} within {per} ms from {} to {}", max + 1, run[0], run[max]))
                })
            })
        })
    }
}
