use pregon_model::Extra;
use serde::{Deserialize, Serialize};

use super::{null_as_default, opaque_id};

opaque_id! {
    /// A file stored with the Connector.
    AttachmentId
}

/// Body of `POST /v3/conversations/{conversation}/attachments`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentData {
    /// `image/png` …
    #[serde(rename = "type")]
    pub content_type: String,
    /// Name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The file, base64.
    pub original_base64: String,
    /// A small picture of it, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_base64: Option<String>,
    /// Whatever else was there.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Answer of `GET /v3/attachments/{attachment}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentInfo {
    /// Name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `image/png` …
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The forms in which it can be read.
    #[serde(default, deserialize_with = "null_as_default")]
    pub views: Vec<AttachmentView>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One form of a stored file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// `original`, `thumbnail` …
    pub view_id: String,
    /// Length, bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}
