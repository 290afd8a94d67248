use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use pregon_domain::MessageId;
use pregon_domain::content::Content;
use pregon_domain::message::{Message, Operation};
use serde_json::Value;

use super::{check, content, create, find, idempotency, not_purged};
use crate::api::auth::Caller;
use crate::api::body::JsonObject;
use crate::api::fields::Fields;
use crate::api::{Named, Problem};
use crate::app::App;

/// `POST /api/v1/messages/{id}/edit`: a new message that replaces what this one delivered.
///
/// Topic and audience are the earlier message's.
pub(crate) async fn edit(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Response, Problem> {
    let idempotency = idempotency::read(&headers, caller, uri.path(), &body.bytes)?;
    let make = async || {
        let earlier = changeable(&app, &id).await?;
        let mut fields = Fields::new(body.members, &[&content::MEMBERS[..], &["data", "allow_large"]].concat())?;
        let content = content::read(&mut fields)?;
        let data = fields.take("data")?.unwrap_or(Value::Null);
        let operation = Operation::Edit(earlier.id);
        let message = changed(&app, caller, earlier, operation, Some(content), data)?;
        check::message(&message, fields.take("allow_large")?.unwrap_or(false))?;
        Ok(message)
    };
    idempotency::once(&app, idempotency, make).await
}

/// `POST /api/v1/messages/{id}/delete`: a new message that deletes what this one delivered.
pub(crate) async fn delete(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    uri: Uri,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Response, Problem> {
    let idempotency = idempotency::read(&headers, caller, uri.path(), &body.bytes)?;
    let make = async || {
        Fields::new(body.members, &[])?;
        let earlier = changeable(&app, &id).await?;
        let operation = Operation::Delete(earlier.id);
        changed(&app, caller, earlier, operation, None, Value::Null)
    };
    idempotency::once(&app, idempotency, make).await
}

async fn changeable(app: &App, id: &str) -> Result<Message, Problem> {
    let progress = find(app, id).await?;
    let earlier = &progress.message;
    match earlier.operation {
        Operation::Send => {
            not_purged(&progress)?;
            Ok(progress.message)
        }
        Operation::Edit(original) | Operation::Delete(original) => {
            let detail = format!("{id} itself changes another message, {original}.");
            Err(Problem::new(StatusCode::CONFLICT, "not_an_original", detail)
                .remedy("Edit or delete the original message."))
        }
    }
}

fn changed(
    app: &App,
    caller: Caller,
    earlier: Message,
    operation: Operation,
    content: Option<Content>,
    data: Value,
) -> Result<Message, Problem> {
    let now = app.clock.now();
    Ok(Message {
        id: MessageId::from_uuid(app.chance.uuid(now)),
        created_by: Some(caller.key),
        created_at: now,
        operation,
        content,
        data,
        to: Vec::new(),
        // Whoever has the message sees its change, whatever they chose meanwhile; an edit interrupts nobody.
        mandatory: earlier.mandatory,
        include_guests: true,
        alert: false,
        // A correction is for everybody who has the message.
        canary: None,
        auto_pause: None,
        send_at: None,
        not_after: create::expiry(None, None, now, app.expiry)?,
        ..earlier
    })
}
