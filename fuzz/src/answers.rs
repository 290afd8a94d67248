use pregon_connector::{AttachmentInfo, BatchFailures, BatchState, MeetingInfo};
use pregon_model::{
    ChannelList, ConversationParameters, ConversationResourceResponse, ErrorBody, PagedMembers, ResourceResponse,
    TeamDetails, TeamsChannelAccount,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::activity::same_again;

/// What the Connector answers: every object and every error body.
pub fn answers(data: &[u8]) {
    let error = ErrorBody::parse(data);
    let _ = (ErrorBody::inner_code(data), error.is("ServiceError"));
    read::<PagedMembers>(data);
    read::<TeamsChannelAccount>(data);
    read::<ChannelList>(data);
    read::<TeamDetails>(data);
    read::<ConversationParameters>(data);
    read::<ConversationResourceResponse>(data);
    read::<ResourceResponse>(data);
    read::<AttachmentInfo>(data);
    read::<BatchState>(data);
    read::<BatchFailures>(data);
    read::<MeetingInfo>(data);
}

fn read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(data: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(data) {
        same_again(&value);
    }
}
