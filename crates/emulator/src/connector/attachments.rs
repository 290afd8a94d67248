use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::json;

use super::{
    Caller, about, admit,
    error::{bad_argument, bad_syntax, error, missing, refused},
};
use crate::{
    app::App,
    faults::{Aim, Style},
    files::File,
    http::{Call, json_answer},
    limits::Kind,
    lock::lock,
    operation::Operation,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    #[serde(rename = "type")]
    content_type: Option<String>,
    #[serde(default)]
    name: String,
    original_base64: Option<String>,
    thumbnail_base64: Option<String>,
}

impl Upload {
    fn read(app: &App, body: &[u8]) -> Result<Self, Response> {
        serde_json::from_slice(body).map_err(|error| bad_syntax(app, &format!("The body is malformed: {error}.")))
    }

    fn decoded(self, app: &App, caller: Caller) -> Result<File, Response> {
        let decode = |name: &str, text: String| {
            let bytes = BASE64_STANDARD.decode(text);
            bytes.map_err(|_| bad_argument(app, &format!("The property '{name}' is not base64.")))
        };
        let original = self.original_base64.ok_or_else(|| missing(app, "originalBase64"))?;
        Ok(File {
            app: caller.app,
            name: self.name,
            content_type: self.content_type.ok_or_else(|| missing(app, "type"))?,
            original: decode("originalBase64", original)?,
            thumbnail: self.thumbnail_base64.map(|text| decode("thumbnailBase64", text)).transpose()?,
        })
    }
}

/// `POST /v3/conversations/{c}/attachments`.
pub(super) async fn upload(app: &App, call: &Call, caller: Caller, conversation: &str) -> Response {
    about(app, call, caller, Operation::UploadAttachment, Kind::Send, conversation, |target| {
        let allowed = lock(&app.world).may_write(caller.app, target.place);
        if let Err(refusal) = allowed {
            return refused(app, refusal);
        }
        match Upload::read(app, &call.body).and_then(|upload| upload.decoded(app, caller)) {
            Ok(file) => json_answer(StatusCode::CREATED, &json!({"id": app.keep_file(file)})),
            Err(answer) => answer,
        }
    })
    .await
}

/// `GET /v3/attachments/{id}`.
pub(super) async fn info(app: &App, call: &Call, caller: Caller, id: &str) -> Response {
    of_file(app, call, caller, id, |file| {
        let views: Vec<_> = file.views().map(|(name, bytes)| json!({"viewId": name, "size": bytes.len()})).collect();
        json_answer(StatusCode::OK, &json!({"name": file.name, "type": file.content_type, "views": views}))
    })
    .await
}

/// `GET /v3/attachments/{id}/views/{view}`.
pub(super) async fn view(app: &App, call: &Call, caller: Caller, id: &str, view: &str) -> Response {
    of_file(app, call, caller, id, |file| match file.views().find(|(name, _)| name.eq_ignore_ascii_case(view)) {
        Some((_, bytes)) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, &file.content_type)], bytes.clone()).into_response()
        }
        None => not_found(app),
    })
    .await
}

async fn of_file(app: &App, call: &Call, caller: Caller, id: &str, view: impl FnOnce(&File) -> Response) -> Response {
    app.count(Operation::Attachment);
    if let Err(answer) = admit(app, call, caller, None, None, 1) {
        return answer;
    }
    app.with_faults(Some(call), Operation::Attachment, &Aim::default(), Style::Connector, || {
        let files = lock(&app.files);
        match files.get(id).filter(|file| file.app == caller.app) {
            Some(file) => view(file),
            None => not_found(app),
        }
    })
    .await
}

fn not_found(app: &App) -> Response {
    error(app, StatusCode::NOT_FOUND, "NotFound", "There is no such attachment.")
}
