use std::sync::Mutex;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use pregon_connector::{ConnectorError, Person};
use pregon_model::{BatchStage, MemberId, ObjectId, OperationId, TeamChannelId, TeamId, TenantId};
use serde_json::json;

use crate::service::{Reply, Service};

fn operation() -> OperationId {
    OperationId::new("op/1")
}

fn state(stage: &str, retry_after: &str) -> Reply {
    let body = json!({"state": stage, "statusMap": {"201": 180, "404": 3}, "retryAfter": retry_after, "totalEntriesCount": 400});
    Reply::new(200, body.to_string())
}

#[tokio::test]
async fn a_batch_names_its_audience_and_carries_one_message() {
    let service = Service::start().await;
    let (connector, url, tenant) = (service.connector(), service.url(), TenantId::new("t"));
    service.answers((0..4).map(|_| Reply::new(201, r#"{"operationId":"op/1"}"#)));
    let (ada, boris) = (MemberId::new("29:1Ada"), ObjectId::new("boris"));
    let people = [Person::Member(&ada), Person::Object(&boris)];
    let (team, channels) = (TeamId::new("19:t"), [TeamChannelId::new("19:a"), TeamChannelId::new("19:b")]);
    assert_eq!(connector.batch_to_people(&url, &tenant, people).text("hola").await.unwrap(), operation());
    connector.batch_to_tenant(&url, &tenant).text("hola").await.unwrap();
    connector.batch_to_team(&url, &tenant, &team).text("hola").await.unwrap();
    connector.batch_to_channels(&url, &tenant, &channels).text("hola").await.unwrap();

    let activity = json!({"type": "message", "text": "hola", "textFormat": "plain"});
    for (asked, (path, own)) in service.asked().iter().zip([
        ("users", json!({"members": [{"id": "29:1Ada"}, {"id": "boris"}]})),
        ("tenant", json!({})),
        ("team", json!({"teamId": "19:t"})),
        ("channels", json!({"members": [{"id": "19:a"}, {"id": "19:b"}]})),
    ]) {
        assert_eq!((asked.method.as_str(), &asked.target), ("POST", &format!("/emea/v3/batch/conversation/{path}")));
        let mut want = json!({"activity": activity, "tenantId": "t"});
        want.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        assert_eq!(asked.json(), want, "{path}");
    }
}

#[tokio::test]
async fn a_batch_is_known_by_an_object_or_by_its_bare_id() {
    let service = Service::start().await;
    let (connector, url, tenant) = (service.connector(), service.url(), TenantId::new("t"));
    for body in [r#"{"operationId":"op/1"}"#, r#"{"OperationId":"op/1","more":1}"#, r#""op/1""#] {
        service.answers([Reply::new(201, body)]);
        assert_eq!(connector.batch_to_tenant(&url, &tenant).text("hola").await.unwrap(), operation(), "{body}");
    }
    service.answers([Reply::new(201, "{}")]);
    let error = connector.batch_to_tenant(&url, &tenant).text("hola").await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreadable { .. }) && error.may_have_been_delivered(), "{error:?}");
    let error = connector.batch_to_tenant(&url, &tenant).await.unwrap_err();
    assert!(matches!(error, ConnectorError::BadMessage(_)), "an empty message goes to nobody: {error:?}");
}

#[tokio::test]
async fn a_batch_tells_how_far_it_is_and_can_be_stopped() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    service.answers([state("Ongoing", "2026-09-21T14:15:00Z"), Reply::new(200, "")]);
    let batch = connector.batch_state(&url, &operation()).await.unwrap();
    assert_eq!((batch.state, batch.status_map["404"], batch.total_entries_count), (BatchStage::Ongoing, 3, Some(400)));
    connector.cancel_batch(&url, &operation()).await.unwrap();
    let asked: Vec<_> = service.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect();
    assert_eq!(asked, ["GET", "DELETE"].map(|method| format!("{method} /emea/v3/batch/conversation/op%2F1")));
}

#[tokio::test]
async fn everybody_a_batch_did_not_reach_is_told_whatever_the_names() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    service.answers([
        Reply::new(
            200,
            r#"{"continuationToken":"a=","failedEntryResponses":[{"entryId":"29:a","error":"403 Forbidden"}]}"#,
        ),
        Reply::new(200, r#"{"ContinuationToken":"b","FailedEntryResponses":[{"Id":"29:b","Error":"404"}]}"#),
        Reply::new(200, r#"{"continuationToken":null,"failedEntries":[{"id":"29:c","error":null}]}"#),
    ]);
    let failures: Vec<_> = connector.batch_failures(&url, &operation()).try_collect().await.unwrap();
    let ids: Vec<_> = failures.iter().map(|failure| (failure.entry_id.as_str(), failure.error.as_str())).collect();
    assert_eq!(ids, [("29:a", "403 Forbidden"), ("29:b", "404"), ("29:c", "")]);
    let base = "/emea/v3/batch/conversation/failedentries/op%2F1";
    let want = [base.to_owned(), format!("{base}?continuationToken=a%3D"), format!("{base}?continuationToken=b")];
    assert_eq!(service.asked().iter().map(|asked| asked.target.clone()).collect::<Vec<_>>(), want);
}

#[tokio::test]
async fn waiting_for_the_end_of_a_batch_keeps_the_pauses_the_service_asks_for() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    // The tests' clock stands at 1994-11-06T08:49:27Z.
    service.answers([
        state("Provisioning", "1994-11-06T08:49:47Z"),
        Reply::error(429, "TooManyRequests").header("retry-after", "3"),
        state("Completed", "1994-11-06T08:49:47Z"),
    ]);
    let pauses = Mutex::new(Vec::new());
    let sleep = |pause: Duration| {
        pauses.lock().unwrap().push(pause.as_secs());
        async {}
    };
    let end = connector.batch_end(&url, &operation(), sleep).await.unwrap();
    assert_eq!(end.state, BatchStage::Completed);
    assert_eq!(*pauses.lock().unwrap(), [20, 3]);

    service.answers([Reply::error(404, "NotFound")]);
    let error = connector.batch_end(&url, &operation(), |_| async {}).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Refused(_)), "{error:?}");
}
