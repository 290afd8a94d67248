//! The pacer of `message_all_members` alone, under paused time.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use pregon_connector::{ConnectorError, Details};
use tokio::time::{Instant, sleep};

#[path = "../../message_all_members/pacer.rs"]
mod example;

use example::Pacer;

#[tokio::test(start_paused = true)]
async fn a_conversation_keeps_to_all_its_windows_however_late_calls_arrive() {
    let (pacer, arrivals) = (Pacer::new(), Mutex::new(Vec::new()));
    let calls = (0..100_u64).map(|nth| {
        let (pacer, arrivals) = (&pacer, &arrivals);
        async move {
            let call = || async {
                sleep(Duration::from_millis(nth * 37 % 400)).await; // the way there
                arrivals.lock().unwrap().push(Instant::now());
                sleep(Duration::from_millis(nth * 53 % 200)).await; // and back
                Ok::<_, ConnectorError>(())
            };
            pacer.call("a:1", call).await
        }
    });
    join_all(calls).await.into_iter().for_each(|result| result.unwrap());
    let mut arrivals = arrivals.into_inner().unwrap();
    arrivals.sort();
    assert_eq!(arrivals.len(), 100);
    for (max, span_s) in [(7, 1), (8, 2), (60, 30)] {
        for run in arrivals.windows(max + 1) {
            assert!(run[max] - run[0] >= Duration::from_secs(span_s), "{} calls in {span_s} s", max + 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_holds_every_conversation_back_and_is_given_up_after_five_tries() {
    let (pacer, started) = (Pacer::new(), Instant::now());
    let throttled = || async {
        let mut details = Details::new(429);
        details.retry_after = Some(Duration::from_secs(10));
        Err::<(), _>(ConnectorError::Throttled(Box::new(details)))
    };
    let other = async {
        sleep(Duration::from_secs(1)).await;
        pacer.call("a:2", || async { Ok::<_, ConnectorError>(Instant::now()) }).await.unwrap()
    };
    let (result, other) = tokio::join!(pacer.call("a:1", throttled), other);
    assert!(matches!(result, Err(ConnectorError::Throttled(_))));
    assert_eq!(started.elapsed().as_secs(), 40);
    assert!(other - started >= Duration::from_secs(10));
}
