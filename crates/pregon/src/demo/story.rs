//! The story: install, welcome, message all, message again, a thread, a schedule, an opt-out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pregon_emulator::{Operation, Stats};
use serde_json::{Value, json};

use super::ledger::Expected;
use super::narrator::{Narrator, Standing};
use crate::local::{LocalWorld, now_ms};

/// What the story did.
pub(crate) struct Told {
    /// Every message, with what it should have led to.
    pub(crate) messages: Vec<Expected>,
    /// People in the team at the beginning.
    pub(crate) members: usize,
    /// Those of them who could be reached by the first message.
    pub(crate) reachable: usize,
    /// What did not go as the story goes, in sentences.
    pub(crate) surprises: Vec<String>,
}

/// One person of the team, as the emulator knows them.
#[derive(Clone, Debug)]
struct Member {
    id: String,
    name: String,
    email: String,
}

/// How often progress is asked for.
const GLANCE: Duration = Duration::from_millis(50);
/// Longest wait for something that takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

struct Story<'a> {
    world: &'a LocalWorld,
    narrator: &'a mut Narrator,
    told: Told,
    blocker: Member,
    leaver: Member,
    others: Vec<Member>,
}

/// Plays the story in a fresh world.
pub(crate) async fn play(world: &LocalWorld, narrator: &mut Narrator) -> anyhow::Result<Told> {
    let tenant = &world.spec.tenants[0];
    let members: Vec<Member> = tenant
        .people
        .iter()
        .filter(|person| !person.guest)
        .map(|person| Member {
            id: person.id.clone(),
            name: format!("{} {}", person.given_name, person.surname),
            email: person.email.clone(),
        })
        .collect();
    let [blocker, leaver, others @ ..] = &members[..] else { bail!("the story needs at least five people") };
    let told = Told {
        messages: Vec::new(),
        members: tenant.people.len(),
        reachable: members.len() - 1,
        surprises: Vec::new(),
    };
    let (blocker, leaver, others) = (blocker.clone(), leaver.clone(), others.to_vec());
    let mut story = Story { world, narrator, told, blocker, leaver, others };
    story.install().await?;
    story.message_all().await?;
    story.message_again().await?;
    story.thread().await?;
    story.schedule().await?;
    story.opt_out().await?;
    Ok(story.told)
}

impl Story<'_> {
    async fn install(&mut self) -> anyhow::Result<()> {
        let team = &self.world.spec.tenants[0].teams[0];
        self.narrator.step("The app is installed in a team, through Graph");
        let guests = self.told.members - self.others.len() - 2;
        self.narrator.tell(format_args!(
            "team {:?}: {} people, {guests} of them a guest; {} has blocked the bot",
            team.name, self.told.members, self.blocker.name
        ));
        self.world.emulator.person(&self.blocker.id)?.block();
        self.world.api.post("/installs", &json!({"team": team.group_id})).await?;
        self.eventually("the roster", || async {
            let people = self.world.api.all("/references?scope=personal").await?.len();
            let channels = self.world.api.all("/references?scope=channel").await?.len();
            Ok(people == self.told.members && channels == team.channels.len())
        })
        .await?;
        let pages = self.world.emulator.stats().calls(Operation::Members);
        self.narrator.tell(format_args!(
            "captured {} people in {pages} pages of the roster, and {} channels",
            self.told.members,
            team.channels.len() + 1
        ));
        let welcomes = || self.world.messages().into_iter().filter(|message| message.conversation_id == team.id);
        self.eventually("the welcome", || async { Ok(welcomes().count() > 0) }).await?;
        let welcome = welcomes().next().context("the team was not welcomed")?;
        self.narrator.tell(format_args!("welcomed the team once: {:?}", summary(&welcome.activity)));
        self.told.messages.push(Expected {
            title: "welcome".into(),
            id: String::new(),
            marker: summary(&welcome.activity),
            people: None,
            delivered: 1,
            stopped: BTreeMap::new(),
            not_before_ms: None,
        });
        Ok(())
    }

    async fn message_all(&mut self) -> anyhow::Result<()> {
        let team = self.world.spec.tenants[0].teams[0].id.clone();
        self.narrator.step("Message all members, each in a chat of their own");
        let body = json!({"to": format!("team:{team}"), "text": "Hello {{ recipient.name }}, the new berth plan is out (no. 1)."});
        let people = self.ids(true);
        let sent = self.send("first message", "(no. 1)", &body, Some(people)).await?;
        let created = self.world.personal_conversations_created();
        self.narrator.tell(format_args!("{created} conversations created and stored; {}", outcome(&sent)));
        self.expect_stopped(&sent, &[("blocked", 1), ("guest", 1)]);
        Ok(())
    }

    async fn message_again(&mut self) -> anyhow::Result<()> {
        self.narrator.step("Somebody leaves the team; a second message to everyone");
        self.world.emulator.person(&self.leaver.id)?.leave(None)?;
        self.eventually("the departure", || async {
            let people = self.world.api.all("/references?scope=personal").await?;
            Ok(people.iter().any(|person| person["reach"] == "left_team"))
        })
        .await?;
        let (before, created_before) = (self.world.emulator.stats(), self.world.personal_conversations_created());
        let body = json!({"to": "everyone", "text": "{{ recipient.name }}, berth 4 is free again (no. 2)."});
        let people = self.ids(false);
        let sent = self.send("second message", "(no. 2)", &body, Some(people)).await?;
        let after = self.world.emulator.stats();
        let created = self.world.personal_conversations_created() - created_before;
        let calls = connector_calls(&after) - connector_calls(&before);
        self.narrator.tell(format_args!(
            "{created} conversations created, {calls} calls for {} deliveries; {}",
            sent.delivered,
            outcome(&sent)
        ));
        if created != 0 || calls != sent.delivered {
            self.surprise(format!("the second message cost {created} creations and {calls} calls"));
        }
        self.expect_stopped(&sent, &[("blocked", 1), ("guest", 1), ("left_team", 1)]);
        Ok(())
    }

    async fn thread(&mut self) -> anyhow::Result<()> {
        self.narrator.step("A notification in a new thread of a channel; a reply, an edit, a delete");
        let channel = self.world.spec.tenants[0].teams[0].channels[0].clone();
        let notification = |what: &str| {
            json!({
                "what_happened": what,
                "result": "berth 4 runs on its own generator",
                "triggered_by": {"name": "Grid monitor", "url": "https://grid.example/incidents/77"},
                "actions": [{"title": "Open incident", "url": "https://grid.example/incidents/77"}],
            })
        };
        let body = json!({"to": format!("channel:{}", channel.id), "topic": "incidents", "notification": notification("Power is out at berth 4 (no. 3)")});
        let root = self.send("notification in a thread", "(no. 3)", &body, None).await?;
        let body = json!({"to": format!("thread:{}", root.id), "text": "An electrician is on the way (no. 4)."});
        let reply = self.send("reply in the thread", "(no. 4)", &body, None).await?;
        let edit = json!({"notification": notification("Power is back at berth 4 (no. 3, edited)")});
        let edit = self.world.api.post(&format!("/messages/{}/edit", root.id), &edit).await?;
        let edit = self.ended(&edit).await?;
        let delete = self.world.api.post(&format!("/messages/{}/delete", reply.id), &json!({})).await?;
        let delete = self.ended(&delete).await?;
        self.check_thread(&channel.id, &edit, &delete);
        Ok(())
    }

    /// The thread holds an edited card and a deleted reply to it.
    fn check_thread(&mut self, channel: &str, edit: &Value, delete: &Value) {
        let thread: Vec<_> =
            self.world.messages().into_iter().filter(|message| message.conversation_id == channel).collect();
        let as_told = match &thread[..] {
            [card, reply] => {
                summary(&card.activity).contains("edited")
                    && card.earlier.len() == 1
                    && reply.deleted
                    && reply.thread_root == card.thread_root
            }
            _ => false,
        };
        let both = [edit, delete].iter().all(|view| count(view, "delivered") == 1);
        if as_told && both {
            self.narrator.tell("the thread now holds the edited card; the reply is deleted");
        } else {
            self.surprise(format!(
                "the thread holds {} messages, not an edited card and a deleted reply",
                thread.len()
            ));
        }
    }

    async fn schedule(&mut self) -> anyhow::Result<()> {
        self.narrator.step("A message scheduled two seconds ahead");
        let at = jiff::Timestamp::from_millisecond(now_ms() + 2_000)?;
        let at_ms = u64::try_from(at.as_millisecond())?;
        let ada = self.others[0].clone();
        let body = json!({"to": ada.email, "send_at": at.to_string(),
            "scheduled": {"why": "You asked for a reminder (no. 5)", "next": "Bring the tide table to the meeting"}});
        let people = Some(BTreeSet::from([ada.id.clone()]));
        let sent = self.send_at("scheduled message", "(no. 5)", &body, people, Some(at_ms)).await?;
        let copy = self.world.messages().into_iter().find(|message| message.activity.to_string().contains("(no. 5)"));
        let late = copy.context("the scheduled message did not arrive")?.at_ms.saturating_sub(at_ms);
        self.narrator.tell(format_args!("{} received it {late} ms after its time; {}", ada.name, outcome(&sent)));
        if late > 1_000 {
            self.surprise(format!("the scheduled message was {late} ms late"));
        }
        Ok(())
    }

    async fn opt_out(&mut self) -> anyhow::Result<()> {
        self.narrator.step("A person opts out of a topic with the button of a notification");
        let crew: Vec<Member> = self.others.iter().take(3).cloned().collect();
        let to: Vec<&str> = crew.iter().map(|member| member.email.as_str()).collect();
        let notify = |topic: &str, what: &str| {
            json!({"to": to, "topic": topic, "notification":
                {"what_happened": what, "result": "nothing to do", "triggered_by": "Tide gauge", "actions": []}})
        };
        let all: BTreeSet<String> = crew.iter().map(|member| member.id.clone()).collect();
        let body = notify("tides", "High tide at 14:10 (no. 6)");
        self.send("notification on tides", "(no. 6)", &body, Some(all.clone())).await?;
        let quiet = &crew[0];
        self.world.emulator.person(&quiet.id)?.press("pregon.opt_out").await?;
        self.narrator.tell(format_args!("{} pressed «stop these messages»", quiet.name));
        let rest = all.iter().filter(|id| **id != quiet.id).cloned().collect();
        let body = notify("tides", "High tide at 02:40 (no. 7)");
        let sent = self.send("next notification on tides", "(no. 7)", &body, Some(rest)).await?;
        self.narrator.tell(format_args!("next on this topic: {}", outcome(&sent)));
        self.expect_stopped(&sent, &[("opted_out", 1)]);
        let body = notify("cranes", "Crane 2 is back in service (no. 8)");
        let sent = self.send("notification on cranes", "(no. 8)", &body, Some(all)).await?;
        self.narrator.tell(format_args!("on another topic: {}", outcome(&sent)));
        Ok(())
    }

    // --- sending and waiting --------------------------------------------------------------------

    /// Those who can be reached, before the leaver left or after.
    fn ids(&self, with_leaver: bool) -> BTreeSet<String> {
        let leaver = with_leaver.then_some(&self.leaver);
        self.others.iter().chain(leaver).map(|member| member.id.clone()).collect()
    }

    async fn send(
        &mut self,
        title: &str,
        marker: &str,
        body: &Value,
        people: Option<BTreeSet<String>>,
    ) -> anyhow::Result<Expected> {
        self.send_at(title, marker, body, people, None).await
    }

    /// Sends, follows to the end, and notes what should have come of it.
    async fn send_at(
        &mut self,
        title: &str,
        marker: &str,
        body: &Value,
        people: Option<BTreeSet<String>>,
        not_before_ms: Option<u64>,
    ) -> anyhow::Result<Expected> {
        let accepted = self.world.api.post("/messages", body).await.with_context(|| format!("sending the {title}"))?;
        let view = self.ended(&accepted).await?;
        let reasons = view["reasons"].as_array().cloned().unwrap_or_default();
        let sent = Expected {
            title: title.to_owned(),
            id: text(&view, "id"),
            marker: marker.to_owned(),
            people,
            delivered: count(&view, "delivered"),
            stopped: reasons.iter().map(|row| (text(row, "reason"), row["count"].as_u64().unwrap_or(0))).collect(),
            not_before_ms,
        };
        self.told.messages.push(sent.clone());
        Ok(sent)
    }

    /// Follows a message to its end, showing progress.
    async fn ended(&self, accepted: &Value) -> anyhow::Result<Value> {
        let path = format!("/messages/{}", text(accepted, "id"));
        let started = Instant::now();
        let mut progress = self.narrator.progress(0);
        loop {
            let view = self.world.api.get(&path).await?;
            let total = view["total"].as_u64().unwrap_or(0);
            let standing = Standing {
                ended: total - count(&view, "pending"),
                total,
                elapsed: started.elapsed(),
                limited_by: view["limited_by"].as_str().unwrap_or("nothing"),
            };
            progress.show(&standing);
            if matches!(view["state"].as_str(), Some("done" | "cancelled")) {
                progress.finish();
                return Ok(view);
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Asks until it is so.
    async fn eventually<F>(&self, what: &str, mut is_so: impl FnMut() -> F) -> anyhow::Result<()>
    where
        F: Future<Output = anyhow::Result<bool>>,
    {
        let started = Instant::now();
        while !is_so().await? {
            if started.elapsed() > PATIENCE {
                bail!("{what} did not come within {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }

    fn expect_stopped(&mut self, sent: &Expected, reasons: &[(&str, u64)]) {
        let expected: BTreeMap<String, u64> =
            reasons.iter().map(|&(reason, count)| (reason.to_owned(), count)).collect();
        if sent.stopped != expected {
            self.surprise(format!("{}: skipped {:?} instead of {expected:?}", sent.title, sent.stopped));
        }
    }

    fn surprise(&mut self, what: String) {
        self.narrator.tell(format_args!("! {what}"));
        self.told.surprises.push(what);
    }
}

/// Calls that count against the lane's limit.
fn connector_calls(stats: &Stats) -> u64 {
    stats.lanes.iter().map(|lane| lane.calls).sum()
}

fn text(view: &Value, name: &str) -> String {
    view[name].as_str().unwrap_or_default().to_owned()
}

fn count(view: &Value, state: &str) -> u64 {
    view["counts"][state].as_u64().unwrap_or(0)
}

fn summary(activity: &Value) -> String {
    let of = |name: &str| activity[name].as_str().map(str::to_owned);
    of("summary").or_else(|| of("text")).unwrap_or_default()
}

/// What became of a message, for people.
fn outcome(sent: &Expected) -> String {
    let mut parts = vec![format!("{} delivered", sent.delivered)];
    parts.extend(sent.stopped.iter().map(|(reason, count)| format!("{count} {}", reason.replace('_', " "))));
    parts.join(", ")
}
