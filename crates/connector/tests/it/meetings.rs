use pregon_connector::ConnectorError;
use pregon_model::{MeetingId, MeetingNotification, MemberId, ObjectId, TenantId};
use serde_json::json;

use crate::service::{Reply, Service};

#[tokio::test]
async fn a_meeting_and_somebodys_part_in_it_are_read() {
    let service = Service::start().await;
    let (connector, url, meeting) = (service.connector(), service.url(), MeetingId::new("MCMxOTpt+/="));
    let info = json!({
        "details": {"id": "m", "title": "Review", "joinUrl": "https://teams.example/join", "scheduledStartTime": "2026-09-21T14:00:00Z"},
        "conversation": {"id": "19:meeting_x@thread.v2", "conversationType": "groupChat"},
        "organizer": {"id": "29:1Ada", "aadObjectId": "ada"},
    });
    let participant = json!({"user": {"id": "29:1Ada"}, "meeting": {"role": "Organizer", "inMeeting": true}, "conversation": {"id": "c"}});
    service.answers([Reply::new(200, info.to_string()), Reply::new(200, participant.to_string())]);
    let info = connector.meeting(&url, &meeting).await.unwrap();
    assert_eq!(info.details.unwrap().title.as_deref(), Some("Review"));
    let (ada, tenant) = (ObjectId::new("ada"), TenantId::new("t&1"));
    let participant = connector.meeting_participant(&url, &meeting, &ada, &tenant).await.unwrap();
    assert_eq!(participant.meeting.unwrap().in_meeting, Some(true));

    let targets: Vec<_> = service.asked().iter().map(|asked| asked.target.clone()).collect();
    let base = "/emea/v1/meetings/MCMxOTpt%2B%2F%3D";
    assert_eq!(targets, [base.to_owned(), format!("{base}/participants/ada?tenantId=t%261")]);
}

#[tokio::test]
async fn a_meeting_notification_says_whom_it_did_not_reach() {
    let service = Service::start().await;
    let (connector, url, meeting) = (service.connector(), service.url(), MeetingId::new("m"));
    let value = json!({"recipients": ["29:1Ada"], "surfaces": [{"surface": "meetingTabIcon"}]});
    let kind = "targetedMeetingNotification".to_owned();
    let notification = MeetingNotification { kind, value: value.clone(), ..MeetingNotification::default() };
    let failure = json!({"recipientMri": "29:1Ada", "errorCode": "BadArgument", "failureReason": "Invalid recipient"});
    service.answers([
        Reply::new(202, ""),
        Reply::new(207, json!({"recipientsFailureInfo": [failure]}).to_string()),
        Reply::error(403, "BotNotInConversationRoster"),
    ]);
    assert!(connector.notify_meeting(&url, &meeting, &notification).await.unwrap().is_empty());
    let missed = connector.notify_meeting(&url, &meeting, &notification).await.unwrap();
    assert_eq!(
        (&missed[0].recipient_mri, missed[0].error_code.as_deref()),
        (&MemberId::new("29:1Ada"), Some("BadArgument"))
    );
    let error = connector.notify_meeting(&url, &meeting, &notification).await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotInstalled(_)), "{error:?}");

    let asked = &service.asked()[0];
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/emea/v1/meetings/m/notification"));
    assert_eq!(asked.json(), json!({"type": "targetedMeetingNotification", "value": value}));
}
