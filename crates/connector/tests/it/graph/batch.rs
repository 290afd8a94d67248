use pregon_connector::graph::{BatchAnswers, BatchEntry, Filter, Installed};
use pregon_connector::{ConnectorError, Method};
use pregon_model::{CatalogAppId, ConversationId, ObjectId, TenantId};
use serde_json::{Value, json};

use super::{Desk, ok};
use crate::service::Reply;

fn answers(responses: &Value) -> Reply {
    ok(&json!({"responses": responses}))
}

fn person(number: usize) -> ObjectId {
    ObjectId::new(format!("p{number}"))
}

fn app() -> CatalogAppId {
    CatalogAppId::new("cat-1")
}

/// Answers 201 to these calls.
fn created(ids: impl Iterator<Item = usize>) -> Reply {
    answers(&ids.map(|id| json!({"id": id.to_string(), "status": 201, "headers": {}, "body": null})).collect())
}

#[tokio::test]
async fn calls_of_every_kind_go_out_in_one_request_and_answer_with_their_own_types() {
    let desk = Desk::answering([answers(&json!([
        {"id": "3", "status": 200, "headers": {"Content-Type": "text/plain"}, "body": "17"},
        {"id": "1", "status": 200, "headers": {"x-ms-resource-unit": "2"}, "body": {"value": [{"id": "ada"}]}},
        {"id": "4", "status": 204},
        {"id": "0", "status": 201, "headers": {"Location": "https://x/y", "Age": 3}},
        {"id": "2", "status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": "m"}}},
    ]))])
    .await;
    let graph = desk.graph();
    let mut batch = graph.batch();
    let install = batch.add(graph.apps_of_user(&person(1)).add(&app()));
    let list = batch.add(graph.users().select(&["id"]).filter(Filter::is_not("city", "Lima")));
    let nobody = batch.add(graph.user(&person(2)));
    let total = batch.add(graph.users().total());
    let raw = batch.add(graph.raw(Method::DELETE, &["users", "a b"]));
    let mut answers = batch.await;
    let install = answers.take(install);
    assert_eq!(
        (install.status(), install.header("location"), install.header("age")),
        (Some(201), Some("https://x/y"), Some("3"))
    );
    assert_eq!(install.result.unwrap(), Installed::Now);
    let list = answers.take(list);
    assert_eq!((list.throttling.resource_units, list.result.unwrap().items.len()), (Some(2), 1));
    let nobody = answers.take(nobody);
    assert_eq!((nobody.status(), nobody.result.unwrap()), (Some(404), None));
    assert_eq!(answers.take(total).result.unwrap(), 17);
    assert_eq!(answers.take(raw).result.unwrap().status(), 204);

    let asked = desk.service.asked();
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].target.as_str()), (1, "POST", "/v1.0/$batch"));
    let select = "id,displayName,mail,userPrincipalName,preferredLanguage,userType,accountEnabled";
    let eventual = json!({"ConsistencyLevel": "eventual"});
    let want = json!({"requests": [
        {"id": "0", "method": "POST", "url": "/users/p1/teamwork/installedApps",
         "headers": {"Content-Type": "application/json"},
         "body": {"teamsApp@odata.bind": desk.link("appCatalogs/teamsApps/cat-1")}},
        {"id": "1", "method": "GET", "url": "/users?$filter=city%20ne%20%27Lima%27&$select=id&$count=true", "headers": eventual},
        {"id": "2", "method": "GET", "url": format!("/users/p2?$select={}", select.replace(',', "%2C"))},
        {"id": "3", "method": "GET", "url": "/users/$count", "headers": eventual},
        {"id": "4", "method": "DELETE", "url": "/users/a%20b"},
    ]});
    assert_eq!(asked[0].json(), want);
}

#[tokio::test]
async fn each_call_has_its_own_error_and_its_own_wait() {
    let error = |code: &str| json!({"error": {"code": code, "message": "m"}});
    let desk = Desk::answering([answers(&json!([
        {"id": "0", "status": 429, "headers": {"Retry-After": "7"}, "body": error("TooManyRequests")},
        {"id": "1", "status": 409, "headers": {"x-ms-resource-unit": "1"}, "body": error("Conflict")},
        {"id": "2", "status": 403, "headers": {"request-id": "r-3"}, "body": error("Forbidden")},
        {"id": "3", "status": 424, "body": error("FailedDependency")},
        {"id": "4", "status": 502, "body": "<html>"},
        {"id": "5", "status": 200, "body": {"no": "page"}},
    ]))])
    .await;
    let graph = desk.graph();
    let mut batch = graph.batch();
    let install = |number| graph.apps_of_user(&person(number)).add(&app());
    let entries: Vec<_> = (0..5).map(|number| batch.add(install(number))).collect();
    let list = batch.add(graph.users());
    let mut answers = batch.await;
    let mut results: Vec<_> = entries.into_iter().map(|entry| answers.take(entry)).collect();
    assert_eq!(results.remove(1).result.unwrap(), Installed::Already);
    let errors: Vec<_> = results.into_iter().map(|answer| answer.result.unwrap_err()).collect();
    assert!(matches!(errors[0], ConnectorError::Throttled(_)));
    assert_eq!(errors[0].retry_after().unwrap().as_secs(), 7);
    assert_eq!(errors[1].details().unwrap().correlation, [("request-id".to_owned(), "r-3".to_owned())]);
    assert_eq!((errors[2].status(), errors[2].may_have_been_delivered()), (Some(424), false));
    assert!(matches!(errors[3], ConnectorError::Unanswered { .. }), "a gateway proves nothing");
    assert!(matches!(answers.take(list).result, Err(ConnectorError::Unreadable { .. })));
}

#[tokio::test]
async fn a_call_without_an_answer_may_have_been_done() {
    let desk = Desk::answering([answers(&json!([
        {"id": "1", "status": 201},
        {"id": "0"},
        {"id": "17", "status": 201},
        "nonsense",
    ]))])
    .await;
    let graph = desk.graph();
    let mut batch = graph.batch();
    let entries: Vec<_> = (0..2).map(|number| batch.add(graph.apps_of_user(&person(number)).add(&app()))).collect();
    let mut answers = batch.await;
    let results: Vec<_> = entries.into_iter().map(|entry| answers.take(entry)).collect();
    let error = results[0].result.as_ref().unwrap_err();
    assert!(matches!(error, ConnectorError::Unanswered { .. }) && error.may_have_been_delivered());
    let source = std::error::Error::source(error).unwrap().to_string();
    assert_eq!((source.as_str(), results[0].status()), ("the answer of the batch has none to this call", None));
    assert!(results[1].result.is_ok());
}

#[tokio::test]
async fn more_than_twenty_calls_go_out_in_parts_and_keep_their_places() {
    let desk = Desk::answering([created((0..20).rev()), created(20..40), created(40..45)]).await;
    let graph = desk.graph();
    let mut batch = graph.batch();
    let entries: Vec<_> = (0..45).map(|number| batch.add(graph.apps_of_user(&person(number)).add(&app()))).collect();
    let mut answers = batch.await;
    for entry in entries {
        assert_eq!(answers.take(entry).result.unwrap(), Installed::Now);
    }
    let urls: Vec<_> = desk.service.asked().iter().flat_map(|asked| sent(&asked.json(), "url")).collect();
    let want: Vec<_> = (0..45).map(|number| format!("/users/p{number}/teamwork/installedApps")).collect();
    assert_eq!(urls, want);
    let sizes: Vec<_> = desk.service.asked().iter().map(|asked| sent(&asked.json(), "id").len()).collect();
    assert_eq!(sizes, [20, 20, 5]);
}

#[tokio::test]
async fn after_a_part_that_failed_as_a_whole_no_other_is_sent() {
    let throttled = || Reply::error(429, "TooManyRequests").header("retry-after", "5");
    for (reply, may_have_been_done) in
        [(throttled(), false), (Reply::new(504, ""), true), (Reply::new(200, "<html>"), true)]
    {
        let desk = Desk::answering([created(0..20), reply]).await;
        let graph = desk.graph();
        let mut batch = graph.batch();
        let entries: Vec<_> =
            (0..45).map(|number| batch.add(graph.apps_of_user(&person(number)).add(&app()))).collect();
        let mut answers = batch.await;
        let results: Vec<_> = entries.into_iter().map(|entry| answers.take(entry).result).collect();
        assert!(results[..20].iter().all(Result::is_ok));
        for result in &results[20..40] {
            assert_eq!(result.as_ref().unwrap_err().may_have_been_delivered(), may_have_been_done);
        }
        for result in &results[40..] {
            assert!(matches!(result, Err(ConnectorError::NotSent(_))), "certainly not done: {result:?}");
        }
        assert_eq!(desk.calls().len(), 2);
    }
}

#[tokio::test]
async fn a_call_waits_for_the_one_it_depends_on_within_a_part_and_across_parts() {
    let responses: Vec<_> =
        (0..20).map(|id| json!({"id": id.to_string(), "status": if id == 3 { 403 } else { 201 }})).collect();
    let desk = Desk::answering([answers(&responses.into()), created([20, 22].into_iter())]).await;
    let graph = desk.graph();
    let mut batch = graph.batch();
    let install = |number| graph.apps_of_user(&person(number)).add(&app());
    let mut entries: Vec<BatchEntry<Installed>> = vec![batch.add(install(0))];
    entries.push(batch.add_after(&entries[0], install(1)));
    entries.extend((2..20).map(|number| batch.add(install(number))));
    let after_success = batch.add_after(&entries[2], install(20));
    let after_failure = batch.add_after(&entries[3], install(21));
    let alone = batch.add(install(22));
    let after_that = batch.add_after(&after_failure, install(23));
    let mut answers = batch.await;
    assert!(answers.take(after_success).result.is_ok() && answers.take(alone).result.is_ok());
    for entry in [after_failure, after_that] {
        let answer = answers.take(entry);
        assert_eq!(answer.status(), Some(424));
        assert!(matches!(answer.result, Err(ConnectorError::Refused(_))));
    }
    let asked = desk.service.asked();
    let first = asked[0].json();
    assert_eq!(first["requests"][1]["dependsOn"], json!(["0"]));
    assert!(first["requests"][0].get("dependsOn").is_none());
    assert_eq!(sent(&asked[1].json(), "id"), ["20", "22"], "what cannot succeed is not sent");
    assert!(asked[1].json()["requests"][0].get("dependsOn").is_none(), "its condition was met in the part before");
}

#[tokio::test]
async fn what_is_wrong_with_a_call_does_not_stop_the_others() {
    let desk = Desk::answering([created(3..4)]).await;
    let graph = desk.graph();
    let other_tenant = desk.graph_of(&TenantId::new("other"));
    let connector = desk.service.connector();
    let mut batch = graph.batch();
    let bad_id = batch.add(graph.user(&ObjectId::new("..")));
    let foreign = batch.add(other_tenant.user(&person(1)));
    let roster = connector.members(&desk.service.url(), &ConversationId::new("19:x"));
    let message = batch.add(roster);
    let good = batch.add(graph.apps_of_user(&person(3)).add(&app()));
    let mut stranger = graph.batch();
    let of_another = stranger.add(graph.user(&person(4)));
    let after_stranger = batch.add_after(&of_another, graph.user(&person(5)));
    let mut answers: BatchAnswers = batch.await;
    assert!(matches!(answers.take(bad_id).result, Err(ConnectorError::BadId)));
    let wrong = "request of a batch must be one of Graph in the same tenant";
    assert_eq!(answers.take(foreign).result.unwrap_err().to_string(), wrong);
    assert_eq!(answers.take(message).result.unwrap_err().to_string(), wrong);
    assert_eq!(answers.take(after_stranger).result.unwrap_err().to_string(), "before is of another batch");
    assert_eq!(answers.take(of_another).result.unwrap_err().to_string(), "entry is of another batch");
    assert_eq!(answers.take(good).result.unwrap(), Installed::Now);
    assert_eq!(sent(&desk.service.asked()[0].json(), "id"), ["3"]);
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let desk = Desk::answering([]).await;
    let answers = desk.graph().batch().await;
    assert!(format!("{answers:?}").contains("BatchAnswers"));
    assert!(desk.calls().is_empty());
}

fn sent(request: &Value, member: &str) -> Vec<String> {
    let requests = request["requests"].as_array().unwrap();
    requests.iter().map(|request| request[member].as_str().unwrap().to_owned()).collect()
}
