//! The next step of a claimed delivery: skip, install, create, send.

use crate::directory::{Reach, Scope};
use crate::message::{Claimed, Message, Operation};
use crate::{Reason, Timestamp};

/// What to do next with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is sent, and no call is spent.
    Skip(Reason),
    /// Install the app for the person.
    Install,
    /// Create the personal conversation.
    Create,
    /// Send, edit or delete.
    Send,
}

/// Decides the next step of `claimed` at `now`. `may_install` says whether the bot may install its
/// app for people who do not have it.
pub fn next_step(claimed: &Claimed, message: &Message, may_install: bool, now: Timestamp) -> Step {
    if let Some(reason) = skip(claimed, message, may_install, now) {
        return Step::Skip(reason);
    }
    if claimed.target.conversation.is_some() {
        return Step::Send;
    }
    let person = claimed.target.person.as_ref();
    if person.is_some_and(|person| person.member_id.is_some()) || claimed.target.installed {
        return Step::Create;
    }
    match person.and_then(|person| person.object_id.as_ref()) {
        Some(_) if may_install => Step::Install,
        Some(_) => Step::Skip(Reason::NotInstalled),
        None => Step::Skip(Reason::NotFound),
    }
}

fn skip(claimed: &Claimed, message: &Message, may_install: bool, now: Timestamp) -> Option<Reason> {
    if claimed.cancelled {
        return Some(Reason::Cancelled);
    }
    if now > message.not_after {
        return Some(Reason::Expired);
    }
    let target = &claimed.target;
    let personal = target.scope == Scope::Personal;
    // What a person already has may still be corrected or taken back.
    if personal && claimed.opted_out && !message.mandatory && message.operation == Operation::Send {
        return Some(Reason::OptedOut);
    }
    let guest = target.person.as_ref().and_then(|person| person.guest).unwrap_or(false);
    if guest && !message.include_guests {
        return Some(Reason::Guest);
    }
    let known_person = target.person.as_ref().is_some_and(|person| person.object_id.is_some());
    match target.reach {
        Reach::Open => None,
        Reach::Blocked => Some(Reason::Blocked),
        Reach::TenantBlocked => Some(Reason::TenantBlocked),
        Reach::NotInstalled | Reach::LeftTeam if may_install && known_person && target.conversation.is_none() => None,
        Reach::NotInstalled => Some(Reason::NotInstalled),
        Reach::LeftTeam => Some(Reason::LeftTeam),
    }
}

#[cfg(test)]
mod tests {
    use pregon_model::{ConversationId, MemberId, ObjectId, TenantId};
    use uuid::Uuid;

    use super::*;
    use crate::content::{Content, Format, Text};
    use crate::directory::Person;
    use crate::message::Target;
    use crate::{BotName, DeliveryId, MessageId, ReferenceId};

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn message() -> Message {
        let id = MessageId::from_uuid(Uuid::nil());
        let content = Content::Text(Text { text: "hi".into(), format: Format::Plain });
        let message = Message::send(id, BotName::new("main"), content, NOW, Timestamp::from_millis(2_000));
        Message { topic: Some("news".into()), ..message }
    }

    fn claimed(person: Person) -> Claimed {
        Claimed {
            id: DeliveryId::from_uuid(Uuid::nil()),
            message: message().id,
            cancelled: false,
            attempts: 0,
            reason: None,
            due: NOW,
            target: Target {
                reference: ReferenceId::from_uuid(Uuid::nil()),
                scope: Scope::Personal,
                reach: Reach::Open,
                conversation: None,
                service_url: None,
                person: Some(person),
                name: None,
                installed: false,
                tenant: TenantId::new("t"),
            },
            opted_out: false,
            thread_root: None,
            activity: None,
        }
    }

    fn rostered() -> Person {
        Person { member_id: Some(MemberId::new("29:a")), object_id: Some(ObjectId::new("o")), ..Person::default() }
    }

    #[test]
    fn a_person_of_the_roster_is_created_then_sent_to() {
        let mut claimed = claimed(rostered());
        assert_eq!(next_step(&claimed, &message(), true, NOW), Step::Create);
        claimed.target.conversation = Some(ConversationId::new("a:1"));
        assert_eq!(next_step(&claimed, &message(), true, NOW), Step::Send);
    }

    #[test]
    fn a_person_known_only_to_the_directory_is_installed_for_first_if_allowed() {
        let mut claimed = claimed(Person { object_id: Some(ObjectId::new("o")), ..Person::default() });
        assert_eq!(next_step(&claimed, &message(), true, NOW), Step::Install);
        assert_eq!(next_step(&claimed, &message(), false, NOW), Step::Skip(Reason::NotInstalled));
        claimed.target.installed = true;
        assert_eq!(next_step(&claimed, &message(), true, NOW), Step::Create);
    }

    #[test]
    fn each_cause_to_skip_has_its_own_reason() {
        type Change = fn(&mut Claimed, &mut Message);
        let cases: [(Change, Reason); 7] = [
            (|c, _| c.cancelled = true, Reason::Cancelled),
            (|_, m| m.not_after = NOW - std::time::Duration::from_millis(1), Reason::Expired),
            (|c, _| c.opted_out = true, Reason::OptedOut),
            (|c, _| c.target.person.as_mut().unwrap().guest = Some(true), Reason::Guest),
            (|c, _| c.target.reach = Reach::Blocked, Reason::Blocked),
            (|c, _| c.target.reach = Reach::TenantBlocked, Reason::TenantBlocked),
            (
                |c, _| {
                    c.target.reach = Reach::LeftTeam;
                    c.target.conversation = Some(ConversationId::new("a:1"));
                },
                Reason::LeftTeam,
            ),
        ];
        for (change, reason) in cases {
            let (mut claimed, mut message) = (claimed(rostered()), message());
            change(&mut claimed, &mut message);
            assert_eq!(next_step(&claimed, &message, true, NOW), Step::Skip(reason));
        }
    }

    #[test]
    fn who_opted_out_still_gets_corrections_of_what_they_have() {
        let mut claimed = claimed(rostered());
        claimed.opted_out = true;
        claimed.target.conversation = Some(ConversationId::new("a:1"));
        let message = Message { operation: Operation::Edit(message().id), ..message() };
        assert_eq!(next_step(&claimed, &message, true, NOW), Step::Send);
    }

    #[test]
    fn a_mandatory_message_reaches_those_who_opted_out() {
        let mut claimed = claimed(rostered());
        claimed.opted_out = true;
        let message = Message { mandatory: true, ..message() };
        assert_eq!(next_step(&claimed, &message, true, NOW), Step::Create);
    }
}
