//! Registers files.

use std::collections::HashMap;

use ottla::client::{ConfigUpdate, LookUpOptions, RegisterOptions, RegisteredSchema, Schema};

use super::Failure;
use super::plan::{Plan, Step};
use super::report::{Report, Row, Status};
use super::verdict::verdict;
use crate::cli::baseline::registry::{Registry, Trouble};
use crate::domain::Subject;

/// Where it ended, and why.
pub(super) type Stopped<'p> = (Option<Step<'p>>, Failure);

/// Sets levels where they differ, then registers what is not registered yet. Ends with the first thing that does not work.
pub(super) async fn write<'p>(
    registry: &Registry,
    plan: &Plan<'p>,
    normalize: bool,
    report: &mut Report<'p>,
) -> Result<(), Stopped<'p>> {
    for step in &plan.steps {
        set_level(registry, step, report).await.map_err(|trouble| (Some(*step), trouble.into()))?;
    }
    let mut versions: HashMap<usize, i32> = HashMap::new();
    for step in &plan.steps {
        let stopped = |failure| (Some(*step), failure);
        // Those that it refers to come first: all of them have versions.
        let schema = plan.request(step, |source| versions.get(&source).copied());
        let schema =
            schema.ok_or_else(|| stopped(Failure::Stopped("it refers to what is not registered".into())))?;
        let row = match register(registry, step, &schema, normalize).await {
            Ok(row) => row,
            Err(trouble) => return Err(stopped(explained(registry, plan, step, trouble).await)),
        };
        versions.extend(row.version.filter(|_| plan.is_first(step)).map(|version| (step.source, version)));
        report.schema(row);
    }
    Ok(())
}

async fn set_level<'p>(registry: &Registry, step: &Step<'p>, report: &mut Report<'p>) -> Result<(), Trouble> {
    let Some(level) = step.level else { return Ok(()) };
    let (_, current) = registry.config(step.subject).await?;
    if current == level {
        return Ok(());
    }
    let update = ConfigUpdate { compatibility: level.into(), ..ConfigUpdate::default() };
    registry.ask(registry.client.update_config(step.subject, &update)).await?;
    report.level(step.subject, current, level);
    Ok(())
}

async fn register<'p>(
    registry: &Registry,
    step: &Step<'p>,
    schema: &Schema,
    normalize: bool,
) -> Result<Row<'p>, Trouble> {
    if let Some(found) = look_up(registry, step.subject, schema, normalize).await? {
        return unchanged(registry, step, found).await;
    }
    let options = RegisterOptions { normalize, ..RegisterOptions::default() };
    let made = registry.ask(registry.client.register_with(step.subject, schema, &options)).await?;
    let mut row = Row::new(step, Status::New);
    row.references = schema.references.clone();
    (row.version, row.id, row.guid) = (made.version, Some(made.id), made.guid);
    if row.version.is_none() {
        // Older registries tell the id alone.
        let found = look_up(registry, step.subject, schema, normalize).await?;
        row.version = found.map(|found| found.version);
    }
    match row.version {
        Some(_) => Ok(row),
        None => Err(Trouble::Said(format!("{} does not hold what was just registered", registry.url()))),
    }
}

/// The version of a subject that holds a schema.
pub(super) async fn look_up(
    registry: &Registry,
    subject: &str,
    schema: &Schema,
    normalize: bool,
) -> Result<Option<RegisteredSchema>, Trouble> {
    let options = LookUpOptions { normalize, ..LookUpOptions::default() };
    let found = registry.find(registry.client.look_up_with(subject, schema, &options)).await?;
    // Registries look into other contexts as well.
    let context = |subject: &str| Subject::parse(subject).context().clone();
    Ok(found.filter(|found| context(&found.subject) == context(subject)))
}

/// What there is to say of a schema that is registered already.
pub(super) async fn unchanged<'p>(
    registry: &Registry,
    step: &Step<'p>,
    found: RegisteredSchema,
) -> Result<Row<'p>, Trouble> {
    let latest = registry.ask(registry.client.latest(step.subject)).await?.version;
    let mut row = Row::new(step, Status::Unchanged);
    (row.version, row.id, row.guid) = (Some(found.version), Some(found.id), found.guid);
    row.latest = (latest != found.version).then_some(latest);
    row.references = found.schema.references;
    Ok(row)
}

/// What breaks, with its place in the files: what the registry says of it is about texts that nobody wrote.
async fn explained(registry: &Registry, plan: &Plan<'_>, step: &Step<'_>, trouble: Trouble) -> Failure {
    let failure = Failure::from(trouble);
    let Failure::Refused { words, .. } = failure else { return failure };
    let findings = match verdict(registry, plan, step).await {
        Ok(Some(verdict)) => verdict.findings,
        Ok(None) | Err(_) => Vec::new(),
    };
    let words = if findings.is_empty() { words } else { "it may not follow what is registered".to_owned() };
    Failure::Refused { words, findings }
}
