use std::process::{Output, Stdio};

use pregon_emulator::{Actor, Emulator, EmulatorConfig, PersonView, TeamView, dev};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::recorder::{Call, Recorder};

/// The emulator as `pregon emulator` plays it, and the examples that are run before it.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    recorder: Recorder,
}

/// An example that listens; it is killed when dropped.
pub(crate) struct Listening {
    pub(crate) base_url: String,
    /// What it printed before.
    pub(crate) shown: Vec<String>,
    _process: Child,
}

/// How an example ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) shown: String,
    pub(crate) errors: String,
}

impl Stage {
    pub(crate) async fn start(members: usize) -> Self {
        Self::with(EmulatorConfig::new(dev::world(1, members))).await
    }

    pub(crate) async fn with(mut config: EmulatorConfig) -> Self {
        let recorder = Recorder::start().await;
        config.public_url = Some(recorder.base_url.clone());
        let emulator = Emulator::start(config).await.unwrap();
        recorder.stand_before(format!("http://{}", emulator.address()));
        Self { emulator, recorder }
    }

    /// Runs an example until it ends.
    pub(crate) async fn run(&self, binary: &str, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(binary).args(arguments).output().await.unwrap())
    }

    /// Runs a bot, and tells the emulator where it listens.
    pub(crate) async fn listen(&self, binary: &str) -> Listening {
        let mut process = self.command(binary).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut shown = Vec::new();
        let base_url = loop {
            let line = lines.next_line().await.unwrap().expect("the example ended before it listened");
            if let Some((_, url)) = line.split_once("the bot listens on ") {
                break url.trim_end_matches("/api/messages").to_owned();
            }
            shown.push(line);
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.emulator.set_bot_endpoint(dev::APP_ID, &format!("{base_url}/api/messages")).unwrap();
        Listening { base_url, shown, _process: process }
    }

    /// An example that is told where the emulator is, and nothing else of the environment.
    pub(crate) fn command(&self, binary: &str) -> Command {
        let mut command = Command::new(binary);
        let settings = [("PREGON_CLOUD", self.recorder.base_url.as_str()), ("PREGON_LISTEN", "127.0.0.1:0")];
        command.env_clear().envs(settings).kill_on_drop(true);
        command
    }

    pub(crate) fn team(&self) -> TeamView {
        self.emulator.tenants()[0].teams[0].clone()
    }

    pub(crate) fn person(&self, nth: usize) -> PersonView {
        self.emulator.people()[nth].clone()
    }

    /// Somebody who acts.
    pub(crate) fn actor(&self, id: &str) -> Actor<'_> {
        self.emulator.person(id).unwrap()
    }

    /// The calls to the Connector and to Graph so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.recorder.calls()
    }

    /// Method and path of each call.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.line).collect()
    }

    /// What the bots wrote to a person: the texts, oldest first.
    pub(crate) fn texts_to(&self, person: &str) -> Vec<String> {
        let received = self.emulator.received_by(person).unwrap();
        received.iter().map(|message| message.activity["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The same, once there are `count` of them.
    pub(crate) async fn texts(&self, person: &str, count: usize) -> Vec<String> {
        self.emulator.until(|_| self.texts_to(person).len() >= count).await;
        self.texts_to(person)
    }
}

impl Ended {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), shown: text(&output.stdout), errors: text(&output.stderr) }
    }
}
