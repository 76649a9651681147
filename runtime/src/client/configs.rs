//! `/config` and `/mode`: settings.

use serde::{Deserialize, Serialize};

use super::Client;
use super::call::{Call, subject_segment};
use super::error::Error;
use super::settings::{Config, ConfigUpdate, Mode, Scope};

/// What a mode is sent and told as.
#[derive(Serialize, Deserialize)]
struct ModeBody {
    #[serde(default)]
    mode: Option<Mode>,
}

impl Client {
    /// The configuration that is set for a scope itself.
    ///
    /// # Errors
    /// 40408 if a subject has none of its own.
    pub async fn config<'a>(&self, scope: impl Into<Scope<'a>>) -> Result<Config, Error> {
        self.sender.send(&about(Call::get, "/config", scope.into())).await?.json()
    }

    /// The configuration that holds for a scope: its own, or what it falls back to.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn effective_config<'a>(&self, scope: impl Into<Scope<'a>>) -> Result<Config, Error> {
        let call = about(Call::get, "/config", scope.into()).query("defaultToGlobal", "true");
        self.sender.send(&call).await?.json()
    }

    /// Changes the configuration of a scope; tells what it is then.
    ///
    /// # Errors
    /// 42203, 42208, 42210 if what is set is not valid, 42205 if nothing may be changed.
    pub async fn update_config<'a>(
        &self,
        scope: impl Into<Scope<'a>>,
        update: &ConfigUpdate,
    ) -> Result<Config, Error> {
        self.sender.send(&about(|path| Call::put(path, update), "/config", scope.into())).await?.json()
    }

    /// Takes the configuration of a scope away; tells what it was. It is not tried again once it may have taken place.
    ///
    /// # Errors
    /// 40401 if a subject has none, 42205 if nothing may be changed.
    pub async fn delete_config<'a>(&self, scope: impl Into<Scope<'a>>) -> Result<Config, Error> {
        self.sender.send(&about(Call::delete, "/config", scope.into())).await?.json()
    }

    /// The mode that is set for a scope itself.
    ///
    /// # Errors
    /// 40409 if a subject has none of its own.
    pub async fn mode<'a>(&self, scope: impl Into<Scope<'a>>) -> Result<Mode, Error> {
        self.mode_call(about(Call::get, "/mode", scope.into())).await
    }

    /// The mode that holds for a scope: its own, or what it falls back to.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn effective_mode<'a>(&self, scope: impl Into<Scope<'a>>) -> Result<Mode, Error> {
        self.mode_call(about(Call::get, "/mode", scope.into()).query("defaultToGlobal", "true")).await
    }

    /// Sets the mode of a scope. `force`: import mode, although there are subjects.
    ///
    /// # Errors
    /// 42204 if it is no mode there, 42205 if it may not be changed or subjects stand in the way.
    pub async fn set_mode<'a>(
        &self,
        scope: impl Into<Scope<'a>>,
        mode: Mode,
        force: bool,
    ) -> Result<(), Error> {
        let body = ModeBody { mode: Some(mode) };
        let call = about(|path| Call::put(path, &body), "/mode", scope.into()).flag("force", force);
        self.sender.send(&call).await.map(drop)
    }

    /// Takes the mode of a scope away; tells what it was. `recursive`: also the modes of all subjects of a context. It is not
    /// tried again once it may have taken place.
    ///
    /// # Errors
    /// 40401 if a subject has none.
    pub async fn delete_mode<'a>(&self, scope: impl Into<Scope<'a>>, recursive: bool) -> Result<Mode, Error> {
        self.mode_call(about(Call::delete, "/mode", scope.into()).flag("recursive", recursive)).await
    }

    async fn mode_call(&self, call: Call) -> Result<Mode, Error> {
        let body: ModeBody = self.sender.send(&call).await?.json()?;
        Ok(body.mode.unwrap_or_default())
    }
}

fn about(call: impl FnOnce(&str) -> Call, path: &str, scope: Scope<'_>) -> Call {
    match scope {
        Scope::Global => call(path),
        Scope::Subject(subject) => call(&format!("{path}/{}", subject_segment(subject))).about(subject),
    }
}
