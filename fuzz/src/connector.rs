use std::fmt::Debug;
use std::future::ready;
use std::pin::pin;

use futures_util::{Stream, StreamExt as _};
use pregon_connector::ConnectorError;
use pregon_model::{
    ActivityId, AttachmentData, AttachmentId, ConversationId, MeetingId, MeetingNotification, ObjectId, OperationId,
    TeamChannelId, TeamId, TenantId,
};

use crate::service::{Service, said};

/// A call of the Connector client, whatever the service answers; to a 401, whatever the bot's own token
/// says of itself.
pub fn connector(data: &[u8]) {
    Service::answering(data, call);
}

async fn call(service: &Service, letter: u8) {
    let (connector, url) = (&service.connector, &service.service_url);
    let (tenant, person, team) = (&TenantId::new("7b1a"), &ObjectId::new("ada"), &TeamId::new("19:team@thread.tacv2"));
    // The kind of id that names its bot, too.
    let chat = &ConversationId::new("19:ada_3c1f0a52@unq.gbl.spaces");
    let (operation, meeting) = (&OperationId::new("op-1"), &MeetingId::new("MCMx"));
    match letter {
        b'p' => drop(said(connector.create_personal(url, person, tenant).await)),
        b't' => {
            let channel = TeamChannelId::new("19:c@thread.tacv2");
            let thread = said(connector.create_thread(url, &channel, tenant).text("4.2 is out").await);
            // Whatever the new thread is called can be written to, or the id is said to be bad.
            if let Some(thread) = thread {
                said(connector.send(url, &thread.conversation).text("Notes follow").await);
            }
        }
        b'r' => drop(said(connector.reply(url, chat, &ActivityId::new("1790000001000")).text("Yes").await)),
        b'd' => drop(said(connector.delete(url, chat, &ActivityId::new("1790000001000")).await)),
        b'e' => each(connector.each_member(url, chat)).await,
        b'm' => drop(said(connector.member(url, chat, person).await)),
        b'M' => drop(said(connector.members(url, chat).await)),
        b'T' => drop(said(connector.team(url, team).await)),
        b'c' => drop(said(connector.channels(url, team).await)),
        b'b' => drop(said(connector.batch_to_team(url, tenant, team).text("We move on Friday").await)),
        b'B' => drop(said(connector.batch_end(url, operation, |_| ready(())).await)),
        b'f' => each(connector.batch_failures(url, operation)).await,
        b'g' => drop(said(connector.meeting(url, meeting).await)),
        b'G' => drop(said(connector.meeting_participant(url, meeting, person, tenant).await)),
        b'n' => drop(said(connector.notify_meeting(url, meeting, &MeetingNotification::default()).await)),
        b'a' => drop(said(connector.upload_attachment(url, chat, &AttachmentData::default()).await)),
        b'A' => drop(said(connector.attachment(url, &AttachmentId::new("a-1")).await)),
        b'w' => drop(said(connector.attachment_view(url, &AttachmentId::new("a-1"), "original").limit(64).await)),
        _ => drop(said(connector.send(url, chat).text("¡Hola!").await)),
    }
}

async fn each<T: Debug>(items: impl Stream<Item = Result<T, ConnectorError>>) {
    let mut items = pin!(items);
    while let Some(item) = items.next().await {
        if said(item).is_none() {
            break;
        }
    }
    assert!(items.next().await.is_none(), "a stream ends with its error");
}
