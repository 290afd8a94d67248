//! The promise of pacing: no span, at whatever position, holds more than its window allows.

mod efficiency;
mod scopes;
mod service;

use std::time::Duration;

use pregon_domain::scopes::{Call, CallKind, GraphCall, Haste, Limits, Scopes};
use pregon_domain::{ReferenceId, Timestamp};
use proptest::prelude::*;
use service::{Service, Travel};
use uuid::Uuid;

/// `PROPTEST_CASES` asks for more; a case has up to 500 steps.
fn cases() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { ProptestConfig::default().cases } else { 64 };
    ProptestConfig { cases, max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() }
}

/// Something that happens to a lane.
#[derive(Clone, Debug)]
enum Step {
    /// A call is made when its turn comes.
    Call { kind: CallKind, conversation: u128, haste: Haste, out: i64, back: i64 },
    /// Nobody wants anything for a while.
    Rest(i64),
    /// The service refuses for a reason of its own a call that began so long ago.
    Refused { kind: CallKind, ago: i64, retry_after: Option<u64> },
    /// Another process takes over.
    HandOver,
}

fn kind() -> impl Strategy<Value = CallKind> {
    use CallKind::{Conversations, Create, Graph, Members, Send};
    prop_oneof![
        8 => Just(Send),
        2 => Just(Create),
        2 => Just(Members),
        1 => Just(Conversations),
        3 => prop::sample::select(&[
            Graph(GraphCall::Catalog), Graph(GraphCall::InstalledApps), Graph(GraphCall::Team), Graph(GraphCall::Chat),
            Graph(GraphCall::Install), Graph(GraphCall::Uninstall), Graph(GraphCall::User), Graph(GraphCall::Users),
            Graph(GraphCall::GroupMembers), Graph(GraphCall::TransitiveMembers),
        ][..]),
    ]
}

/// Steps whose calls vary by up to `out` and `back` milliseconds on their two ways.
fn step(out: i64, back: i64) -> impl Strategy<Value = Step> {
    let haste = prop_oneof![Just(Haste::Spread), Just(Haste::Now)];
    let call = (kind(), 0..40_u128, haste, 0..=out, 0..=back).prop_map(|(kind, conversation, haste, out, back)| {
        // Half of the calls go to few conversations, so that those are full too.
        let conversation = if conversation < 20 { conversation % 2 } else { conversation };
        Step::Call { kind, conversation, haste, out, back }
    });
    prop_oneof![
        60 => call,
        6 => (0..400_i64).prop_map(Step::Rest),
        1 => (400..40_000_i64).prop_map(Step::Rest),
        1 => (kind(), 0..3_000_i64, prop::option::of(0..5_u64))
            .prop_map(|(kind, ago, retry_after)| Step::Refused { kind, ago, retry_after }),
    ]
}

fn reference(conversation: u128) -> ReferenceId {
    ReferenceId::from_uuid(Uuid::from_u128(conversation))
}

/// A hand-over waits until what is under way has arrived, and out a window.
const HAND_OVER_REST: i64 = 1_100;

/// Carries out the steps over a way of a fixed length. Every sixteenth call is as fast as can be, as
/// on any network now and then: so the pace knows the fixed part.
fn run(steps: &[Step], fixed_out: i64, fixed_back: i64) -> Service {
    let (mut scopes, mut service) = (Scopes::new(Limits::default()), Service::default());
    let mut now = 1_000_000;
    let mut calls = 0;
    for step in steps {
        match *step {
            Step::Call { kind, conversation, haste, out, back } => {
                let about = !matches!(kind, CallKind::Graph(_));
                let call = Call { kind, reference: about.then(|| reference(conversation)), haste };
                let vary = i64::from(calls % 16 != 0);
                calls += 1;
                let travel = Travel { out: fixed_out + out * vary, back: fixed_back + back * vary };
                now = service.call(&mut scopes, call, travel, now);
            }
            Step::Rest(time) => now += time,
            Step::Refused { kind, ago, retry_after } => {
                let (begun, at) = (Timestamp::from_millis(now - ago), Timestamp::from_millis(now));
                scopes.throttled(kind, begun, retry_after.map(Duration::from_secs), at, 0.5);
            }
            Step::HandOver => {
                now = now.max(service.forget_callers().unwrap_or(now));
                scopes = Scopes::new(Limits::default());
                scopes.close_lane_until(Timestamp::from_millis(now + HAND_OVER_REST));
                for conversation in 0..40 {
                    let starts = service.starts_in(reference(conversation)).into_iter();
                    let starts: Vec<Timestamp> = starts.map(Timestamp::from_millis).collect();
                    scopes.remember(reference(conversation), &starts);
                }
            }
        }
        service.answer(&mut scopes, now);
    }
    service
}

/// The first answers show the fixed part of both ways.
fn warm() -> impl Iterator<Item = Step> {
    let call = |kind| Step::Call { kind, conversation: 99, haste: Haste::Now, out: 0, back: 0 };
    let graph = CallKind::Graph(GraphCall::User);
    let first = [call(CallKind::Send), call(graph), Step::Rest(1_000)];
    let more = (0..260).flat_map(move |n| {
        let kind = CallKind::Send;
        [Step::Call { kind, conversation: 100 + n, haste: Haste::Now, out: 0, back: 0 }, call(graph)]
    });
    first.into_iter().chain(more).chain([Step::Rest(2_000)])
}

proptest! {
    #![proptest_config(cases())]

    /// Once a refusal has shown that the way cannot be trusted, whatever varies may vary anywhere.
    #[test]
    fn no_window_is_ever_crossed_however_the_way_varies(
        steps in prop::collection::vec(step(120, 120), 1..500), fixed_out in 0..200_i64, fixed_back in 0..200_i64,
    ) {
        let refused = |kind| Step::Refused { kind, ago: 0, retry_after: Some(1) };
        let distrust = [refused(CallKind::Send), refused(CallKind::Graph(GraphCall::User)), Step::Rest(60_000)];
        // Refused again an hour later, it would trust again in between: half a million milliseconds are simulated at most.
        let steps: Vec<Step> = distrust.into_iter().chain(warm()).chain(steps).collect();
        let service = run(&steps, fixed_out, fixed_back);
        prop_assert_eq!(service.crossed(), None, "of {} calls", service.calls());
    }

    /// Without any refusal, the service's own time and the way back may vary at will.
    #[test]
    fn no_window_is_ever_crossed_while_only_answers_are_slow(
        steps in prop::collection::vec(step(5, 600), 1..500), fixed_out in 0..200_i64, fixed_back in 0..200_i64,
    ) {
        let steps: Vec<Step> = warm().chain(steps).collect();
        let service = run(&steps, fixed_out, fixed_back);
        prop_assert_eq!(service.crossed(), None, "of {} calls", service.calls());
    }

    /// The next process knows each conversation's calls from the store and waits out the lane's second.
    #[test]
    fn no_window_is_crossed_when_another_process_takes_over(
        before in prop::collection::vec(connector_step(), 1..200),
        after in prop::collection::vec(connector_step(), 1..200),
    ) {
        let steps: Vec<Step> = before.into_iter().chain([Step::HandOver]).chain(after).collect();
        let service = run(&steps, 0, 0);
        prop_assert_eq!(service.crossed(), None, "of {} calls", service.calls());
    }
}

/// Sends and creations only: what a store remembers.
fn connector_step() -> impl Strategy<Value = Step> {
    (prop::sample::select(&[CallKind::Send, CallKind::Create][..]), 0..6_u128, 0..400_i64).prop_map(
        |(kind, conversation, rest)| {
            if rest > 380 {
                return Step::Rest(rest * 20);
            }
            Step::Call { kind, conversation, haste: Haste::Now, out: 0, back: 0 }
        },
    )
}
