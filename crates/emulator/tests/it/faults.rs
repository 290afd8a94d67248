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
    let impatient = std::time::Duration::from_millis(200);
    for (effect, accepted) in [(Effect::DelayBefore { ms: 60_000 }, 0), (Effect::DelayAfter { ms: 60_000 }, 1)] {
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
