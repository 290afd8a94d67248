use std::time::{Duration, Instant};

use pregon_emulator::{Effect, Fault, Operation, RetryAfter, Shape};
use pregon_model::ErrorBody;
use reqwest::Method;
use serde_json::json;

use crate::setup::{Setup, message, refusal};

fn answer(status: u16, code: &str, shape: Shape, retry_after: Option<RetryAfter>) -> Effect {
    Effect::Answer { status, code: Some(code.to_owned()), message: None, shape, retry_after }
}

#[tokio::test]
async fn faults_happen_in_their_order_and_as_often_as_told() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let busy = answer(412, "PreconditionFailed", Shape::Standard, None);
    let mut twice = Fault::next(Operation::Send, busy);
    twice.times = 2;
    setup.emulator.add_fault(twice).unwrap();
    let late = answer(503, "", Shape::Html, Some(RetryAfter::Date(30)));
    setup.emulator.add_fault(Fault::next(Operation::Send, late)).unwrap();
    setup.emulator.add_fault(Fault::next(Operation::Send, answer(502, "", Shape::Empty, None))).unwrap();
    for _ in 0..2 {
        let refused = setup.send(&chat, &message("x")).await;
        assert_eq!(refusal(refused).await, (412, "PreconditionFailed".to_owned()));
    }
    let refused = setup.send(&chat, &message("x")).await;
    assert_eq!(refused.status(), 503);
    assert!(refused.headers()["retry-after"].to_str().unwrap().ends_with("GMT"));
    assert!(refused.text().await.unwrap().starts_with("<html>"));
    let refused = setup.send(&chat, &message("x")).await;
    assert_eq!((refused.status().as_u16(), refused.text().await.unwrap()), (502, String::new()));
    assert_eq!(setup.emulator.faults(), []);
    assert_eq!(setup.emulator.stats().messages, 0);
    setup.say(&chat, "through").await;
}

#[tokio::test]
async fn a_fault_can_be_for_one_person_or_one_conversation() {
    let setup = Setup::installed().await;
    let (ada, boris) = (setup.person(0), setup.person(1));
    let (ada_chat, boris_chat) = (setup.chat(&ada).await, setup.chat(&boris).await);
    let legacy = answer(403, "MessageWritesBlocked", Shape::Legacy, None);
    let for_ada = Fault { person: Some(ada.email.clone()), ..Fault::next(Operation::Send, legacy) };
    setup.emulator.add_fault(for_ada).unwrap();
    let channel = setup.team().id;
    let gone = answer(404, "ConversationNotFound", Shape::Standard, None);
    let for_channel = Fault { conversation: Some(channel.clone()), ..Fault::next(Operation::Send, gone) };
    setup.emulator.add_fault(for_channel).unwrap();
    setup.say(&boris_chat, "fine").await;
    let refused = setup.send(&ada_chat, &message("x")).await.bytes().await.unwrap();
    assert!(ErrorBody::parse(&refused).is("MessageWritesBlocked"));
    assert_eq!(setup.send(&channel, &message("x")).await.status(), 404);
    setup.say(&ada_chat, "fine").await;
    let nobody = Fault { person: Some("nobody".to_owned()), ..Fault::next(Operation::Send, Effect::LoseAnswer) };
    assert!(setup.emulator.add_fault(nobody).is_err());
}

#[tokio::test]
async fn a_lost_answer_is_a_closed_connection_after_the_message_was_accepted() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    setup.emulator.add_fault(Fault::next(Operation::Send, Effect::LoseAnswer)).unwrap();
    let path = format!("conversations/{chat}/activities");
    let error = setup.call(Method::POST, &path).json(&message("lost?")).send().await.unwrap_err();
    assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(setup.emulator.conversation(&chat).len(), 1);
    setup.say(&chat, "the next connection works").await;
}

#[tokio::test]
async fn a_delay_comes_before_or_after_the_message_is_accepted() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let path = format!("conversations/{chat}/activities");
    let impatient = Duration::from_millis(200);
    let (ms, jitter_ms) = (60_000, 1_000);
    for (effect, accepted) in [(Effect::DelayBefore { ms, jitter_ms }, 0), (Effect::DelayAfter { ms, jitter_ms }, 1)] {
        setup.emulator.add_fault(Fault::next(Operation::Send, effect)).unwrap();
        let call = setup.call(Method::POST, &path).json(&message("late")).timeout(impatient);
        assert!(call.send().await.unwrap_err().is_timeout());
        assert_eq!(setup.emulator.conversation(&chat).len(), accepted);
    }
}

#[tokio::test]
async fn tokens_and_installs_can_fail_too() {
    let setup = Setup::start().await;
    let busy = answer(503, "temporarily_unavailable", Shape::Standard, Some(RetryAfter::Seconds(7)));
    setup.emulator.add_fault(Fault::next(Operation::Token, busy)).unwrap();
    let refused = setup.token_answer(&setup.tenant, &[]).await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"7".parse().unwrap()));
    let forbidden = answer(403, "Forbidden", Shape::Standard, None);
    setup.emulator.add_fault(Fault::next(Operation::Install, forbidden)).unwrap();
    let path = format!("users/{}/teamwork/installedApps", setup.person(0).id);
    let refused = setup.graph(Method::POST, &path).json(&json!({})).send().await.unwrap();
    assert!(refused.headers().contains_key("request-id"));
    assert_eq!(refusal(refused).await, (403, "Forbidden".to_owned()));
}

#[tokio::test]
async fn a_connection_is_reset_or_left_hanging_before_or_after_the_message_is_accepted() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let path = format!("conversations/{chat}/activities");
    let mut accepted = 0;
    for (effect, carried_out, hangs) in [
        (Effect::ResetBefore, 0, false),
        (Effect::ResetAfter, 1, false),
        (Effect::HangBefore, 0, true),
        (Effect::HangAfter, 1, true),
    ] {
        setup.emulator.add_fault(Fault::next(Operation::Send, effect.clone())).unwrap();
        let call = setup.call(Method::POST, &path).json(&message("?")).timeout(Duration::from_millis(200));
        let error = call.send().await.unwrap_err();
        assert_eq!(error.is_timeout(), hangs, "{effect:?}: {error:?}");
        assert_eq!(is_reset(&error), !hangs, "{effect:?}: {error:?}");
        accepted += carried_out;
        assert_eq!(setup.emulator.conversation(&chat).len(), accepted, "{effect:?}");
    }
    setup.say(&chat, "the next connection works").await;
}

/// Whether the kernel said that the connection was reset.
fn is_reset(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::ConnectionReset || cause.to_string().contains("reset"))
}

#[tokio::test]
async fn a_connection_can_be_hit_before_anything_is_asked() {
    let setup = Setup::start().await;
    let url = format!("{}/_emulator/stats", setup.emulator.base_url());
    let fresh = || reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(200)).build().unwrap();
    setup.emulator.add_fault(Fault::next(Operation::Connect, Effect::ResetBefore)).unwrap();
    assert!(is_reset(&fresh().get(&url).send().await.unwrap_err()));
    setup.emulator.add_fault(Fault::next(Operation::Connect, Effect::HangBefore)).unwrap();
    assert!(fresh().get(&url).send().await.unwrap_err().is_timeout());
    assert_eq!(fresh().get(&url).send().await.unwrap().status(), 200);
    let late = setup.emulator.add_fault(Fault::next(Operation::Connect, Effect::LoseAnswer));
    assert!(late.unwrap_err().to_string().contains("reset_before"));
}

#[tokio::test]
async fn a_trickled_answer_comes_byte_by_byte_and_the_next_one_at_once() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    setup.emulator.add_fault(Fault::next(Operation::Send, Effect::Trickle { ms_per_byte: 1 })).unwrap();
    let started = Instant::now();
    setup.say(&chat, "slow").await;
    // Status line, head and body are more than 150 bytes.
    assert!(started.elapsed() > Duration::from_millis(150), "{:?}", started.elapsed());
    setup.emulator.add_fault(Fault::next(Operation::Send, Effect::Trickle { ms_per_byte: 60_000 })).unwrap();
    let path = format!("conversations/{chat}/activities");
    let call = setup.call(Method::POST, &path).json(&message("slower")).timeout(Duration::from_millis(200));
    assert!(call.send().await.unwrap_err().is_timeout());
    assert_eq!(setup.emulator.conversation(&chat).len(), 2);
}

#[tokio::test]
async fn an_answer_can_be_a_page_or_broken_json_though_the_message_was_accepted() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    for (shape, body) in [(Shape::Html, "<html>"), (Shape::BrokenJson, r#"{"id": "17"#), (Shape::Empty, "")] {
        setup.emulator.add_fault(Fault::next(Operation::Send, Effect::Garble { shape })).unwrap();
        let answer = setup.send(&chat, &message("x")).await;
        assert_eq!(answer.status(), 201);
        let text = answer.text().await.unwrap();
        assert!(text.starts_with(body) && (shape != Shape::Empty || text.is_empty()), "{text}");
    }
    assert_eq!(setup.emulator.conversation(&chat).len(), 3);
    // A page with status 200 that stands between the bot and the service.
    let portal = Effect::Answer { status: 200, code: None, message: None, shape: Shape::Html, retry_after: None };
    setup.emulator.add_fault(Fault::next(Operation::Send, portal)).unwrap();
    assert_eq!(setup.send(&chat, &message("x")).await.status(), 200);
    assert_eq!(setup.emulator.conversation(&chat).len(), 3);
}

#[tokio::test]
async fn retry_after_can_be_in_the_past_or_no_time_at_all() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    for (retry_after, written) in [
        (RetryAfter::Date(-3_600), "GMT"),
        (RetryAfter::Seconds(999_999_999), "999999999"),
        (RetryAfter::Text("soon".to_owned()), "soon"),
    ] {
        let busy = answer(429, "Throttled", Shape::Standard, Some(retry_after));
        setup.emulator.add_fault(Fault::next(Operation::Send, busy)).unwrap();
        let refused = setup.send(&chat, &message("x")).await;
        assert!(refused.headers()["retry-after"].to_str().unwrap().ends_with(written), "{refused:?}");
    }
}

#[tokio::test]
async fn chance_depends_on_the_seed_and_on_the_order_of_calls_alone() {
    let setup = Setup::installed().await;
    setup.emulator.set_limits(pregon_emulator::Limits::Lifted);
    let chat = setup.chat(&setup.person(0)).await;
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let lottery = Fault {
            probability: Some(0.5),
            seed,
            ..Fault::always(Operation::Send, answer(503, "", Shape::Empty, None))
        };
        setup.emulator.add_fault(lottery).unwrap();
        let mut hits = Vec::new();
        for _ in 0..40 {
            hits.push(setup.send(&chat, &message("x")).await.status() == 503);
        }
        setup.emulator.clear_faults();
        runs.push(hits);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let hits = runs[0].iter().filter(|hit| **hit).count();
    assert!((8..=32).contains(&hits), "{hits} of 40");
    let never = Fault { probability: Some(0.0), ..Fault::always(Operation::Send, Effect::LoseAnswer) };
    assert!(setup.emulator.add_fault(never).unwrap_err().to_string().contains("probability"));
}

#[tokio::test]
async fn a_fault_is_over_when_its_time_is() {
    let setup = Setup::start().await;
    let down = answer(503, "temporarily_unavailable", Shape::Standard, None);
    let for_a_minute = Fault { for_ms: Some(60_000), ..Fault::always(Operation::Token, down) };
    setup.emulator.add_fault(for_a_minute).unwrap();
    for _ in 0..2 {
        assert_eq!(setup.token_answer(&setup.tenant, &[]).await.status(), 503);
    }
    setup.emulator.advance(Duration::from_secs(59));
    assert_eq!(setup.token_answer(&setup.tenant, &[]).await.status(), 503);
    setup.emulator.advance(Duration::from_secs(1));
    setup.token_for(&setup.tenant, crate::setup::BOT_SCOPE).await;
    assert_eq!(setup.emulator.faults(), []);
}

#[tokio::test]
async fn calls_are_logged_as_they_arrived_with_what_happened_to_them() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    setup.say(&chat, "one").await;
    setup.emulator.add_fault(Fault::next(Operation::Send, answer(502, "", Shape::Html, None))).unwrap();
    setup.send(&chat, &message("two")).await;
    let page: serde_json::Value =
        setup.control(Method::GET, "calls?limit=1000").send().await.unwrap().json().await.unwrap();
    let calls = page["calls"].as_array().unwrap();
    let sends: Vec<_> = calls.iter().filter(|call| call["operation"] == "send").collect();
    assert_eq!(sends.len(), 2);
    assert_eq!(sends[0]["person"], person.id.as_str());
    assert_eq!(
        (&sends[0]["fault"], &sends[1]["fault"]),
        (&serde_json::Value::Null, &json!({"kind": "answer", "status": 502, "code": "", "shape": "html"}))
    );
    assert!(sends[0]["at_us"].as_u64().unwrap() < sends[1]["at_us"].as_u64().unwrap());
    assert_eq!(page["next"], calls.len());
}
