//! The conversations of a Teams bot: commands, cards that change, and what happens around it.
//!
//! The story: whoever writes gets a card; its buttons, and the same words typed, mention the person, tell
//! who they are, update the card, delete it, and message all members. Members, channels and the team
//! coming, going and being renamed are told. The published one is Microsoft's conversation bot (sample
//! 57).
//!
//! ```sh
//! cargo run -p pregon-examples --bin conversation_bot
//! ```

mod cards;

use std::pin::pin;

use futures_util::TryStreamExt as _;
use pregon_bot::connector::ConnectorError;
use pregon_bot::model::{ChannelAccount, ChannelInfo, ConversationType, Reaction, TeamInfo, TeamsChannelAccount, Text};
use pregon_bot::{Conversation, Handler, Turn, TurnResult};
use pregon_examples::{Failure, Settings, patiently};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    settings.print_what_to_try(&[
        r#"write -d '{"text": "what can you do?"}'"#,
        r#"press -d '{"button": "Update card"}'"#,
        r#"write -d '{"text": "message all", "channel": "Releases"}'"#,
        "messages",
    ]);
    Ok(settings.bot(ConversationBot)?.serve(settings.listen).await?)
}

struct ConversationBot;

impl Handler for ConversationBot {
    /// What a button makes people say comes here, too. The order matters: "mention me" is a mention.
    async fn message(&self, turn: &Turn) -> TurnResult {
        let text = turn.text().to_lowercase();
        let says = |word: &str| text.contains(word);
        if says("mention me") {
            mention_in_card(turn).await?;
        } else if says("mention") {
            mention(turn).await?;
        } else if says("who") {
            who_am_i(turn).await?;
        } else if says("update") {
            update_card(turn).await?;
        } else if says("message") {
            message_all(turn);
        } else if says("delete") {
            delete_card(turn).await?;
        } else {
            turn.send().attachment(cards::welcome()).summary("What I can do").await?;
        }
        Ok(())
    }

    async fn installed(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
        let place = turn.activity().conversation.as_ref().and_then(|conversation| conversation.name.as_deref());
        let place = place.map(|name| format!(" I was set up in {name}.")).unwrap_or_default();
        turn.send().text(format!("Welcome! I show what a bot in Teams can do.{place}")).await?;
        Ok(())
    }

    async fn members_added(&self, turn: &Turn, members: &[&ChannelAccount]) -> TurnResult {
        // Who installs the app in their personal chat comes here as well, and was welcomed already.
        if is_personal(turn) {
            return Ok(());
        }
        for account in members {
            // Teams tells the id only; the name is in the roster.
            if let Some(member) = turn.conversation().member(&account.id).await? {
                turn.send().text(format!("Welcome, {}.", name(&member))).await?;
            }
        }
        Ok(())
    }

    async fn members_removed(&self, turn: &Turn, members: &[&ChannelAccount]) -> TurnResult {
        for account in members {
            let who = account.name.as_deref().unwrap_or("Somebody");
            tell(turn, &format!("{who} was removed from the team")).await?;
        }
        Ok(())
    }

    async fn channel_created(&self, turn: &Turn, channel: &ChannelInfo) -> TurnResult {
        Ok(tell(turn, &format!("{} is the channel created", channel_name(channel))).await?)
    }

    async fn channel_renamed(&self, turn: &Turn, channel: &ChannelInfo) -> TurnResult {
        Ok(tell(turn, &format!("{} is the new channel name", channel_name(channel))).await?)
    }

    async fn channel_deleted(&self, turn: &Turn, channel: &ChannelInfo) -> TurnResult {
        Ok(tell(turn, &format!("{} is the channel deleted", channel_name(channel))).await?)
    }

    async fn channel_restored(&self, turn: &Turn, channel: &ChannelInfo) -> TurnResult {
        Ok(tell(turn, &format!("{} is the channel restored", channel_name(channel))).await?)
    }

    async fn team_renamed(&self, turn: &Turn, team: &TeamInfo) -> TurnResult {
        Ok(tell(turn, &format!("{} is the new team name", team.name.as_deref().unwrap_or("?"))).await?)
    }

    async fn reactions_added(&self, turn: &Turn, reactions: &[Reaction]) -> TurnResult {
        for reaction in reactions {
            turn.send().text(format!("You reacted with {}.", reaction.kind)).await?;
        }
        Ok(())
    }

    async fn reactions_removed(&self, turn: &Turn, reactions: &[Reaction]) -> TurnResult {
        for reaction in reactions {
            turn.send().text(format!("You took back your {}.", reaction.kind)).await?;
        }
        Ok(())
    }
}

async fn mention(turn: &Turn) -> Result<(), ConnectorError> {
    let Some(person) = turn.from() else { return Ok(()) };
    turn.reply().text(Text::new("Hello ").mention(person).and(".")).await?;
    Ok(())
}

async fn mention_in_card(turn: &Turn) -> Result<(), ConnectorError> {
    match member(turn).await? {
        Some(member) => turn.reply().card(cards::mention(&member), "A card that mentions you").await?,
        None => turn.reply().text("Member not found.").await?,
    };
    Ok(())
}

async fn who_am_i(turn: &Turn) -> Result<(), ConnectorError> {
    let text = match member(turn).await? {
        Some(member) => format!("You are: {}.", name(&member)),
        None => "Member not found.".to_owned(),
    };
    turn.reply().text(text).await?;
    Ok(())
}

/// Replaces the card whose button was pressed; the button's value says how often that was done.
async fn update_card(turn: &Turn) -> Result<(), ConnectorError> {
    let count = turn.activity().value.as_ref().and_then(|value| value["count"].as_u64());
    match (&turn.activity().reply_to_id, count) {
        (Some(card), Some(count)) => turn.update(card).attachment(cards::updated(count + 1)).await?,
        _ => no_button(turn).await?,
    }
    Ok(())
}

/// Deletes the card whose button was pressed.
async fn delete_card(turn: &Turn) -> Result<(), ConnectorError> {
    match &turn.activity().reply_to_id {
        Some(card) => turn.delete(card).await?,
        None => no_button(turn).await?,
    }
    Ok(())
}

async fn no_button(turn: &Turn) -> Result<(), ConnectorError> {
    turn.reply().text("Press that button on a card: then I know which one you mean.").await?;
    Ok(())
}

/// Messages everybody here in their personal chat. Teams waits 15 seconds for the turn to end, so it is
/// done in a task of its own; see `message_all_members` for what may become of each message.
fn message_all(turn: &Turn) {
    let here = turn.conversation().clone();
    tokio::spawn(async move {
        let text = match message_members(&here).await {
            Ok(0) => "All messages have been sent.".to_owned(),
            Ok(missed) => format!("All messages have been sent, but {missed} did not arrive."),
            Err(error) => format!("I could not read who is here: {error}."),
        };
        if let Err(error) = here.send().text(text).await {
            tracing::error!("the end of it could not be told: {error}");
        }
    });
}

/// How many were not reached.
async fn message_members(here: &Conversation) -> Result<usize, ConnectorError> {
    let mut missed = 0;
    let mut members = pin!(here.members());
    while let Some(member) = members.try_next().await? {
        if member.is_guest() {
            continue; // a guest cannot be reached as members of the organisation can
        }
        if let Err(error) = message(here, &member).await {
            tracing::warn!("a member was not reached: {error}");
            missed += 1;
        }
    }
    Ok(missed)
}

async fn message(here: &Conversation, member: &TeamsChannelAccount) -> Result<(), ConnectorError> {
    let text = format!("Hello {}. I am a Teams conversation bot.", name(member));
    let chat = patiently(|| here.personal_chat(&member.id)).await?;
    patiently(|| chat.send().text(&text)).await?;
    Ok(())
}

/// What the roster tells of the person who acts: more than the activity does.
async fn member(turn: &Turn) -> Result<Option<TeamsChannelAccount>, ConnectorError> {
    match turn.from() {
        Some(person) => turn.conversation().member(&person.id).await,
        None => Ok(None),
    }
}

async fn tell(turn: &Turn, text: &str) -> Result<(), ConnectorError> {
    turn.send().attachment(cards::note(text)).summary(text).await?;
    Ok(())
}

fn is_personal(turn: &Turn) -> bool {
    let conversation = turn.activity().conversation.as_ref();
    conversation.is_some_and(|conversation| conversation.kind() == ConversationType::Personal)
}

fn name(member: &TeamsChannelAccount) -> &str {
    member.name.as_deref().unwrap_or("you")
}

/// The first channel of a team has no name on the wire: Teams shows it as General, in people's languages.
fn channel_name(channel: &ChannelInfo) -> &str {
    channel.name.as_deref().unwrap_or("General")
}
