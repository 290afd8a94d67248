//! A configuration whose bot lives in the emulator: what `init` writes and `demo`, `dev` and `bench` run with.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

use pregon_emulator::WorldSpec;

/// Where the pieces are.
pub(crate) struct Setup<'a> {
    /// Who and what the emulator knows.
    pub(crate) spec: &'a WorldSpec,
    /// People in the team.
    pub(crate) members: usize,
    /// Where the server listens.
    pub(crate) server: SocketAddr,
    /// Where the emulator listens.
    pub(crate) emulator: SocketAddr,
    /// Directory of the store.
    pub(crate) data: &'a Path,
    /// Connector calls a second; 0 lifts every limit.
    pub(crate) lane_per_s: u32,
}

impl Setup<'_> {
    /// The `pregon.toml`.
    pub(crate) fn toml(&self) -> String {
        let (app, tenant) = (&self.spec.apps[0], &self.spec.tenants[0]);
        let mut text = String::from(
            "# Pregón against its emulator of Teams. Every key, with unit, default and consequence, is in\n\
             # docs/configuration.md; each can be overridden by PREGON_SECTION__KEY.\n\n",
        );
        let data = toml_text(&self.data.display().to_string());
        let _ = write!(
            text,
            "[server]\n\
             # REST API and inbound endpoint.\n\
             listen = \"{server}\"\n\n\
             [store]\n\
             # Directory of the SQLite file.\n\
             dir = {data}\n\n\
             [delivery]\n\
             # Connector calls a second, per bot and tenant. Teams allows 50.\n\
             lane_per_s = {rate}\n\n\
             [[bots]]\n\
             name = \"main\"\n\
             # The app registration. With a real tenant: cloud = \"public\" and your own ids.\n\
             cloud = \"emulator\"\n\
             app_id = \"{app_id}\"\n\
             secret = {secret}\n\
             tenant = \"{tenant}\"\n\
             # The Teams app that carries the bot: what is installed through Graph.\n\
             manifest_id = \"{manifest}\"\n\
             # Install the app for people who are written to and do not have it.\n\
             proactive_install = true\n\n\
             [emulator]\n\
             listen = \"{emulator}\"\n\
             # The team's people; names and ids depend on the seed alone.\n\
             members = {members}\n\
             seed = {seed}\n",
            server = self.server,
            rate = self.lane_per_s,
            app_id = app.app_id,
            secret = toml_text(&app.secret),
            tenant = tenant.id,
            manifest = app.manifest_id,
            emulator = self.emulator,
            members = self.members,
            seed = self.spec.seed,
        );
        text
    }
}

/// A text as a TOML basic string: JSON's escapes are valid there.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
