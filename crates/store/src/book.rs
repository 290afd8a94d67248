//! Conversation references by what is known of them: which record a capture is about, and what it
//! makes of it. Pure; the memory store keeps one book of everything, the databases load the few
//! records a change concerns and write back what became dirty.

use std::collections::{BTreeMap, BTreeSet};

use pregon_domain::directory::{Capture, CaptureChange, Person, Reach, Reference, Scope};
use pregon_domain::{LaneId, LaneKey, ReferenceId, Timestamp};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};

use crate::ids::Ids;

/// Records, findable by their keys.
#[derive(Debug, Default)]
pub(crate) struct Book {
    records: BTreeMap<ReferenceId, Reference>,
    by_conversation: BTreeMap<(LaneId, ConversationId), ReferenceId>,
    by_member: BTreeMap<(LaneId, MemberId), ReferenceId>,
    by_object: BTreeMap<(LaneId, ObjectId), ReferenceId>,
    /// Made or changed since the book was last written.
    pub(crate) dirty: BTreeSet<ReferenceId>,
    /// Records that were found to be another one: (gone, kept), in this order.
    pub(crate) merged: Vec<(ReferenceId, ReferenceId)>,
}

/// What a capture needs to know beside the records.
pub(crate) struct Scene<'a> {
    /// What the lane is.
    pub(crate) key: &'a LaneKey,
    /// People who are members of a team that has the app.
    pub(crate) covered: &'a BTreeSet<ReferenceId>,
    /// Where new ids come from.
    pub(crate) ids: &'a Ids,
    /// The time.
    pub(crate) now: Timestamp,
}

impl Book {
    /// Adds a record as it is stored.
    pub(crate) fn load(&mut self, record: Reference) {
        self.enter(&record);
        self.records.insert(record.id, record);
    }

    pub(crate) fn get(&self, id: ReferenceId) -> Option<&Reference> {
        self.records.get(&id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Reference> + use<'_> {
        self.records.values()
    }

    pub(crate) fn of_conversation(&self, lane: LaneId, id: &ConversationId) -> Option<ReferenceId> {
        self.by_conversation.get(&(lane, id.clone())).copied()
    }

    pub(crate) fn of_member(&self, lane: LaneId, id: &MemberId) -> Option<ReferenceId> {
        self.by_member.get(&(lane, id.clone())).copied()
    }

    /// Changes a record. Its new keys must be nobody else's.
    pub(crate) fn change(&mut self, id: ReferenceId, change: impl FnOnce(&mut Reference)) {
        let Some(mut record) = self.records.remove(&id) else { return };
        self.leave(&record);
        change(&mut record);
        self.enter(&record);
        self.records.insert(id, record);
        self.dirty.insert(id);
    }

    /// Writes a capture: finds its record, or the records that now turn out to be one, or makes one.
    pub(crate) fn capture(&mut self, capture: &Capture, scene: &Scene<'_>) -> ReferenceId {
        let found = self.matches(capture);
        let mut found = found.into_iter();
        let id = match found.next() {
            Some(oldest) => oldest,
            None => self.make(capture, scene),
        };
        for same in found {
            self.merge(same, id);
        }
        let covered = scene.covered.contains(&id);
        self.change(id, |record| note(record, capture, covered, scene.now));
        id
    }

    /// The records a capture is about, oldest first.
    fn matches(&self, capture: &Capture) -> BTreeSet<ReferenceId> {
        let by_conversation = capture.conversation.as_ref().and_then(|id| self.of_conversation(capture.lane, id));
        let other_kind = |id: &ReferenceId| {
            let personal = self.get(*id).is_some_and(|record| record.scope == Scope::Personal);
            personal != (capture.scope == Scope::Personal)
        };
        // A conversation is what it was first seen to be: the channel never turns one kind into another.
        if let Some(id) = by_conversation.filter(other_kind) {
            return BTreeSet::from([id]);
        }
        let mut found: BTreeSet<_> = by_conversation.into_iter().collect();
        if capture.scope == Scope::Personal {
            let person = capture.person.as_ref();
            found.extend(person.and_then(|p| p.member_id.as_ref()).and_then(|id| self.of_member(capture.lane, id)));
            let object = person.and_then(|p| p.object_id.as_ref()).map(lower_object);
            found.extend(object.and_then(|id| self.by_object.get(&(capture.lane, id))));
        } else if let (Scope::Team, Some(group)) = (capture.scope, &capture.group) {
            let group = group.as_str().to_ascii_lowercase();
            let same = |record: &&Reference| {
                record.lane == capture.lane
                    && record.scope == Scope::Team
                    && record.group.as_ref().is_some_and(|id| id.as_str() == group)
            };
            found.extend(self.all().filter(same).map(|record| record.id));
        }
        found
    }

    fn make(&mut self, capture: &Capture, scene: &Scene<'_>) -> ReferenceId {
        let id = scene.ids.reference(scene.now);
        self.records.insert(
            id,
            Reference {
                id,
                lane: capture.lane,
                bot: scene.key.bot.clone(),
                tenant: scene.key.tenant.clone(),
                scope: capture.scope,
                conversation: None,
                service_url: None,
                person: None,
                name: None,
                team: None,
                group: None,
                reach: Reach::Open,
                installed: false,
                generation: 0,
                seen_at: scene.now,
            },
        );
        id
    }

    fn merge(&mut self, gone: ReferenceId, kept: ReferenceId) {
        let Some(other) = self.records.remove(&gone) else { return };
        self.leave(&other);
        self.dirty.remove(&gone);
        self.merged.push((gone, kept));
        self.change(kept, |record| absorb(record, other));
        let channels: Vec<_> = self.all().filter(|record| record.team == Some(gone)).map(|record| record.id).collect();
        for channel in channels {
            self.change(channel, |record| record.team = Some(kept));
        }
    }

    fn enter(&mut self, record: &Reference) {
        if let Some(id) = &record.conversation {
            self.by_conversation.insert((record.lane, id.clone()), record.id);
        }
        let Some(person) = &record.person else { return };
        if let Some(id) = &person.member_id {
            self.by_member.insert((record.lane, id.clone()), record.id);
        }
        if let Some(id) = &person.object_id {
            self.by_object.insert((record.lane, id.clone()), record.id);
        }
    }

    fn leave(&mut self, record: &Reference) {
        if let Some(id) = &record.conversation {
            self.by_conversation.remove(&(record.lane, id.clone()));
        }
        let Some(person) = &record.person else { return };
        if let Some(id) = &person.member_id {
            self.by_member.remove(&(record.lane, id.clone()));
        }
        if let Some(id) = &person.object_id {
            self.by_object.remove(&(record.lane, id.clone()));
        }
    }
}

/// What a capture makes of its record. `covered`: the person is in a team that has the app.
fn note(record: &mut Reference, capture: &Capture, covered: bool, now: Timestamp) {
    let personal = record.scope == Scope::Personal;
    if personal {
        if let Some(person) = &capture.person {
            let known = record.person.take().unwrap_or_default();
            record.person = Some(overlay(known, lowered(person))).filter(|person| *person != Person::default());
        }
    } else {
        // The General channel may be met as a channel before it is met as its team.
        if record.scope == Scope::Channel && capture.scope == Scope::Team {
            record.scope = Scope::Team;
        }
        learn(&mut record.name, capture.name.clone());
        learn(&mut record.team, capture.team);
        let group = capture.group.as_ref().map(|id| GroupId::new(id.as_str().to_ascii_lowercase()));
        learn(&mut record.group, group);
    }
    learn(&mut record.conversation, capture.conversation.clone());
    learn(&mut record.service_url, capture.service_url.clone());
    record.seen_at = now;
    match capture.change {
        CaptureChange::Seen => {}
        CaptureChange::Active => record.reach = Reach::Open,
        CaptureChange::Installed => install(record),
        CaptureChange::Uninstalled => {
            record.installed = false;
            if !(personal && covered) {
                record.reach = Reach::NotInstalled;
            }
        }
    }
}

/// The app is there: open, and a new generation if it was not there before.
pub(crate) fn install(record: &mut Reference) {
    if !record.installed {
        record.generation += 1;
    }
    record.installed = true;
    record.reach = Reach::Open;
}

/// Takes over what another record of the same person or team knew; the one seen last is believed.
fn absorb(record: &mut Reference, other: Reference) {
    let other_is_newer = other.seen_at > record.seen_at;
    let keep = |mine: bool| mine != other_is_newer;
    if other_is_newer {
        record.reach = other.reach;
    }
    record.installed |= other.installed;
    record.generation = record.generation.max(other.generation);
    record.seen_at = record.seen_at.max(other.seen_at);
    let mine_first = keep(true);
    either(&mut record.conversation, other.conversation, mine_first);
    either(&mut record.service_url, other.service_url, mine_first);
    either(&mut record.name, other.name, mine_first);
    either(&mut record.team, other.team, mine_first);
    either(&mut record.group, other.group, mine_first);
    record.person = match (record.person.take(), other.person) {
        (Some(mine), Some(theirs)) if mine_first => Some(overlay(theirs, mine)),
        (Some(mine), Some(theirs)) => Some(overlay(mine, theirs)),
        (mine, theirs) => mine.or(theirs),
    };
}

fn either<T>(mine: &mut Option<T>, theirs: Option<T>, mine_first: bool) {
    if mine.is_none() || !mine_first {
        learn(mine, theirs);
    }
}

/// What is `Some` overwrites what was known.
fn learn<T>(known: &mut Option<T>, told: Option<T>) {
    if told.is_some() {
        *known = told;
    }
}

fn overlay(known: Person, told: Person) -> Person {
    Person {
        member_id: told.member_id.or(known.member_id),
        object_id: told.object_id.or(known.object_id),
        name: told.name.or(known.name),
        email: told.email.or(known.email),
        user_principal_name: told.user_principal_name.or(known.user_principal_name),
        guest: told.guest.or(known.guest),
        locale: told.locale.or(known.locale),
        timezone: told.timezone.or(known.timezone),
    }
}

/// The person with addresses and GUIDs in lower case, so that they are found however they are written.
fn lowered(person: &Person) -> Person {
    Person {
        object_id: person.object_id.as_ref().map(lower_object),
        email: person.email.as_ref().map(|text| text.to_lowercase()),
        user_principal_name: person.user_principal_name.as_ref().map(|text| text.to_lowercase()),
        ..person.clone()
    }
}

pub(crate) fn lower_object(id: &ObjectId) -> ObjectId {
    ObjectId::new(id.as_str().to_ascii_lowercase())
}

/// What a roster tells of one person.
pub(crate) fn member_capture(lane: LaneId, service_url: Option<&ServiceUrl>, person: &Person) -> Capture {
    Capture {
        lane,
        scope: Scope::Personal,
        conversation: None,
        service_url: service_url.cloned(),
        person: Some(person.clone()),
        name: None,
        team: None,
        group: None,
        change: CaptureChange::Seen,
    }
}
