//! The port of references, people and teams.

use std::collections::BTreeSet;

use async_trait::async_trait;
use pregon_domain::directory::{Capture, Person, Reach, Reference, Scope};
use pregon_domain::ports::{DirectoryStore, StoreError};
use pregon_domain::{BotName, LaneId, ReferenceId, Timestamp};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};

use super::{MemoryStore, State, unknown};
use crate::book::{Scene, member_capture};
use crate::ids::Ids;
use crate::rules::REMEMBERED;

impl State {
    pub(super) fn capture(&mut self, capture: &Capture, ids: &Ids, now: Timestamp) -> Result<ReferenceId, StoreError> {
        let key = self.lane(capture.lane)?.key.clone();
        let covered: BTreeSet<_> = (self.memberships.iter())
            .filter(|(team, _)| self.book.get(*team).is_some_and(|team| team.reach == Reach::Open))
            .map(|(_, person)| *person)
            .collect();
        let capture = Capture { team: capture.team.map(|id| self.resolve(id)), ..capture.clone() };
        let id = self.book.capture(&capture, &Scene { key: &key, covered: &covered, ids, now });
        for (gone, kept) in std::mem::take(&mut self.book.merged) {
            self.follow(gone, kept);
        }
        Ok(id)
    }

    /// Whether a person is a member of a team that has the app.
    fn covered(&self, person: ReferenceId) -> bool {
        let has_app = |team: ReferenceId| self.book.get(team).is_some_and(|team| team.reach == Reach::Open);
        self.memberships.iter().any(|(team, member)| *member == person && has_app(*team))
    }

    /// Takes a person out of a team; without another way to them they are closed.
    fn leave(&mut self, team: ReferenceId, person: ReferenceId, reach: Reach) {
        self.memberships.remove(&(team, person));
        let closes = |record: &Reference| record.reach == Reach::Open && !record.installed && !self.covered(record.id);
        if self.book.get(person).is_some_and(closes) {
            self.book.change(person, |record| record.reach = reach);
        }
    }

    fn remove_team(&mut self, team: ReferenceId) {
        let affected: Vec<_> =
            self.book.all().filter(|one| one.id == team || one.team == Some(team)).map(|one| one.id).collect();
        for id in affected {
            self.book.change(id, |record| {
                record.reach = Reach::NotInstalled;
                record.installed = false;
            });
        }
        let members: Vec<_> =
            self.memberships.iter().filter(|(of, _)| *of == team).map(|(_, person)| *person).collect();
        for person in members {
            self.leave(team, person, Reach::NotInstalled);
        }
    }

    /// The oldest reference of a bot that fits.
    fn find(&self, bot: &BotName, fits: impl Fn(&Reference) -> bool) -> Option<Reference> {
        self.book.all().find(|record| record.bot == *bot && fits(record)).cloned()
    }
}

#[async_trait]
impl DirectoryStore for MemoryStore {
    async fn capture(&self, capture: &Capture, now: Timestamp) -> Result<ReferenceId, StoreError> {
        self.state().capture(capture, &self.ids, now)
    }

    async fn capture_members(
        &self,
        lane: LaneId,
        team: ReferenceId,
        service_url: Option<&ServiceUrl>,
        people: &[Person],
        now: Timestamp,
    ) -> Result<Vec<ReferenceId>, StoreError> {
        let mut state = self.state();
        state.book.get(state.resolve(team)).ok_or_else(|| unknown("team"))?;
        let mut ids = Vec::new();
        for person in people {
            ids.push(state.capture(&member_capture(lane, service_url, person), &self.ids, now)?);
        }
        let team = state.resolve(team);
        for id in &mut ids {
            // A later person may have shown that two earlier records are one.
            *id = state.resolve(*id);
            state.memberships.insert((team, *id));
            state.book.change(*id, |record| {
                if matches!(record.reach, Reach::LeftTeam | Reach::NotInstalled) {
                    record.reach = Reach::Open;
                }
            });
        }
        Ok(ids)
    }

    async fn member_left(&self, lane: LaneId, team: ReferenceId, member: &MemberId) -> Result<(), StoreError> {
        let mut state = self.state();
        let team = state.resolve(team);
        if let Some(person) = state.book.of_member(lane, member) {
            state.leave(team, person, Reach::LeftTeam);
        }
        Ok(())
    }

    async fn team_removed(&self, team: ReferenceId) -> Result<(), StoreError> {
        let mut state = self.state();
        let team = state.resolve(team);
        state.remove_team(team);
        Ok(())
    }

    async fn reference(&self, id: ReferenceId) -> Result<Option<Reference>, StoreError> {
        let state = self.state();
        Ok(state.book.get(state.resolve(id)).cloned())
    }

    async fn references(
        &self,
        bot: Option<&BotName>,
        scope: Option<Scope>,
        after: Option<ReferenceId>,
        limit: usize,
    ) -> Result<Vec<Reference>, StoreError> {
        let state = self.state();
        let wanted = state.book.all().filter(|record| {
            bot.is_none_or(|bot| record.bot == *bot)
                && scope.is_none_or(|scope| record.scope == scope)
                && after.is_none_or(|after| record.id > after)
        });
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn find_conversation(&self, bot: &BotName, id: &ConversationId) -> Result<Option<Reference>, StoreError> {
        Ok(self.state().find(bot, |record| record.conversation.as_ref() == Some(id)))
    }

    async fn find_team_by_group(&self, bot: &BotName, group: &GroupId) -> Result<Option<Reference>, StoreError> {
        let same = |id: &GroupId| id.as_str().eq_ignore_ascii_case(group.as_str());
        Ok(self.state().find(bot, |record| record.scope == Scope::Team && record.group.as_ref().is_some_and(same)))
    }

    async fn find_email(&self, bot: &BotName, email: &str) -> Result<Option<Reference>, StoreError> {
        let email = Some(email.to_lowercase());
        let fits = |person: &Person| person.email == email || person.user_principal_name == email;
        Ok(self.state().find(bot, |record| record.person.as_ref().is_some_and(fits)))
    }

    async fn find_object(&self, bot: &BotName, id: &ObjectId) -> Result<Option<Reference>, StoreError> {
        let same = |known: &ObjectId| known.as_str().eq_ignore_ascii_case(id.as_str());
        let fits = |person: &Person| person.object_id.as_ref().is_some_and(same);
        Ok(self.state().find(bot, |record| record.person.as_ref().is_some_and(fits)))
    }

    async fn find_member(&self, bot: &BotName, id: &MemberId) -> Result<Option<Reference>, StoreError> {
        let fits = |person: &Person| person.member_id.as_ref() == Some(id);
        Ok(self.state().find(bot, |record| record.person.as_ref().is_some_and(fits)))
    }

    async fn set_opt_out(
        &self,
        reference: ReferenceId,
        topic: &str,
        out: bool,
        _now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let entry = (state.resolve(reference), topic.to_owned());
        if out {
            state.book.get(entry.0).ok_or_else(|| unknown("reference"))?;
            state.opt_outs.insert(entry);
        } else {
            state.opt_outs.remove(&entry);
        }
        Ok(())
    }

    async fn seen_before(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError> {
        let state = self.state();
        Ok(state.sights.get(&(lane, activity_key.to_owned())).is_some_and(|at| *at > now - REMEMBERED))
    }

    async fn first_sight(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.sights.retain(|_, at| *at > now - REMEMBERED);
        let entry = (lane, activity_key.to_owned());
        if state.sights.contains_key(&entry) {
            return Ok(false);
        }
        state.sights.insert(entry, now);
        Ok(true)
    }
}
