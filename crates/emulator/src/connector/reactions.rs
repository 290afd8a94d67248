use axum::{
    http::{Method, StatusCode},
    response::Response,
};

use super::{
    Caller, about,
    error::{activity_not_found, refused},
};
use crate::{
    app::App,
    http::{Call, empty},
    limits::Kind,
    lock::lock,
    operation::Operation,
};

/// `PUT` and `DELETE /v3/conversations/{c}/activities/{a}/reactions/{type}` (preview).
pub(super) async fn change(
    app: &App,
    call: &Call,
    caller: Caller,
    conversation: &str,
    id: &str,
    reaction: &str,
) -> Response {
    about(app, call, caller, Operation::React, Kind::Update, conversation, |target| {
        let bot = {
            let world = lock(&app.world);
            if let Err(refusal) = world.may_write(caller.app, target.place) {
                return refused(app, refusal);
            }
            format!("28:{}", world.apps[caller.app.0].app_id)
        };
        let known = lock(&app.log).message(target.place, id).is_some_and(|message| !message.deleted);
        if !known {
            return activity_not_found(app);
        }
        lock(&app.log).set_reaction(target.place, id, &bot, reaction, call.method == Method::PUT);
        app.changed();
        empty(StatusCode::OK)
    })
    .await
}
