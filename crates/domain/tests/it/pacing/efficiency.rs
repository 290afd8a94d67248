//! What keeping the limits costs: next to nothing.

use pregon_domain::Chance;
use pregon_domain::scopes::{Call, CallKind, Limits, Scopes};

use super::reference;
use super::service::{Service, Travel};

/// How long it takes to begin calls in 10 000 conversations, as a ratio of 200 s, where answers take `latency`
/// and up to `variation` more; and the first window the service saw crossed.
fn ratio(latency: i64, variation: u64, seed: u64) -> (f64, Option<String>) {
    let chance = Chance::new(seed);
    let (mut scopes, mut service) = (Scopes::new(Limits::default()), Service::default());
    let mut now = 0;
    for conversation in 0..10_000 {
        let varied = i64::try_from(chance.bits() % (variation + 1)).unwrap();
        let travel = Travel { out: latency / 2, back: latency - latency / 2 + varied };
        now = service.call(&mut scopes, Call::about(reference(conversation), CallKind::Send), travel, now);
    }
    (f64::from(i32::try_from(now).unwrap()) / 200_000.0, service.crossed())
}

#[test]
fn a_large_message_takes_at_most_a_hundredth_more_than_it_must() {
    let cases = [(0, 0), (0, 5), (50, 0), (50, 25), (50, 50), (400, 0), (400, 50), (400, 100)];
    for (seed, (latency, variation)) in (1..).zip(cases) {
        let (ratio, crossed) = ratio(latency, variation, seed);
        println!("{latency} ms and up to {variation} more: {ratio:.4}");
        assert!(ratio <= 1.01, "{latency} ms and up to {variation} more: {ratio:.4}");
        assert_eq!(crossed, None);
    }
}
