//! A file and what its subject holds.

use ottla::client::{Level, SchemaType};
use ottla_formats::avro::Schema;
use ottla_gate::diff::{Change, diff};

use crate::cli::baseline::registry::{Registry, Trouble};
use crate::cli::register::{Plan, Step};

/// What became of a file.
#[derive(Debug)]
pub(super) struct Drift {
    pub(super) state: Result<State, String>,
    /// The level that the project says, and the one that holds, if they differ.
    pub(super) level: Option<(Level, Level)>,
}

/// How a file stands to its subject.
#[derive(Debug)]
pub(super) enum State {
    /// It is the latest version.
    Same { version: i32 },
    /// It is a version that is not the latest.
    Older { version: i32, latest: i32 },
    /// It is no version.
    Differs { latest: i32, changes: Vec<Change> },
    /// The subject holds schemas of another format.
    OtherFormat { latest: i32, format: String },
    /// There is no such subject.
    NotRegistered,
}

/// Compares a file with what its subject holds.
pub(super) async fn compare(registry: &Registry, plan: &Plan<'_>, step: &Step<'_>) -> Drift {
    let level = match level(registry, step).await {
        Ok(level) => level,
        Err(trouble) => return Drift { state: Err(trouble.to_string()), level: None },
    };
    let state = state(registry, plan.schema(step), step.subject).await;
    Drift { state: state.map_err(|trouble| trouble.to_string()), level }
}

async fn level(registry: &Registry, step: &Step<'_>) -> Result<Option<(Level, Level)>, Trouble> {
    let Some(said) = step.level else { return Ok(None) };
    let (_, holds) = registry.config(step.subject).await?;
    Ok((said != holds).then_some((said, holds)))
}

async fn state(registry: &Registry, schema: &Schema, subject: &str) -> Result<State, Trouble> {
    let Some(numbers) = registry.numbers(subject).await? else { return Ok(State::NotRegistered) };
    let found = registry.latest(subject, &numbers).await?;
    let latest = found.version;
    if found.schema.schema_type != SchemaType::Avro {
        return Ok(State::OtherFormat { latest, format: found.schema.schema_type.to_string() });
    }
    let newest = registry.parse(&found).await?;
    if newest.equivalent(schema) {
        return Ok(State::Same { version: latest });
    }
    for number in numbers.iter().rev().skip(1) {
        let found = registry.version(subject, *number).await?;
        let is_avro = found.schema.schema_type == SchemaType::Avro;
        if is_avro && registry.parse(&found).await?.equivalent(schema) {
            return Ok(State::Older { version: *number, latest });
        }
    }
    Ok(State::Differs { latest, changes: diff(&newest, schema) })
}
