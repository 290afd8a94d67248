use serde_json::Value;

use crate::MemberId;
use crate::wire::wire;

wire! {
    /// What is shown to people in a meeting: body of `POST /v1/meetings/{meeting}/notification`.
    ///
    /// Source: Microsoft Learn, "Meeting apps API references", section on meeting notifications.
    #[derive(Default)]
    pub struct MeetingNotification {
        /// `targetedMeetingNotification`.
        pub kind: String => "type",
        /// For whom and where: `{"recipients":["29:…"],"surfaces":[…]}`.
        pub value: Value => "value",
        /// In whose name.
        pub channel_data: Option<Value> => "channelData",
    }

    /// Somebody a notification did not reach.
    pub struct UnnotifiedRecipient {
        /// Who.
        pub recipient_mri: MemberId => "recipientMri" | "RecipientMri",
        /// The service's code.
        pub error_code: Option<String> => "errorCode" | "ErrorCode" | "errorcode",
        /// The service's words.
        pub failure_reason: Option<String> => "failureReason" | "FailureReason",
    }
}
