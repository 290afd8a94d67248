use pregon_auth::TrustedServiceUrl;
use pregon_model::{
    MeetingId, MeetingInfo, MeetingNotification, MeetingParticipant, ObjectId, TenantId, UnnotifiedRecipient,
};
use serde::Deserialize;

use crate::{Connector, Request};

/// Meetings the app was added to; the manifest must ask for the permissions.
///
/// Source: Microsoft Learn, "Meeting apps APIs".
impl Connector {
    /// What a meeting is, who called it and its chat. Permission: `OnlineMeeting.ReadBasic.Chat`.
    pub fn meeting(&self, service_url: &TrustedServiceUrl, meeting: &MeetingId) -> Request<'_, MeetingInfo> {
        self.get(service_url, &path(meeting), |answer| answer?.json())
    }

    /// Somebody's role in a meeting, and whether they are in it.
    /// Permission: `OnlineMeetingParticipant.Read.Chat`.
    pub fn meeting_participant(
        &self,
        service_url: &TrustedServiceUrl,
        meeting: &MeetingId,
        person: &ObjectId,
        tenant: &TenantId,
    ) -> Request<'_, MeetingParticipant> {
        let path = [&path(meeting)[..], &["participants", person.as_str()]].concat();
        let request = self.get(service_url, &path, |answer| answer?.json());
        request.map(|call| Ok(call.query("tenantId", tenant.as_str())))
    }

    /// Shows something to people in a running meeting. Gives those whom it did not reach: nobody after
    /// a 202, some after a 207. Permission: `OnlineMeetingNotification.Send.Chat`.
    pub fn notify_meeting(
        &self,
        service_url: &TrustedServiceUrl,
        meeting: &MeetingId,
        notification: &MeetingNotification,
    ) -> Request<'_, Vec<UnnotifiedRecipient>> {
        #[derive(Deserialize)]
        struct Partly {
            #[serde(rename = "recipientsFailureInfo", alias = "RecipientsFailureInfo")]
            failures: Vec<UnnotifiedRecipient>,
        }
        let path = [&path(meeting)[..], &["notification"]].concat();
        self.post(service_url, &path, notification, |answer| {
            let answer = answer?;
            if answer.status == 207 { Ok(answer.json::<Partly>()?.failures) } else { Ok(Vec::new()) }
        })
    }
}

fn path(meeting: &MeetingId) -> [&str; 3] {
    ["v1", "meetings", meeting.as_str()]
}
