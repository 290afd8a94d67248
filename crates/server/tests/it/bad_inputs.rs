use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Answer, World, notification};

fn with(pointer: &str, value: Value) -> Value {
    let mut body = notification("deploys");
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn plus(name: &str, value: Value) -> Value {
    let mut body = json!({"to": "everyone", "text": "hi"});
    body[name] = value;
    body
}

#[tokio::test]
async fn every_bad_message_is_refused_with_status_code_and_field() {
    let world = World::start().await;
    let long = "x".repeat(15_000);
    let many: Vec<_> = (0..10_001).map(|n| format!("a{n}@example.com")).collect();
    let own_verb = json!({"type": "AdaptiveCard", "actions": [{"type": "Action.Execute", "verb": "pregon.opt_out"}]});
    let submit = json!({"type": "AdaptiveCard", "actions": [{"type": "Action.Submit", "data": {"verb": "pregon.x"}}]});
    let link = json!({"type": "AdaptiveCard", "body": [{"type": "Image", "url": "https://a.example/x.png",
        "selectAction": {"type": "Action.OpenUrl", "url": "http://evil.example"}}]});
    let unshown = json!({"type": "AdaptiveCard", "version": "1.4",
        "body": [{"type": "TextBlock", "text": "{{ recipient.name }}", "wrap": "{{ 'yes' }}"}]});
    let cases: Vec<(Value, u16, &str, Option<&str>)> = vec![
        (json!({"text": "hi"}), 422, "missing_field", Some("/to")),
        (json!({"to": [], "text": "hi"}), 422, "missing_field", Some("/to")),
        (json!({"to": 7, "text": "hi"}), 422, "invalid_value", Some("/to")),
        (json!({"to": "nobody", "text": "hi"}), 422, "invalid_address", Some("/to")),
        (json!({"to": ["a@b.example", "nobody"], "text": "hi"}), 422, "invalid_address", Some("/to/1")),
        (json!({"to": many, "text": "hi"}), 422, "too_many_recipients", Some("/to")),
        (json!({"to": "everyone"}), 422, "missing_field", Some("/text")),
        (json!({"to": "everyone", "text": " "}), 422, "invalid_content", Some("/text")),
        (json!({"to": "everyone", "text": "{{ data.x }}"}), 422, "invalid_content", Some("/text")),
        (plus("txet", json!("x")), 422, "unknown_field", Some("/txet")),
        (plus("card", json!({"type": "AdaptiveCard"})), 422, "ambiguous_content", Some("/text")),
        (plus("summary", json!("x")), 422, "invalid_content", Some("/summary")),
        (plus("format", json!("html")), 422, "invalid_value", Some("/format")),
        (plus("policy", json!("maybe")), 422, "invalid_value", Some("/policy")),
        (plus("priority", json!("high")), 422, "invalid_value", Some("/priority")),
        (plus("priority", json!(1)), 422, "invalid_value", Some("/priority")),
        (plus("canary", json!(5)), 422, "invalid_value", Some("/canary")),
        (plus("canary", json!({})), 422, "missing_field", Some("/canary/percent")),
        (plus("canary", json!({"percent": 0})), 422, "invalid_value", Some("/canary/percent")),
        (plus("canary", json!({"percent": 100})), 422, "invalid_value", Some("/canary/percent")),
        (plus("canary", json!({"percent": 300})), 422, "invalid_value", Some("/canary/percent")),
        (plus("canary", json!({"percent": 5.5})), 422, "invalid_value", Some("/canary/percent")),
        (plus("canary", json!({"percent": "5"})), 422, "invalid_value", Some("/canary/percent")),
        (plus("canary", json!({"percent": 5, "fraction": 1})), 422, "unknown_field", Some("/canary/fraction")),
        (plus("auto_pause", json!(true)), 422, "invalid_value", Some("/auto_pause")),
        (plus("auto_pause", json!({"after": 9})), 422, "missing_field", Some("/auto_pause/percent")),
        (plus("auto_pause", json!({"percent": -1})), 422, "invalid_value", Some("/auto_pause/percent")),
        (plus("auto_pause", json!({"percent": 5, "after": 0})), 422, "invalid_value", Some("/auto_pause/after")),
        (plus("auto_pause", json!({"percent": 5, "after": null, "x": 1})), 422, "unknown_field", Some("/auto_pause/x")),
        (plus("topic", json!("{{x}}")), 422, "invalid_value", Some("/topic")),
        (plus("bot", json!("nobody")), 422, "unknown_bot", Some("/bot")),
        (plus("send_at", json!("tomorrow")), 422, "invalid_value", Some("/send_at")),
        (plus("not_after", json!("2020-01-01T00:00:00Z")), 422, "invalid_value", Some("/not_after")),
        (plus("mandatory", json!("yes")), 422, "invalid_value", Some("/mandatory")),
        (json!({"to": "everyone", "text": long}), 413, "message_too_large", None),
        (json!({"to": "everyone", "text": long.repeat(4), "allow_large": true}), 413, "message_too_large", None),
        (json!({"to": "everyone", "card": {"type": "x"}}), 422, "invalid_content", Some("/card")),
        (json!({"to": "everyone", "card": own_verb}), 422, "reserved_verb", Some("/card/actions/0/verb")),
        (json!({"to": "everyone", "card": submit}), 422, "reserved_verb", Some("/card/actions/0/data/verb")),
        (json!({"to": "everyone", "card": link}), 422, "invalid_url", Some("/card/body/0/selectAction/url")),
        (json!({"to": "everyone", "card": unshown}), 422, "invalid_content", Some("/card/body/0/wrap")),
        (json!({"to": "everyone", "card": {"type": "AdaptiveCard"}}), 422, "invalid_content", Some("/card")),
        (with("/topic", json!(null)), 422, "missing_field", Some("/topic")),
        (
            with("/notification/actions/0/url", json!("javascript:x")),
            422,
            "invalid_url",
            Some("/notification/actions/0/url"),
        ),
        (
            with("/notification/actions/1/verb", json!("pregon.x")),
            422,
            "reserved_verb",
            Some("/notification/actions/1/verb"),
        ),
        (with("/notification/triggered_by", json!(7)), 422, "invalid_value", Some("/notification")),
        (with("/notification/actions/0", json!({"title": "x"})), 422, "invalid_value", Some("/notification")),
    ];
    for (body, status, code, field) in cases {
        let shown: String = body.to_string().chars().take(200).collect();
        println!("{shown}");
        let answer = world.post("/api/v1/messages", &body).await;
        answer.is_problem(status, code, field);
        let new = ["/priority", "/canary", "/auto_pause"];
        if field.is_some_and(|field| new.iter().any(|name| field.starts_with(name))) {
            assert!(answer.body["remedy"].is_string(), "{}", answer.body);
        }
    }
    let later =
        json!({"to": "everyone", "text": "x", "send_at": "2199-01-02T00:00:00Z", "not_after": "2199-01-01T00:00:00Z"});
    world.post("/api/v1/messages", &later).await.is_problem(422, "invalid_value", Some("/not_after"));
    let near = world.post("/api/v1/messages", &plus("topik", json!("x"))).await;
    assert_eq!(near.body["remedy"], "Did you mean topic?");
    let (large, mandatory) = (json!({"to": "everyone", "text": long, "allow_large": true}), {
        let mut body = with("/topic", json!(null));
        body["mandatory"] = json!(true);
        body
    });
    // What only some clients show is the caller's choice.
    let recent =
        json!({"to": "everyone", "card": {"type": "AdaptiveCard", "version": "1.6", "body": [{"type": "Icon"}]}});
    let life = json!({"to": "everyone", "text": "hi", "priority": "bulk", "canary": {"percent": 99},
        "auto_pause": {"percent": 1, "after": 1}});
    let usual = json!({"to": "everyone", "text": "hi", "priority": null, "canary": null, "auto_pause": {"percent": 1}});
    for good in [large, mandatory, recent, life, usual] {
        assert_eq!(world.post("/api/v1/messages", &good).await.status, 202);
    }
    assert_eq!(world.get("/api/v1/messages").await["data"].as_array().unwrap().len(), 5, "what is refused is not kept");
    world.stop().await;
}

#[tokio::test]
async fn every_bad_request_is_a_problem() {
    let world = World::start().await;
    let url = |path: &str| format!("{}{path}", world.server.base_url);
    let messages = url("/api/v1/messages");
    let post = || world.client.post(&messages).bearer_auth(&world.key);
    let json_type = ("content-type", "application/json");

    Answer::of(world.client.get(&messages)).await.is_problem(401, "missing_key", None);
    for key in ["pgk_x", &world.key[1..], &format!("pgk_{}", "A".repeat(43))] {
        Answer::of(world.client.get(&messages).bearer_auth(key)).await.is_problem(401, "invalid_key", None);
    }
    Answer::of(world.client.get(&messages).basic_auth("a", Some("b"))).await.is_problem(401, "invalid_key", None);
    Answer::of(post().body("{}")).await.is_problem(415, "not_json", None);
    Answer::of(post().header(json_type.0, json_type.1).body("{")).await.is_problem(400, "invalid_json", None);
    Answer::of(post().header(json_type.0, json_type.1).body("[]")).await.is_problem(400, "invalid_json", None);
    let huge = post().header(json_type.0, json_type.1).body(vec![b' '; 1024 * 1024 + 1]);
    Answer::of(huge).await.is_problem(413, "body_too_large", None);
    let deep = post().header(json_type.0, json_type.1).body("[".repeat(100_000));
    Answer::of(deep).await.is_problem(400, "invalid_json", None);

    for (method, path, status, code, field) in [
        (Method::GET, "/nowhere", 404, "no_such_path", None),
        (Method::GET, "/api/v1/nowhere", 404, "no_such_path", None),
        (Method::PUT, "/api/v1/messages", 405, "method_not_allowed", None),
        (Method::GET, "/api/v1/messages/%FF", 400, "invalid_path", None),
        (Method::GET, "/api/messages/main", 405, "method_not_allowed", None),
        (Method::GET, "/api/v1/messages/msg_1", 404, "not_found", None),
        (Method::GET, "/api/v1/messages/msg_01h455vb4pex5vsknk084sn02q", 404, "not_found", None),
        (Method::GET, "/api/v1/messages/msg_01h455vb4pex5vsknk084sn02q/deliveries", 404, "not_found", None),
        (Method::GET, "/api/v1/references/ref_01h455vb4pex5vsknk084sn02q", 404, "not_found", None),
        (Method::GET, "/api/v1/deliveries/dlv_01h455vb4pex5vsknk084sn02q", 404, "not_found", None),
        (Method::GET, "/api/v1/deliveries/msg_01h455vb4pex5vsknk084sn02q", 404, "not_found", None),
        (Method::POST, "/api/v1/messages/msg_01h455vb4pex5vsknk084sn02q/pause", 404, "not_found", None),
        (Method::POST, "/api/v1/messages/msg_1/resume", 404, "not_found", None),
        (Method::POST, "/api/v1/messages/msg_1/cancel", 404, "not_found", None),
        (Method::POST, "/api/v1/messages/msg_1/resend", 404, "not_found", None),
        (Method::DELETE, "/api/v1/api_keys/key_01h455vb4pex5vsknk084sn02q", 404, "not_found", None),
        (Method::GET, "/api/v1/messages?limit=0", 400, "invalid_parameter", Some("limit")),
        (Method::GET, "/api/v1/messages?limit=501", 400, "invalid_parameter", Some("limit")),
        (Method::GET, "/api/v1/messages?cursor=x", 400, "invalid_parameter", Some("cursor")),
        (Method::GET, "/api/v1/messages?page=2", 400, "invalid_parameter", None),
        (Method::GET, "/api/v1/lanes?cursor=x", 400, "invalid_parameter", Some("cursor")),
        (Method::GET, "/api/v1/lanes?tenant=x", 400, "invalid_parameter", None),
        (Method::GET, "/api/v1/references?scope=x", 400, "invalid_parameter", Some("scope")),
    ] {
        println!("{method} {path}");
        world.call(method, path, None).await.is_problem(status, code, field);
    }
    for (path, body, code, field) in [
        ("/api/v1/api_keys", json!({}), "missing_field", "/name"),
        ("/api/v1/api_keys", json!({"name": ""}), "invalid_value", "/name"),
        ("/api/v1/installs", json!({}), "missing_field", "/team"),
        ("/api/v1/installs", json!({"team": "x"}), "invalid_value", "/team"),
        ("/api/v1/installs", json!({"person": "x"}), "invalid_value", "/person"),
        ("/api/v1/installs", json!({"person": "a@b.example", "tenant": "x"}), "tenant_not_allowed", "/tenant"),
    ] {
        world.post(path, &body).await.is_problem(422, code, Some(field));
    }
    world.stop().await;
}

#[tokio::test]
async fn every_bad_request_about_an_accepted_message_is_refused_with_field_and_remedy() {
    let world = World::start().await;
    let id = world.send(&json!({"to": "everyone", "text": "hi", "send_at": "2199-01-01T00:00:00Z"})).await;
    let path = format!("/api/v1/messages/{id}");
    let unknown = "dlv_01h455vb4pex5vsknk084sn02q";
    for (verb, body, code, field) in [
        ("pause", json!({"for": "an hour"}), "unknown_field", "/for"),
        ("resume", json!({"hold": null}), "unknown_field", "/hold"),
        ("cancel", json!({"why": "x"}), "unknown_field", "/why"),
        ("resend", json!({"reason": ["refused"]}), "unknown_field", "/reason"),
        ("resend", json!({"reasons": "refused"}), "invalid_value", "/reasons"),
        ("resend", json!({"reasons": [7]}), "invalid_value", "/reasons"),
        ("resend", json!({"reasons": []}), "invalid_value", "/reasons"),
        ("resend", json!({"reasons": ["refused", "exhuasted"]}), "invalid_value", "/reasons/1"),
        ("resend", json!({"reasons": ["opted_out"]}), "not_a_failure", "/reasons/0"),
        ("resend", json!({"reasons": ["refused", "blocked"]}), "not_a_failure", "/reasons/1"),
        ("resend", json!({"reasons": ["throttled"]}), "not_a_failure", "/reasons/0"),
        ("decide", json!({}), "missing_field", "/verdict"),
        ("decide", json!({"verdict": "maybe"}), "invalid_value", "/verdict"),
        ("decide", json!({"verdict": "send", "delivery": "x"}), "unknown_delivery", "/delivery"),
        ("decide", json!({"verdict": "send", "delivery": unknown}), "unknown_delivery", "/delivery"),
        ("decide", json!({"verdict": "send", "delivery": 7}), "invalid_value", "/delivery"),
        ("decide", json!({"verdict": "send", "all": true}), "unknown_field", "/all"),
    ] {
        println!("{verb} {body}");
        let answer = world.post(&format!("{path}/{verb}"), &body).await;
        answer.is_problem(422, code, Some(field));
        assert!(answer.body["remedy"].is_string(), "{}", answer.body);
    }
    let recipient = format!("{path}/deliveries?recipient=everyone");
    world.call(Method::GET, &recipient, None).await.is_problem(400, "invalid_parameter", Some("recipient"));
    assert_eq!(world.get(&path).await["state"], "preparing", "nothing happened");
    world.stop().await;
}
