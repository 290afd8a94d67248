use std::time::Duration;

use reqwest::Url;

use super::Emulator;
use crate::{
    actions::ActionError, app::App, config::StartError, faults::Fault, keys::SigningKey, limits::Limits, lock::lock,
};

/// Whose keys are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// Entra ID: signs the tokens bots ask for.
    Entra,
    /// The Bot Framework: signs the tokens bots are called with.
    BotFramework,
}

/// How the emulator itself is to behave.
impl Emulator {
    /// Says where a bot listens, for example `http://127.0.0.1:8080/api/messages/harbor`.
    pub fn set_bot_endpoint(&self, app_id: &str, url: &str) -> Result<(), ActionError> {
        self.app.set_endpoint(app_id, url)
    }

    /// Makes something go wrong.
    pub fn add_fault(&self, fault: Fault) -> Result<(), ActionError> {
        self.app.add_fault(fault)
    }

    /// Faults still to happen.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list(self.app.clock.micros())
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Lets time pass at once, at most ten years: tokens and delta links expire, limits have room again.
    ///
    /// Tokens the bots are called with keep to the machine's own time, as the bots check them by it.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Enforces or lifts the limits from now on.
    pub fn set_limits(&self, limits: Limits) {
        lock(&self.app.gate).set(limits);
    }

    /// Signs with a new key from now on; the one before stays published. Two rotations of Entra's
    /// make every token issued before them worthless.
    pub async fn rotate_keys(&self, issuer: Issuer) -> Result<(), StartError> {
        self.app.rotate_keys(issuer).await
    }
}

impl App {
    pub(crate) fn set_endpoint(&self, app_id: &str, url: &str) -> Result<(), ActionError> {
        let bot = self.find_app(Some(app_id))?;
        let bad = || ActionError::BadUrl(url.to_owned());
        let url = Url::parse(url).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad());
        }
        self.outgoing.set_endpoint(bot, url);
        Ok(())
    }

    pub(crate) fn add_fault(&self, fault: Fault) -> Result<(), ActionError> {
        fault.check().map_err(ActionError::BadFault)?;
        let person = fault.person.as_deref().map(|key| self.find_person(key)).transpose()?;
        self.faults.add(fault, person, self.clock.micros());
        Ok(())
    }

    pub(crate) async fn rotate_keys(&self, issuer: Issuer) -> Result<(), StartError> {
        let made = tokio::task::spawn_blocking(SigningKey::generate).await.map_err(|_| StartError::Keys)?;
        let key = made.map_err(|_| StartError::Keys)?;
        match issuer {
            Issuer::Entra => self.tokens.rotate(key),
            Issuer::BotFramework => {
                self.outgoing.keys.rotate(key);
                self.outgoing.forget_tokens();
            }
        }
        Ok(())
    }
}
