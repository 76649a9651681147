//! `/` and `/v1/metadata`: what the registry is.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Client;
use super::call::Call;
use super::error::Error;

/// Which registry it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ClusterId {
    /// Where it is, outermost first; mostly empty.
    pub path: Vec<String>,
    /// The ids of what it consists of: `schema-registry-cluster`, `kafka-cluster`.
    pub clusters: BTreeMap<String, String>,
}

/// Which program it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServerVersion {
    /// The version.
    pub version: String,
    /// The commit that it was built from.
    pub commit_id: String,
}

#[derive(Deserialize)]
struct Scoped {
    #[serde(default)]
    scope: ClusterId,
}

#[derive(Deserialize)]
struct Deployment {
    #[serde(default)]
    attributes: Vec<String>,
}

impl Client {
    /// Is the registry there, and does it take the credentials?
    ///
    /// # Errors
    /// Those of every call.
    pub async fn ping(&self) -> Result<(), Error> {
        self.sender.send(&Call::get("/")).await.map(drop)
    }

    /// Which registry it is.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn cluster_id(&self) -> Result<ClusterId, Error> {
        let body: Scoped = self.sender.send(&Call::get("/v1/metadata/id")).await?.json()?;
        Ok(body.scope)
    }

    /// Which program it is.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn server_version(&self) -> Result<ServerVersion, Error> {
        self.sender.send(&Call::get("/v1/metadata/version")).await?.json()
    }

    /// How it is deployed: attributes that its operator chose.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn deployment(&self) -> Result<Vec<String>, Error> {
        let body: Deployment = self.sender.send(&Call::get("/v1/metadata/deployment")).await?.json()?;
        Ok(body.attributes)
    }
}
