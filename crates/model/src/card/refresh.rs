use super::Execute;
use super::schema::object;
use crate::MemberId;

object! {
    /// How a card is brought up to date for those who look at it.
    ///
    /// Teams sends the action as an invoke, and shows the card the bot answers with to that person.
    ///
    /// Source: Microsoft Learn, "Up-to-date cards".
    Refresh as "Refresh", V1_4 {
        /// What the bot gets.
        action: Execute = "action", V1_4;
        /// For whom the card is refreshed by itself, at most 60. Without any: for everybody, in chats
        /// of up to 60 members; see also [`manual`](Refresh::manual).
        user_ids / user: [MemberId] = "userIds", V1_4;
    }
}

impl Refresh {
    /// Refreshes with this action.
    pub fn new(action: Execute) -> Self {
        Self { action: Some(action), ..Self::default() }
    }

    /// Only when a person asks for it in the card's menu.
    pub fn manual(mut self) -> Self {
        self.user_ids = Some(Vec::new());
        self
    }
}
