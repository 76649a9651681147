//! What the server is.

use serde::Serialize;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;

/// `GET /` and `POST /`, which probes ask for.
pub(super) async fn get(_call: Call) -> Result<Reply, ApiError> {
    Ok(Reply::text("{}"))
}

#[derive(Serialize)]
struct ClusterId<'a> {
    scope: Scope<'a>,
}

#[derive(Serialize)]
struct Scope<'a> {
    path: [&'a str; 0],
    clusters: Clusters<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Clusters<'a> {
    kafka_cluster: &'a str,
    schema_registry_cluster: &'a str,
}

/// `GET /v1/metadata/id`
pub(super) async fn cluster_id(call: Call) -> Result<Reply, ApiError> {
    let id = call.app().settings.cluster_id.as_str();
    let clusters = Clusters { kafka_cluster: id, schema_registry_cluster: "schema-registry" };
    Reply::json(&ClusterId { scope: Scope { path: [], clusters } })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: &'static str,
    commit_id: &'static str,
}

/// `GET /v1/metadata/version`
pub(super) async fn version(_call: Call) -> Result<Reply, ApiError> {
    let version = concat!(env!("CARGO_PKG_VERSION"), "-ottla");
    Reply::json(&Version { version, commit_id: option_env!("OTTLA_COMMIT").unwrap_or("unknown") })
}

#[derive(Serialize)]
struct Deployment {
    attributes: [&'static str; 0],
}

/// `GET /v1/metadata/deployment`
pub(super) async fn deployment(_call: Call) -> Result<Reply, ApiError> {
    Reply::json(&Deployment { attributes: [] })
}
