use pregon_model::{
    AttachmentData, AttachmentInfo, BatchFailures, BatchOperation, BatchParameters, BatchState, ChannelList,
    ConversationParameters, ConversationResourceResponse, ConversationsResult, ErrorBody, MeetingInfo,
    MeetingNotification, MeetingParticipant, PagedMembers, ResourceResponse, TeamDetails, TeamsChannelAccount,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::activity::same_again;

/// What the Connector takes and answers: every object and every error body.
pub fn answers(data: &[u8]) {
    let error = ErrorBody::parse(data);
    let _ = (ErrorBody::inner_code(data), error.is("ServiceError"));
    read::<PagedMembers>(data);
    read::<TeamsChannelAccount>(data);
    read::<ChannelList>(data);
    read::<TeamDetails>(data);
    read::<ConversationParameters>(data);
    read::<ConversationResourceResponse>(data);
    read::<ConversationsResult>(data);
    read::<ResourceResponse>(data);
    read::<AttachmentData>(data);
    read::<AttachmentInfo>(data);
    read::<BatchParameters>(data);
    read::<BatchOperation>(data);
    read::<BatchState>(data);
    read::<BatchFailures>(data);
    read::<MeetingInfo>(data);
    read::<MeetingParticipant>(data);
    read::<MeetingNotification>(data);
}

/// Read as this kind of object if it can be, and then written and read the same again.
pub(crate) fn read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(data: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(data) {
        same_again(&value);
    }
}
