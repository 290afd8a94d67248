//! All objects of the wire by name, so that one test can go through them.

use std::fs;
use std::path::PathBuf;

use pregon_model::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What reading and writing an object once and again gives.
#[derive(Debug, PartialEq)]
pub(crate) struct Passed {
    pub(crate) written: Value,
    /// Whether a second reading gave the same value, and a second writing the same JSON.
    pub(crate) settled: bool,
}

fn pass<T: DeserializeOwned + Serialize + PartialEq>(value: &Value) -> Result<Passed, serde_json::Error> {
    let read = T::deserialize(value)?;
    let written = serde_json::to_value(&read)?;
    let again = T::deserialize(&written)?;
    let settled = read == again && serde_json::to_value(&again)? == written;
    Ok(Passed { written, settled })
}

macro_rules! types {
    ($($name:ident)+) => {
        /// The names of all objects.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Reads a value as the type of this name and writes it again.
        pub(crate) fn pass_as(name: &str, value: &Value) -> Result<Passed, serde_json::Error> {
            match name {
                $(stringify!($name) => pass::<$name>(value),)+
                other => panic!("no type {other}"),
            }
        }

        /// Reads text as the type of this name.
        pub(crate) fn parse_as(name: &str, text: &str) -> Result<(), serde_json::Error> {
            match name {
                $(stringify!($name) => serde_json::from_str::<$name>(text).map(|_| ()),)+
                other => panic!("no type {other}"),
            }
        }
    };
}

types! {
    Activity AiLabel AppInfo Attachment AttachmentData AttachmentInfo AttachmentView
    BatchFailure BatchFailures BatchOperation BatchParameters BatchState
    CardAction CardImage ChannelAccount ChannelInfo ChannelList ClientInfo ConversationAccount
    ConversationMembers ConversationParameters ConversationReference ConversationResourceResponse ConversationsResult
    Entity Fact FeedbackLoop FileConsentCard FileDownloadInfo FileInfo HeroCard ListCard ListItem
    MeetingDetails MeetingInfo MeetingNotification MeetingPart MeetingParticipant MeetingReference Mention
    NotificationInfo O365ConnectorCard OAuthCard OnBehalfOf PagedMembers ProductInfo Reaction ReceiptCard ReceiptItem
    ResourceResponse SettingsInfo SigninCard SourceInfo SuggestedActions TeamDetails TeamInfo TeamsChannelAccount
    TeamsChannelData TenantInfo TokenExchangeResource TokenPostResource UnnotifiedRecipient
}

/// Each object the source declares, with the names of its members.
pub(crate) fn declared() -> Vec<(String, Vec<String>)> {
    let mut files = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut objects: Vec<(String, Vec<String>)> = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            // Objects are declared inside `wire!`, and so stand one step in.
            if let Some(rest) = line.strip_prefix("    pub struct ").filter(|rest| !rest.starts_with('$')) {
                objects.push((rest.trim_end_matches(" {").to_owned(), Vec::new()));
            }
            let member = line.split_once("=> ").and_then(|(_, names)| names.split('"').nth(1));
            if let (Some((_, members)), Some(member), true) = (objects.last_mut(), member, line.contains("pub ")) {
                members.push(member.to_owned());
            }
        }
    }
    objects
}

#[test]
fn no_object_is_missing_from_the_list() {
    let declared: Vec<_> = declared().into_iter().map(|(name, _)| name).collect();
    for name in &declared {
        assert!(NAMES.contains(&name.as_str()), "{name}");
    }
    assert!(NAMES.iter().all(|name| *name == "Entity" || declared.iter().any(|it| it == name)));
}
