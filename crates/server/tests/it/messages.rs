use serde_json::json;

use crate::world::{World, notification};

#[tokio::test]
async fn a_message_to_a_team_reaches_every_member_but_guests() {
    let world = World::start().await;
    world.install_in_team().await;
    let to = format!("team:{}", world.team().group_id);
    let done = world.deliver(&json!({"to": to, "text": "Hola {{ recipient.name }}"})).await;
    assert_eq!(done["counts"], json!({"pending": 0, "delivered": 5, "stopped": 1, "uncertain": 0}), "{done:#}");
    assert_eq!(done["reasons"][0]["reason"], "guest");
    assert!(done["reasons"][0]["remedy"].as_str().unwrap().contains("include_guests"));
    let rows = world.deliveries(done["id"].as_str().unwrap()).await;
    assert_eq!(rows.len(), 6);
    for person in world.emulator.people() {
        let row = rows.iter().find(|row| row["recipient"]["email"] == person.email.to_lowercase()).unwrap();
        let received = world.emulator.received_by(&person.id).unwrap();
        if person.guest {
            assert_eq!((row["reason"].as_str(), received.len()), (Some("guest"), 0));
        } else {
            assert_eq!(received.len(), 1);
            assert_eq!(row["activity_id"], received[0].id);
            assert!(received[0].activity["text"].as_str().unwrap().starts_with("Hola "));
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn whoever_opts_out_receives_no_more_of_the_topic_until_they_opt_in() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let to = |body: &serde_json::Value| {
        let mut body = body.clone();
        body["to"] = json!(ada.email);
        body
    };
    world.deliver(&to(&notification("deploys"))).await;
    let actor = world.emulator.person(&ada.id).unwrap();

    let answer = actor.press("pregon.opt_out").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["statusCode"], 200);
    assert_eq!(answer.body["type"], "application/vnd.microsoft.card.adaptive");
    assert!(answer.body["value"].to_string().contains("pregon.opt_in"));

    let second = world.deliver(&to(&notification("deploys"))).await;
    assert_eq!(second["reasons"][0]["reason"], "opted_out", "{second:#}");
    let other = world.deliver(&to(&notification("billing"))).await;
    assert_eq!(other["counts"]["delivered"], 1);

    actor.write("start deploys").unwrap();
    world.emulator.delivered().await;
    let third = world.deliver(&to(&notification("deploys"))).await;
    assert_eq!(third["counts"]["delivered"], 1);
    world.stop().await;
}

#[tokio::test]
async fn a_button_of_the_owners_is_answered_and_an_unknown_invoke_is_not() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let mut body = notification("deploys");
    body["to"] = json!(ada.email);
    world.deliver(&body).await;
    let answer = world.emulator.person(&ada.id).unwrap().press("ack").await.unwrap();
    assert_eq!(answer.body["type"], "application/vnd.microsoft.activity.message");
    world.stop().await;
}

#[tokio::test]
async fn a_message_is_edited_and_then_deleted_where_it_was_delivered() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let first = world.deliver(&json!({"to": ada.email, "text": "one"})).await;
    let path = format!("/api/v1/messages/{}", first["id"].as_str().unwrap());

    let edit = world.post(&format!("{path}/edit"), &json!({"text": "two"})).await;
    assert_eq!(edit.status, 202, "{}", edit.body);
    assert_eq!((&edit.body["operation"], &edit.body["of"]), (&json!("edit"), &first["id"]));
    world.done(edit.body["id"].as_str().unwrap()).await;
    assert_eq!(world.emulator.received_by(&ada.id).unwrap()[0].activity["text"], "two");

    let delete = world.call(reqwest::Method::POST, &format!("{path}/delete"), None).await;
    assert_eq!(delete.status, 202, "{}", delete.body);
    world.done(delete.body["id"].as_str().unwrap()).await;
    assert!(world.emulator.received_by(&ada.id).unwrap()[0].deleted);

    let again = format!("/api/v1/messages/{}/edit", edit.body["id"].as_str().unwrap());
    world.post(&again, &json!({"text": "three"})).await.is_problem(409, "not_an_original", None);
    world.stop().await;
}

#[tokio::test]
async fn a_cancelled_message_is_not_sent() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let later = "2199-01-01T00:00:00Z";
    let id = world.send(&json!({"to": ada.email, "text": "later", "send_at": later})).await;
    for _ in 0..2 {
        let answer = world.post(&format!("/api/v1/messages/{id}/cancel"), &json!({})).await;
        assert_eq!((answer.status.as_u16(), &answer.body["state"]), (200, &json!("cancelled")));
    }
    world.post("/api/v1/messages/msg_x/cancel", &json!({})).await.is_problem(404, "not_found", None);
    world.stop().await;
}

#[tokio::test]
async fn a_channel_gets_a_thread_and_later_messages_answer_in_it() {
    let world = World::start().await;
    world.install_in_team().await;
    world.own_messages_done().await;
    let channel = world.team().channels[1].id.clone();
    world.until("/api/v1/references?scope=channel", |page| page["data"].as_array().unwrap().len() == 3).await;
    let first = world.deliver(&json!({"to": channel, "text": "Ship 7 has docked"})).await;
    assert_eq!(first["counts"]["delivered"], 1, "{first:#}");
    let second =
        world.deliver(&json!({"to": format!("thread:{}", first["id"].as_str().unwrap()), "text": "and left"})).await;
    assert_eq!(second["counts"]["delivered"], 1, "{second:#}");
    let said = world.emulator.conversation(&channel);
    assert_eq!(said.len(), 2);
    assert_eq!(said[1].thread_root.as_deref(), Some(said[0].id.as_str()));
    world.stop().await;
}

#[tokio::test]
async fn the_same_request_is_one_message() {
    let world = World::start().await;
    let send = |key: &'static str, text: &'static str| {
        let request = world.client.post(format!("{}/api/v1/messages", world.server.base_url));
        let body = json!({"to": "everyone", "text": text});
        crate::world::Answer::of(request.bearer_auth(&world.key).header("Idempotency-Key", key).json(&body))
    };
    let (first, again) = (send("k1", "one").await, send("k1", "one").await);
    assert_eq!((first.status, again.status), (reqwest::StatusCode::ACCEPTED, reqwest::StatusCode::ACCEPTED));
    assert_eq!(first.body["id"], again.body["id"]);
    assert_eq!(first.location, Some(format!("/api/v1/messages/{}", first.body["id"].as_str().unwrap())));
    send("k1", "two").await.is_problem(422, "idempotency_conflict", None);
    assert_ne!(send("k2", "one").await.body["id"], first.body["id"]);
    send("", "one").await.is_problem(400, "invalid_idempotency_key", None);
    send("a b", "one").await.is_problem(400, "invalid_idempotency_key", None);
    assert_eq!(world.get("/api/v1/messages").await["data"].as_array().unwrap().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn a_request_repeated_after_its_time_has_passed_is_still_the_same() {
    let world = World::start().await;
    let not_after = pregon_domain::Clock::now(&*world.clock) + std::time::Duration::from_mins(5);
    let send = |key: &'static str| {
        let request = world.client.post(format!("{}/api/v1/messages", world.server.base_url));
        let body = json!({"to": "everyone", "text": "soon", "not_after": not_after});
        crate::world::Answer::of(request.bearer_auth(&world.key).header("Idempotency-Key", key).json(&body))
    };
    let first = send("k1").await;
    world.clock.advance(std::time::Duration::from_hours(1));
    let again = send("k1").await;
    assert_eq!((again.status, &again.body["id"]), (reqwest::StatusCode::ACCEPTED, &first.body["id"]));
    send("k2").await.is_problem(422, "invalid_value", Some("/not_after"));
    world.stop().await;
}

#[tokio::test]
async fn whoever_blocked_the_bot_is_told_with_reason_code_and_remedy() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let actor = world.emulator.person(&ada.id).unwrap();
    world.deliver(&json!({"to": ada.email, "text": "before"})).await;
    actor.block();
    let done = world.deliver(&json!({"to": ada.email, "text": "after"})).await;
    let row = &world.deliveries(done["id"].as_str().unwrap()).await[0];
    assert_eq!((&row["state"], &row["reason"]), (&json!("stopped"), &json!("blocked")));
    assert!(row["detail"].as_str().unwrap().starts_with("HTTP 403 "), "{row:#}");
    assert!(row["remedy"].as_str().unwrap().contains("unblocks"));
    actor.unblock();
    actor.write("I am back").unwrap();
    world.emulator.delivered().await;
    assert_eq!(world.deliver(&json!({"to": ada.email, "text": "again"})).await["counts"]["delivered"], 1);
    world.stop().await;
}

#[tokio::test]
async fn a_message_under_way_tells_its_rate_and_what_limits_it() {
    let world = World::with(80, "").await;
    world.install_in_team().await;
    let id =
        world.send(&json!({"to": format!("team:{}", world.team().id), "text": "hi", "include_guests": true})).await;
    let path = format!("/api/v1/messages/{id}");
    let view = world.until(&path, |view| view["state"] == "sending" && view["rate_per_s"] == 50).await;
    assert!(view["limited_by"].is_string(), "{view:#}");
    assert_eq!(world.done(&id).await["counts"]["delivered"], 80);
    world.stop().await;
}

#[tokio::test]
async fn a_name_that_looks_like_a_template_is_only_a_name() {
    let world = World::start().await;
    world.install_in_team().await;
    let ada = world.person(0);
    let body =
        json!({"to": ada.email, "text": "{{ data.who }}", "format": "plain", "data": {"who": "{{ data }} {% raw %}"}});
    world.deliver(&body).await;
    assert_eq!(world.emulator.received_by(&ada.id).unwrap()[0].activity["text"], "{{ data }} {% raw %}");
    world.stop().await;
}
