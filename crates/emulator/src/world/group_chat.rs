use std::collections::BTreeSet;

use super::{AppIx, GroupChatIx, PersonIx, Place, PlaceIx, PlaceKind, TenantIx, World};
use crate::chance::opaque;

/// One chat of several people.
pub(crate) struct GroupChat {
    pub(crate) tenant: TenantIx,
    pub(crate) id: String,
    pub(crate) topic: Option<String>,
    pub(crate) place: PlaceIx,
    pub(crate) members: BTreeSet<PersonIx>,
    /// Bots installed in the chat.
    pub(crate) apps: BTreeSet<AppIx>,
}

impl World {
    /// A group chat by id.
    pub(crate) fn group_chat(&self, id: &str) -> Option<GroupChatIx> {
        match self.places[self.place_by_id.get(id)?.0].kind {
            PlaceKind::GroupChat(chat) => Some(chat),
            PlaceKind::Personal { .. } | PlaceKind::Channel { .. } => None,
        }
    }

    /// An id no group chat has yet.
    pub(crate) fn new_group_chat_id(&self) -> String {
        let unique = opaque(self.seed, &["group chat", &self.group_chats.len().to_string()]);
        format!("19:{}@thread.v2", &unique[..32])
    }

    /// Begins a group chat; nobody is in it yet.
    pub(crate) fn add_group_chat(&mut self, tenant: TenantIx, id: String, topic: Option<String>) -> GroupChatIx {
        let chat = GroupChatIx(self.group_chats.len());
        let place = self.add_place(Place { id: id.clone(), tenant, kind: PlaceKind::GroupChat(chat) });
        let (members, apps) = Default::default();
        self.group_chats.push(GroupChat { tenant, id, topic, place, members, apps });
        self.tenants[tenant.0].group_chats.push(chat);
        chat
    }

    /// Puts a person in a group chat; `false` when they are in it already.
    pub(crate) fn join_chat(&mut self, person: PersonIx, chat: GroupChatIx) -> bool {
        self.people[person.0].chats.insert(chat);
        self.group_chats[chat.0].members.insert(person)
    }

    /// Takes a person out of a group chat; `false` when they are not in it.
    pub(crate) fn leave_chat(&mut self, person: PersonIx, chat: GroupChatIx) -> bool {
        self.people[person.0].chats.remove(&chat);
        self.group_chats[chat.0].members.remove(&person)
    }
}
