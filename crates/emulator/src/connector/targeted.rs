//! Targeted messages (preview): shown to one member of a chat or channel only.

use axum::response::Response;

use super::{
    Caller, Target,
    error::{bad_argument, bad_syntax, missing},
};
use crate::{
    app::App,
    http::Call,
    lock::lock,
    world::{PersonIx, World},
};

/// Whether a call is about a targeted message.
pub(super) fn is_meant(call: &Call) -> bool {
    // Most calls have no query: they are not to pay for this one.
    !call.query.is_empty() && call.query("isTargetedActivity").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// The one member a message is for, when the call says it is targeted.
pub(super) fn member(
    app: &App,
    call: &Call,
    caller: Caller,
    target: Target,
    recipient: Option<&str>,
) -> Result<Option<PersonIx>, Response> {
    if !is_meant(call) {
        return Ok(None);
    }
    if target.kind.person().is_some() {
        return Err(bad_syntax(app, "A personal chat takes no targeted messages."));
    }
    let recipient = recipient.ok_or_else(|| missing(app, "recipient"))?;
    let world = lock(&app.world);
    let person = find(&world, caller, recipient).filter(|person| world.roster(target.place).has(*person));
    person.map(Some).ok_or_else(|| bad_argument(app, "The recipient is no member of the conversation."))
}

fn find(world: &World, caller: Caller, id: &str) -> Option<PersonIx> {
    match world.person_by_mri(id) {
        Some((owner, person)) => (owner == caller.app).then_some(person),
        None => world.person(id),
    }
}
