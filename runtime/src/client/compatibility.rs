//! `/compatibility`: may this schema follow?

use serde::Deserialize;

use super::Client;
use super::call::{Call, subject_segment};
use super::error::Error;
use super::options::CheckOptions;
use super::schema::{Schema, nullable};

/// May a schema follow the versions of a subject?
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Compatibility {
    /// May it?
    pub is_compatible: bool,
    /// Why not, if that was asked for.
    #[serde(default, deserialize_with = "nullable")]
    pub messages: Vec<String>,
}

impl Client {
    /// Compares a schema with the versions of a subject; nothing is registered. A subject that does not exist is no obstacle.
    ///
    /// # Errors
    /// 42201 if the text is no schema (with `verbose` that is an answer too), 40402 if there is no such version.
    pub async fn check(
        &self,
        subject: &str,
        schema: &Schema,
        options: &CheckOptions,
    ) -> Result<Compatibility, Error> {
        let version = options.version.map(|version| format!("/{version}")).unwrap_or_default();
        let path = format!("/compatibility/subjects/{}/versions{version}", subject_segment(subject));
        let call = Call::post(&path, schema)
            .about(subject)
            .flag("normalize", options.normalize)
            .flag("verbose", options.verbose);
        self.sender.send(&call).await?.json()
    }
}
