use pregon_emulator::{Effect, Fault, Operation, RetryAfter, Shape};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, refusal};

async fn batch(setup: &Setup, requests: Value) -> Vec<Value> {
    let call = setup.graph(Method::POST, "$batch").json(&json!({ "requests": requests }));
    let answer: Value = call.send().await.unwrap().json().await.unwrap();
    answer["responses"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

#[tokio::test]
async fn each_call_of_a_batch_has_an_answer_of_its_own() {
    let setup = Setup::start().await;
    let person = setup.person(0);
    let bind = format!("{}/v1.0/appCatalogs/teamsApps/{}", setup.emulator.base_url(), setup.app.catalog_id);
    let install = json!({"id": "2", "method": "post", "url": format!("/users/{}/teamwork/installedApps", person.id),
        "headers": {"Content-Type": "application/json"}, "body": {"teamsApp@odata.bind": bind}});
    let count =
        json!({"id": "4", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}});
    let answers = batch(
        &setup,
        json!([
            {"id": "1", "method": "GET", "url": format!("/users/{}?$select=id", person.id)},
            install,
            {"id": "3", "method": "GET", "url": "users/nobody"},
            count,
            {"id": "5", "method": "GET", "url": "/users?$top=25"},
        ]),
    )
    .await;
    assert_eq!((&answers[0]["status"], &answers[0]["body"]["id"]), (&json!(200), &json!(person.id)));
    assert_eq!((&answers[1]["status"], answers[1].get("body")), (&json!(201), None));
    assert!(answers[1]["headers"]["Location"].is_string());
    assert_eq!(answers[2]["body"]["error"]["code"], "Request_ResourceNotFound");
    assert_eq!(answers[3]["status"], 200);
    let next = answers[4]["body"]["@odata.nextLink"].as_str().unwrap();
    let next = setup.client.get(next).bearer_auth(&setup.graph_token).send().await.unwrap();
    assert_eq!(next.json::<Value>().await.unwrap()["value"].as_array().unwrap().len(), 25);
    assert_eq!(setup.emulator.stats().calls(Operation::GraphBatch), 1);
    assert_eq!(setup.emulator.stats().calls(Operation::Install), 1);
}

#[tokio::test]
async fn what_depends_on_a_failure_is_not_done() {
    let setup = Setup::start().await;
    let answers = batch(
        &setup,
        json!([
            {"id": "a", "method": "GET", "url": "/users/nobody"},
            {"id": "b", "method": "GET", "url": "/users", "dependsOn": ["A"]},
            {"id": "c", "method": "GET", "url": "/users", "dependsOn": ["b"]},
            {"id": "d", "method": "GET", "url": "/groups"},
            {"id": "e", "method": "GET", "url": "/users", "dependsOn": ["d"]},
        ]),
    )
    .await;
    let statuses: Vec<u64> = answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [404, 424, 424, 200, 200]);
    assert_eq!(setup.emulator.stats().calls(Operation::Users), 1);
}

#[tokio::test]
async fn one_call_of_a_batch_is_throttled_by_itself() {
    let setup = Setup::start().await;
    let effect = Effect::Answer {
        status: 429,
        code: Some("TooManyRequests".to_owned()),
        message: None,
        shape: Shape::Standard,
        retry_after: Some(RetryAfter::Seconds(9)),
    };
    setup.emulator.add_fault(Fault::next(Operation::Groups, effect)).unwrap();
    let answers = batch(
        &setup,
        json!([
            {"id": "1", "method": "GET", "url": "/groups"},
            {"id": "2", "method": "GET", "url": "/groups"},
        ]),
    )
    .await;
    assert_eq!((&answers[0]["status"], &answers[0]["headers"]["Retry-After"]), (&json!(429), &json!("9")));
    assert_eq!(answers[1]["status"], 200);
}

#[tokio::test]
async fn a_batch_that_makes_no_sense_is_refused_as_a_whole() {
    let setup = Setup::start().await;
    let get = |id: &str| json!({"id": id, "method": "GET", "url": "/users"});
    let many: Vec<Value> = (0..21).map(|nth| get(&nth.to_string())).collect();
    for requests in [
        json!(many),
        json!([get("a"), get("A")]),
        json!([{"id": "1", "method": "GET", "url": "/users", "dependsOn": ["later"]}, get("later")]),
        json!("none"),
    ] {
        let call = setup.graph(Method::POST, "$batch").json(&json!({ "requests": requests }));
        assert_eq!(refusal(call.send().await.unwrap()).await, (400, "BadRequest".to_owned()), "{requests}");
    }
    let answers = batch(&setup, json!([
        {"id": "1", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"}, "body": {"requests": []}},
        {"id": "2", "method": "POST", "url": "/users", "body": {}},
        {"id": "3", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users"},
    ])).await;
    let statuses: Vec<u64> = answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [404, 400, 400]);
}
