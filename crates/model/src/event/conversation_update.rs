use super::Event;
use crate::{Activity, ChannelAccount, EventType};

impl Activity {
    pub(super) fn conversation_update(&self) -> Vec<Event<'_>> {
        let mut told = Vec::new();
        self.members(&mut told);
        match self.event_type() {
            // Told by the members, if there are any.
            Some(kind) if is_about_members(kind) && !told.is_empty() => {}
            Some(kind) => told.push(self.change(kind).unwrap_or(Event::OtherEvent(kind.as_str()))),
            None => {}
        }
        told
    }

    fn members<'a>(&'a self, told: &mut Vec<Event<'a>>) {
        let channel = match self.event_type() {
            Some(EventType::ChannelMemberAdded | EventType::ChannelMemberRemoved) => self.channel_info(),
            _ => None,
        };
        let (bot, members) = self.without_bot(&self.members_added);
        told.extend(bot.then_some(Event::BotAdded));
        if !members.is_empty() {
            told.push(match channel {
                Some(channel) => Event::ChannelMembersAdded { channel, members },
                None => Event::MembersAdded(members),
            });
        }
        let (bot, members) = self.without_bot(&self.members_removed);
        told.extend(bot.then_some(Event::BotRemoved));
        if !members.is_empty() {
            told.push(match channel {
                Some(channel) => Event::ChannelMembersRemoved { channel, members },
                None => Event::MembersRemoved(members),
            });
        }
    }

    /// Whether the bot is among the accounts, and the others.
    fn without_bot<'a>(&self, accounts: &'a [ChannelAccount]) -> (bool, Vec<&'a ChannelAccount>) {
        let others: Vec<_> = accounts.iter().filter(|account| !self.is_bot(account)).collect();
        (others.len() < accounts.len(), others)
    }

    /// A change of a channel or team; `None` when the activity does not say of which.
    fn change(&self, kind: &EventType) -> Option<Event<'_>> {
        Some(match kind {
            EventType::ChannelCreated => Event::ChannelCreated(self.channel_info()?),
            EventType::ChannelRenamed => Event::ChannelRenamed(self.channel_info()?),
            EventType::ChannelDeleted => Event::ChannelDeleted(self.channel_info()?),
            EventType::ChannelRestored => Event::ChannelRestored(self.channel_info()?),
            EventType::ChannelShared => {
                let with = &self.channel_data.as_ref()?.shared_with_teams;
                Event::ChannelShared { channel: self.channel_info()?, with }
            }
            EventType::ChannelUnshared => {
                let from = &self.channel_data.as_ref()?.unshared_from_teams;
                Event::ChannelUnshared { channel: self.channel_info()?, from }
            }
            EventType::TeamRenamed => Event::TeamRenamed(self.team_info()?),
            EventType::TeamArchived => Event::TeamArchived(self.team_info()?),
            EventType::TeamUnarchived => Event::TeamUnarchived(self.team_info()?),
            EventType::TeamRestored => Event::TeamRestored(self.team_info()?),
            EventType::TeamDeleted => Event::TeamDeleted(self.team_info()?),
            EventType::TeamHardDeleted => Event::TeamHardDeleted(self.team_info()?),
            _ => return None,
        })
    }
}

fn is_about_members(kind: &EventType) -> bool {
    matches!(
        kind,
        EventType::TeamMemberAdded
            | EventType::TeamMemberRemoved
            | EventType::ChannelMemberAdded
            | EventType::ChannelMemberRemoved
    )
}
