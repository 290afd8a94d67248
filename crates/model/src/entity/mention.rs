use crate::wire::{Wire as _, wire};
use crate::{ChannelAccount, Entity, MemberId, ObjectId, TeamsChannelAccount};

wire! {
    /// Somebody named in a text so that they are notified.
    ///
    /// It takes two things, a mark in the text and this entity; Teams drops one without the other. A
    /// [`Text`](crate::Text) writes both.
    ///
    /// Source: Microsoft Learn, "Channel and group conversations with a bot", section on mentions.
    pub struct Mention {
        /// Who it is: a member's id or, on the way out, an Entra object id or user principal name.
        pub mentioned: ChannelAccount => required "mentioned",
        /// The mark, as it stands in the text: `<at>Ada</at>`.
        pub text: String => "text",
    }
}

impl Mention {
    /// Mentions an account by its name or, when it has none, by its id.
    pub fn of(account: &ChannelAccount) -> Self {
        let name = account.name.as_deref().filter(|name| !name.trim().is_empty());
        Self::new(account.id.as_str(), name.unwrap_or(account.id.as_str()))
    }

    /// Mentions a member as this bot knows them.
    pub fn member(id: &MemberId, name: impl AsRef<str>) -> Self {
        Self::new(id.as_str(), name.as_ref())
    }

    /// Mentions a person by their Entra object id.
    pub fn object(id: &ObjectId, name: impl AsRef<str>) -> Self {
        Self::new(id.as_str(), name.as_ref())
    }

    /// Mentions a person by their user principal name (`ada@contoso.com`).
    pub fn user_principal_name(upn: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        Self::new(upn.as_ref(), name.as_ref())
    }

    /// How the mention is written in the text.
    pub fn mark(&self) -> &str {
        &self.text
    }

    /// The entity that makes the mark a mention.
    pub fn entity(&self) -> Entity {
        Entity::Mention(self.clone())
    }

    fn new(id: &str, name: &str) -> Self {
        let mentioned = ChannelAccount::new(MemberId::new(id)).with_name(name);
        Self { mentioned, text: format!("<at>{}</at>", escaped(name)), ..Self::absent() }
    }
}

/// A name as the mark holds it. One with `</at>` in it would end the mark early and write the rest of
/// itself, links and all, into the bot's message; a line break would end the paragraph.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            letter if letter.is_control() => text.push(' '),
            letter => text.push(letter),
        }
    }
    text
}

impl From<&ChannelAccount> for Mention {
    fn from(account: &ChannelAccount) -> Self {
        Self::of(account)
    }
}

impl From<&TeamsChannelAccount> for Mention {
    fn from(member: &TeamsChannelAccount) -> Self {
        Self::of(&ChannelAccount::from(member))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_mark() {
        let evil = Mention::member(&MemberId::new("29:x"), "A</at>[click](https://evil.example)\n<at>&");
        assert_eq!(evil.mark(), "<at>A&lt;/at&gt;[click](https://evil.example) &lt;at&gt;&amp;</at>");
        assert_eq!(evil.mentioned.name.as_deref(), Some("A</at>[click](https://evil.example)\n<at>&"));
    }

    #[test]
    fn an_account_without_a_name_is_mentioned_by_its_id() {
        assert_eq!(Mention::of(&ChannelAccount::new(MemberId::new("29:x"))).mark(), "<at>29:x</at>");
    }
}
