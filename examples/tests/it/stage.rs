use std::process::Output;

use pregon_emulator::{AppSpec, Emulator, EmulatorConfig, PersonView, TeamView, WorldSpec};
use tokio::process::Command;

use crate::recorder::{Call, Recorder};

/// An emulator with the app in its team, and the examples that are run before it.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) app: AppSpec,
    pub(crate) tenant: String,
    recorder: Recorder,
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
        Self::with(EmulatorConfig::new(WorldSpec::demo(7, members))).await
    }

    pub(crate) async fn with(mut config: EmulatorConfig) -> Self {
        let recorder = Recorder::start().await;
        config.public_url = Some(recorder.base_url.clone());
        let emulator = Emulator::start(config).await.unwrap();
        recorder.stand_before(format!("http://{}", emulator.address()));
        let (app, tenant) = (emulator.apps()[0].clone(), emulator.tenants()[0].clone());
        emulator.install_in_team(&app.app_id, &tenant.teams[0].id).unwrap();
        Self { emulator, app, tenant: tenant.id, recorder }
    }

    /// Runs an example until it ends.
    pub(crate) async fn run(&self, binary: &str, arguments: &[&str]) -> Ended {
        let output = self.command(binary).args(arguments).output().await.unwrap();
        Ended::of(&output)
    }

    /// An example with the settings of this stage, and nothing else of the environment.
    pub(crate) fn command(&self, binary: &str) -> Command {
        let team = self.team();
        let person = &self.emulator.people()[0].bots[0].member_id;
        let mut command = Command::new(binary);
        command.env_clear().kill_on_drop(true).envs([
            ("PREGON_EMULATOR", self.recorder.base_url.as_str()),
            ("PREGON_APP_ID", &self.app.app_id),
            ("PREGON_APP_SECRET", &self.app.secret),
            ("PREGON_TENANT", &self.tenant),
            ("PREGON_TEAM", &team.id),
            ("PREGON_CHANNEL", &team.channels[1].id),
            ("PREGON_PERSON", person),
        ]);
        command
    }

    pub(crate) fn team(&self) -> TeamView {
        self.emulator.tenants()[0].teams[0].clone()
    }

    pub(crate) fn person(&self, nth: usize) -> PersonView {
        self.emulator.people()[nth].clone()
    }

    /// The calls to the Connector and to Graph so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.recorder.calls()
    }

    /// Method and path of each call.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.line).collect()
    }

    /// What the bot wrote to a person: the texts, oldest first.
    pub(crate) fn texts_to(&self, person: &PersonView) -> Vec<String> {
        let received = self.emulator.received_by(&person.id).unwrap();
        received.iter().map(|message| message.activity["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Ended {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), shown: text(&output.stdout), errors: text(&output.stderr) }
    }
}
