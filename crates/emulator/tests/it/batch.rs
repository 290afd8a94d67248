use pregon_emulator::{Effect, EmulatorConfig, Fault, Operation, Shape, WorldSpec};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, message, refusal};

/// A batch that was started: what the Connector said of it when it was over.
async fn ended(setup: &Setup, answer: reqwest::Response) -> (String, Value) {
    assert_eq!(answer.status(), 201);
    let body: Value = answer.json().await.unwrap();
    let id = body["operationId"].as_str().unwrap().to_owned();
    loop {
        let state = state(setup, &id).await;
        if ["Completed", "Canceled"].contains(&state["state"].as_str().unwrap()) {
            assert_eq!(state.get("retryAfter"), None);
            return (id, state);
        }
        assert!(state["retryAfter"].as_str().unwrap().ends_with('Z'));
        tokio::task::yield_now().await;
    }
}

async fn state(setup: &Setup, id: &str) -> Value {
    setup.get(&format!("batch/conversation/{id}")).await.json().await.unwrap()
}

async fn lifted() -> Setup {
    let setup = Setup::installed().await;
    setup.emulator.set_limits(pregon_emulator::Limits::Lifted);
    setup
}

#[tokio::test]
async fn a_batch_to_people_tells_what_became_of_each() {
    let setup = lifted().await;
    let (reached, blocked, installed) = (setup.person(0), setup.person(1), setup.person(2));
    setup.emulator.person(&blocked.id).unwrap().block();
    setup.emulator.person(&installed.id).unwrap().install();
    let members = [
        reached.bots[0].member_id.as_str(),
        &blocked.bots[0].member_id,
        &installed.id,
        &setup.person(3).id,
        "29:nobody",
    ];
    let members: Vec<Value> = members.iter().map(|id| json!({"id": id})).collect();
    let body = json!({"activity": message("to many"), "members": members, "tenantId": setup.tenant});
    let (id, state) = ended(&setup, setup.post("batch/conversation/users/", &body).await).await;
    assert_eq!(
        state,
        json!({"state": "Completed", "statusMap": {"201": 2, "403": 2, "404": 1}, "totalEntriesCount": 5})
    );
    for person in [reached, installed] {
        assert_eq!(setup.emulator.received_by(&person.id).unwrap()[0].activity["text"], "to many");
    }
    let failures: Value = setup.get(&format!("batch/conversation/failedentries/{id}")).await.json().await.unwrap();
    let failed = failures["failedEntryResponses"].as_array().unwrap();
    assert_eq!((failed.len(), failures.get("continuationToken")), (3, None));
    assert_eq!(failed[0]["entryId"], blocked.bots[0].member_id);
    assert!(failed[0]["error"].as_str().unwrap().starts_with("403 Forbidden"), "{failures}");
    assert!(failed[1]["error"].as_str().unwrap().contains("ForbiddenOperationException"), "{failures}");
}

#[tokio::test]
async fn names_of_properties_count_without_their_case() {
    let setup = lifted().await;
    let body = json!({"Activity": message("hello"), "TenantId": setup.tenant, "TeamId": setup.team().id});
    let (_, state) = ended(&setup, setup.post("Batch/Conversation/Team", &body).await).await;
    assert_eq!((&state["statusMap"], &state["totalEntriesCount"]), (&json!({"201": 60}), &json!(60)));
    assert_eq!(setup.emulator.stats().messages, 60);
}

#[tokio::test]
async fn a_batch_reaches_everybody_who_has_the_app_or_these_channels() {
    let setup = lifted().await;
    for nth in 0..3 {
        setup.emulator.person(&setup.person(nth).id).unwrap().install();
    }
    let body = json!({"activity": message("to all"), "tenantId": setup.tenant});
    let (_, state) = ended(&setup, setup.post("batch/conversation/tenant", &body).await).await;
    assert_eq!(state["statusMap"], json!({"201": 3}));
    let channels: Vec<Value> = setup.team().channels.iter().map(|channel| json!({"id": channel.id})).collect();
    let body = json!({"activity": message("news"), "members": channels, "tenantId": setup.tenant});
    let (_, state) = ended(&setup, setup.post("batch/conversation/channels", &body).await).await;
    assert_eq!(state["statusMap"], json!({"201": 4}));
    let begun = &setup.emulator.conversation(&setup.team().channels[2].id)[0];
    assert_eq!(begun.thread_root.as_deref(), Some(begun.id.as_str()));
}

#[tokio::test]
async fn a_cancelled_batch_sends_no_more() {
    let setup = lifted().await;
    // The first entry never ends by itself.
    let wait = Fault::next(Operation::BatchEntry, Effect::DelayBefore { ms: 600_000, jitter_ms: 0 });
    setup.emulator.add_fault(wait).unwrap();
    let body = json!({"activity": message("stop me"), "tenantId": setup.tenant, "teamId": setup.team().id});
    let started: Value = setup.post("batch/conversation/team", &body).await.json().await.unwrap();
    let id = started["operationId"].as_str().unwrap();
    setup.emulator.until(|emulator| emulator.faults().is_empty()).await;
    let going = state(&setup, id).await;
    assert_eq!((&going["state"], &going["statusMap"]), (&json!("Ongoing"), &json!({})));
    let cancel = setup.call(Method::DELETE, &format!("batch/conversation/{id}")).send().await.unwrap();
    assert_eq!(cancel.status(), 200);
    let (_, over) = ended(&setup, http_created(id)).await;
    assert_eq!(over["state"], "Canceled");
    assert_eq!(setup.emulator.stats().messages, 0);
}

/// The answer a batch was started with, once more.
fn http_created(id: &str) -> reqwest::Response {
    let body = json!({"operationId": id}).to_string();
    axum::http::Response::builder().status(201).body(body).unwrap().into()
}

#[tokio::test]
async fn failures_come_in_pages_and_can_be_made() {
    let config = EmulatorConfig { page_size_max: 2, ..EmulatorConfig::new(WorldSpec::demo(7, 5)) };
    let setup = Setup::installed_with(config).await;
    setup.emulator.set_limits(pregon_emulator::Limits::Lifted);
    let effect = Effect::Answer {
        status: 429,
        code: Some("Throttled".to_owned()),
        message: None,
        shape: Shape::Standard,
        retry_after: None,
    };
    setup.emulator.add_fault(Fault { times: 0, ..Fault::next(Operation::BatchEntry, effect) }).unwrap();
    let body = json!({"activity": message("x"), "tenantId": setup.tenant, "teamId": setup.team().id});
    let (id, state) = ended(&setup, setup.post("batch/conversation/team", &body).await).await;
    assert_eq!(state["statusMap"], json!({"429": 5}));
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let path = format!("batch/conversation/failedentries/{id}?continuationToken={}", encoded(&token));
        let page: Value = setup.get(&path).await.json().await.unwrap();
        seen.push(page["failedEntryResponses"].as_array().unwrap().len());
        match page["continuationToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, [2, 2, 1]);
    let bad = setup.get(&format!("batch/conversation/failedentries/{id}?continuationToken=zzz")).await;
    assert_eq!(refusal(bad).await, (400, "BadArgument".to_owned()));
}

#[tokio::test]
async fn a_batch_that_says_too_little_is_refused() {
    let setup = lifted().await;
    let activity = message("x");
    let tenant = setup.tenant.clone();
    let many: Vec<Value> = (0..101).map(|_| json!({"id": "29:x"})).collect();
    for (audience, body, expected) in [
        ("users", json!({"members": [{"id": "x"}], "tenantId": tenant}), (400, "MissingProperty")),
        ("users", json!({"activity": activity, "members": [{"id": "x"}]}), (400, "MissingProperty")),
        ("users", json!({"activity": activity, "tenantId": tenant}), (400, "MissingProperty")),
        ("users", json!({"activity": activity, "tenantId": tenant, "members": [{}]}), (400, "MissingProperty")),
        ("users", json!({"activity": activity, "tenantId": tenant, "members": []}), (400, "BadSyntax")),
        ("users", json!({"activity": activity, "tenantId": tenant, "members": many}), (400, "BadSyntax")),
        ("users", json!({"activity": activity, "tenantId": "other", "members": many}), (400, "BadArgument")),
        ("team", json!({"activity": activity, "tenantId": tenant}), (400, "MissingProperty")),
        ("team", json!({"activity": activity, "tenantId": tenant, "teamId": "19:no"}), (404, "NotFound")),
        ("tenant", json!({"activity": {"type": "message"}, "tenantId": tenant}), (400, "BadSyntax")),
        ("moon", json!({"activity": activity, "tenantId": tenant}), (404, "NotFound")),
    ] {
        let refused = refusal(setup.post(&format!("batch/conversation/{audience}"), &body).await).await;
        assert_eq!(refused, (expected.0, expected.1.to_owned()), "{audience} {body}");
    }
    assert_eq!(refusal(setup.get("batch/conversation/none").await).await, (404, "NotFound".to_owned()));
    setup.emulator.uninstall_from_team(&setup.app.app_id, &setup.team().id).unwrap();
    let body = json!({"activity": activity, "tenantId": tenant, "teamId": setup.team().id});
    assert_eq!(refusal(setup.post("batch/conversation/team", &body).await).await, (403, "Forbidden".to_owned()));
}
