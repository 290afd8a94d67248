use std::fmt;

use serde_json::Value;

use super::{member, some_text, text};

/// The person's answer to a file consent card.
///
/// Source: Microsoft Learn, "Send and receive files through a Teams bot".
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FileConsentInvoke<'a> {
    /// Whether the bot may send the file.
    pub accepted: bool,
    /// The card's `acceptContext` or `declineContext`.
    pub context: &'a Value,
    /// Where the file goes, once accepted.
    pub upload: Option<FileUpload<'a>>,
    /// All that was sent.
    pub value: &'a Value,
}

/// Where an accepted file goes: `PUT` its bytes to `upload_url`, then send a file info card.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FileUpload<'a> {
    /// Takes the bytes. It needs no token, and gives access to whoever knows it.
    pub upload_url: &'a str,
    /// Where the file will be.
    pub content_url: &'a str,
    /// Its name, which may differ from the one asked for.
    pub name: &'a str,
    /// Its id, for the file info card.
    pub unique_id: &'a str,
    /// Its type, for the file info card.
    pub file_type: &'a str,
}

impl fmt::Debug for FileConsentInvoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the value: it holds the upload's address.
        let mut out = f.debug_struct("FileConsentInvoke");
        out.field("accepted", &self.accepted).field("upload", &self.upload).finish_non_exhaustive()
    }
}

impl fmt::Debug for FileUpload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileUpload").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> FileConsentInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        let info = value.get("uploadInfo").filter(|info| info.is_object());
        Self {
            accepted: some_text(value, "action").is_some_and(|action| action.eq_ignore_ascii_case("accept")),
            context: member(value, "context"),
            upload: info.map(|info| FileUpload {
                upload_url: text(info, "uploadUrl"),
                content_url: text(info, "contentUrl"),
                name: text(info, "name"),
                unique_id: text(info, "uniqueId"),
                file_type: text(info, "fileType"),
            }),
            value,
        }
    }
}
