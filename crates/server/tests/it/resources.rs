use reqwest::Method;
use serde_json::json;

use crate::world::{Answer, World};

#[tokio::test]
async fn an_api_key_is_made_used_listed_and_removed() {
    let world = World::start().await;
    let made = world.post("/api/v1/api_keys", &json!({"name": "ci"})).await;
    assert_eq!(made.status, 201);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("pgk_") && secret.len() == 47);
    let with_it = || {
        let url = format!("{}/api/v1/api_keys", world.server.base_url);
        Answer::of(world.client.get(url).bearer_auth(&secret))
    };
    let listed = with_it().await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 2);
    assert!(!listed.body.to_string().contains("secret"));
    let path = format!("/api/v1/api_keys/{}", made.body["id"].as_str().unwrap());
    assert_eq!(world.call(Method::DELETE, &path, None).await.status, 204);
    with_it().await.is_problem(401, "invalid_key", None);
    world.call(Method::DELETE, &path, None).await.is_problem(404, "not_found", None);
    world.stop().await;
}

#[tokio::test]
async fn lists_come_in_pages_without_gaps() {
    let world = World::start().await;
    world.install_in_team().await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/references?scope=personal&limit=4".to_owned();
    loop {
        let page = world.get(&path).await;
        seen.extend(page["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/references?scope=personal&limit=4&cursor={next}");
    }
    assert_eq!(seen.len(), 6);
    let one = world.get(&format!("/api/v1/references/{}", seen[0])).await;
    assert_eq!(one["scope"], "personal");
    world.stop().await;
}

#[tokio::test]
async fn the_app_is_installed_in_a_team_and_at_a_persons() {
    let world = World::start().await;
    let team = world.team();
    let answer = world.post("/api/v1/installs", &json!({"team": team.group_id})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!((&answer.body["result"], &answer.body["team"]), (&json!("installed"), &json!(team.group_id)));
    world.emulator.delivered().await;
    assert_eq!(world.references("scope=team").await[0]["installed"], true);

    let ada = world.person(0);
    for _ in 0..2 {
        let answer = world.post("/api/v1/installs", &json!({"person": ada.user_principal_name})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["person"], ada.id);
    }
    world.emulator.delivered().await;
    world.own_messages_done().await;
    assert_eq!(world.emulator.received_by(&ada.id).unwrap().len(), 1, "one welcome");

    let nobody = world.post("/api/v1/installs", &json!({"person": "nobody@example.com"})).await;
    nobody.is_problem(404, "person_not_found", None);
    let unknown = json!({"team": "00000000-0000-4000-8000-000000000000"});
    world.post("/api/v1/installs", &unknown).await.is_problem(404, "graph_not_found", None);
    world.stop().await;
}

#[tokio::test]
async fn health_needs_no_key_and_a_taken_port_is_told_with_its_remedy() {
    let world = World::start().await;
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = Answer::of(world.client.get(format!("{}{path}", world.server.base_url))).await;
        assert_eq!((answer.status.as_u16(), &answer.body["status"]), (200, &json!(status)));
    }
    let config = format!(
        "[server]\nlisten = \"{}\"\n[store]\ndir = {:?}",
        world.server.addr,
        tempfile::tempdir().unwrap().path()
    );
    let config = pregon_server::Config::parse("test.toml", &config).unwrap();
    let parts = pregon_server::Parts::open(&config).await.unwrap();
    let error = pregon_server::Server::start(config, parts).await.err().expect("the port is taken").to_string();
    assert!(error.contains(&world.server.addr.to_string()) && error.contains("--listen"), "{error}");
    world.stop().await;
}
