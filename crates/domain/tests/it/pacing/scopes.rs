//! What closes what, what is learned, and what is remembered.

use std::time::Duration;

use pregon_domain::Timestamp;
use pregon_domain::scopes::{Call, CallKind, GraphBudget, GraphCall, Haste, Limits, Scopes};

use super::reference;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn send_to(conversation: u128) -> Call {
    Call::about(reference(conversation), CallKind::Send)
}

/// Starts as many calls as may start at `now`, each in its own conversation.
fn burst(scopes: &mut Scopes, haste: Haste, now: Timestamp) -> u128 {
    let calls = (0..).map(|conversation| Call { haste, ..send_to(conversation) });
    let started = calls.take_while(|&call| {
        let may = scopes.earliest(call, now) <= now;
        if may {
            let ticket = scopes.begin(call, now);
            scopes.answered(ticket, now);
        }
        may
    });
    started.count() as u128
}

#[test]
fn a_refusal_closes_the_whole_lane_for_as_long_as_told_and_lowers_the_ceiling() {
    let mut scopes = Scopes::new(Limits::default());
    let rest = Some(Duration::from_secs(7));
    assert_eq!(scopes.throttled(CallKind::Send, at(900), rest, at(1_000), 0.5), at(8_000));
    assert_eq!(scopes.earliest(send_to(1), at(1_500)), at(8_000));
    assert_eq!(scopes.lane_rate(at(1_500)), Some(35));
    // The answer of a call that was under way at the same time.
    scopes.throttled(CallKind::Send, at(950), rest, at(1_040), 0.5);
    assert_eq!(scopes.lane_rate(at(1_500)), Some(35));
    for call in [GraphCall::Catalog, GraphCall::Install, GraphCall::User] {
        assert_eq!(scopes.earliest(Call::graph(call), at(1_500)), at(1_500), "Graph is another service");
    }
}

#[test]
fn graphs_refusal_closes_its_own_budget_and_no_other() {
    let mut scopes = Scopes::new(Limits::default());
    let install = CallKind::Graph(GraphCall::Install);
    assert_eq!(scopes.throttled(install, at(0), Some(Duration::from_secs(9)), at(0), 0.5), at(9_000));
    assert_eq!(scopes.earliest(Call::graph(GraphCall::Install), at(0)), at(9_000));
    for call in [GraphCall::Catalog, GraphCall::Uninstall, GraphCall::GroupMembers] {
        assert_eq!(scopes.earliest(Call::graph(call), at(0)), at(0));
    }
    assert_eq!(scopes.earliest(send_to(1), at(0)), at(0));
    assert_eq!(scopes.lane_rate(at(0)), Some(50));
}

#[test]
fn the_configured_rate_of_graph_is_that_of_teams_and_deletions_get_half() {
    let limits = Limits { graph_per_s: 20, ..Limits::default() };
    let max = GraphBudget::ALL.map(|budget| budget.window(&limits).max);
    assert_eq!(max, [20, 20, 10, 3_500]);
}

#[test]
fn starts_are_spread_when_nobody_waits_and_a_burst_is_allowed_when_somebody_does() {
    let mut scopes = Scopes::new(Limits::default());
    assert_eq!(burst(&mut scopes, Haste::Spread, at(0)), 1);
    let starts: Vec<i64> = (0..49)
        .map(|n| {
            let now = scopes.earliest(send_to(100 + n), at(0));
            let ticket = scopes.begin(send_to(100 + n), now);
            scopes.answered(ticket, now);
            now.as_millis()
        })
        .collect();
    assert!(starts.is_sorted() && starts[48] == 49 * 6, "fifty over a third of a second: {starts:?}");
    let mut scopes = Scopes::new(Limits::default());
    assert_eq!(burst(&mut scopes, Haste::Now, at(0)), 50);
    assert_eq!(burst(&mut scopes, Haste::Now, at(1_001)), 0, "and never more than the window");
}

#[test]
fn as_many_are_foreseen_as_then_start() {
    let mut scopes = Scopes::new(Limits::default());
    for (now, span) in [(0, 100), (100, 1_000), (1_600, 100), (1_750, 300), (9_000, 20)] {
        let foreseen = scopes.room_in_lane(at(now), at(now + span));
        let mut started = 0;
        loop {
            let start = scopes.earliest(send_to(started), at(now));
            if start > at(now + span) {
                break;
            }
            let ticket = scopes.begin(send_to(started), start);
            scopes.answered(ticket, start);
            started += 1;
        }
        assert_eq!(foreseen as u128, started, "from {now} for {span} ms");
    }
}

#[test]
fn each_kind_of_call_in_a_conversation_counts_on_its_own() {
    let mut scopes = Scopes::new(Limits { lane_per_s: Some(1_000), ..Limits::default() });
    for (kind, in_a_second) in
        [(CallKind::Send, 7), (CallKind::Create, 7), (CallKind::Members, 14), (CallKind::Conversations, 14)]
    {
        let call = Call { haste: Haste::Now, ..Call::about(reference(1), kind) };
        for n in 0..in_a_second {
            assert_eq!(scopes.earliest(call, at(0)), at(0), "{kind:?} {n}");
            let ticket = scopes.begin(call, at(0));
            scopes.answered(ticket, at(0));
        }
        assert!(scopes.earliest(call, at(0)) > at(1_000), "{kind:?}");
    }
}

#[test]
fn memory_follows_the_conversations_of_the_last_hour() {
    let mut scopes = Scopes::new(Limits::default());
    for conversation in 0..10_000_u128 {
        let now = at(i64::try_from(conversation).unwrap() * 3_600);
        let ticket = scopes.begin(send_to(conversation), now);
        scopes.answered(ticket, now);
    }
    assert!(scopes.conversations() <= 2_100, "{}", scopes.conversations());
}

#[test]
fn what_an_earlier_process_sent_counts_also_when_it_began_threads() {
    for kind in [CallKind::Send, CallKind::Create] {
        let mut scopes = Scopes::new(Limits::default());
        scopes.remember(reference(1), &(0..60).map(|n| at(n * 100)).collect::<Vec<_>>());
        assert!(scopes.earliest(Call::about(reference(1), kind), at(6_000)) >= at(30_000));
    }
}
