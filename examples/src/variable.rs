use std::env;

use anyhow::{Result, anyhow};

/// Each variable, what to write, and what it is in `pregon emulator` without a configuration.
const VARIABLES: [(&str, &str, &str); 9] = [
    ("PREGON_CLOUD", "public, gcc, gcc-high, dod, china or an emulator's address", "http://127.0.0.1:3979"),
    ("PREGON_APP_ID", "the client id of the bot's registration", "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10"),
    ("PREGON_APP_SECRET", "the value of a client secret, not its id", "development-only~pregon-emulator"),
    ("PREGON_TENANT", "the id of the organisation", "5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596"),
    ("PREGON_TEAM", "the 19: id of a team the bot is in", "19:SynthTeamGeneral01@thread.tacv2"),
    ("PREGON_CHANNEL", "the 19: id of a channel of the team", "19:SynthReleases02@thread.tacv2"),
    ("PREGON_PERSON", "the 29: or object id of somebody who has the bot", "d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038"),
    ("PREGON_NEWCOMER", "the object id of somebody who has it not", "41c8e6a0-92d7-4f3b-8e51-a7b0c3d9f264"),
    ("PREGON_MANIFEST_ID", "the id in the manifest of the app", "7e2b9d40-51c8-4a6f-8d13-c4f5a0e6b721"),
];

/// A variable of the environment. In the emulator, what is not set has its development value; with a
/// cloud of Microsoft's nothing is guessed.
pub fn variable(name: &str) -> Result<String> {
    if let Some(value) = set(name) {
        return Ok(value);
    }
    let known = VARIABLES.iter().find(|(known, ..)| *known == name);
    match known {
        Some((_, _, value)) if set("PREGON_CLOUD").is_none_or(|cloud| is_address(&cloud)) => Ok((*value).to_owned()),
        Some((_, what, _)) => Err(anyhow!("{name} is not set: write {what}")),
        None => Err(anyhow!("{name} is not set")),
    }
}

/// Whether this names an emulator rather than one of Microsoft's clouds.
pub(crate) fn is_address(cloud: &str) -> bool {
    cloud.contains("://")
}

fn set(name: &str) -> Option<String> {
    env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
