//! Says what a registration would come to, and changes nothing.

use std::collections::HashMap;

use ottla::client::{Deleted, Mode, VersionFilter};

use super::plan::{Plan, Step};
use super::report::{Report, Row, Status};
use super::verdict::{Verdict, verdict};
use super::write::{Stopped, look_up, unchanged};
use crate::cli::baseline::registry::{Proposed, Registry, Trouble};

/// Looks each file up, and asks whether it could follow.
pub(super) async fn preview<'p>(
    registry: &Registry,
    plan: &Plan<'p>,
    normalize: bool,
    report: &mut Report<'p>,
) -> Result<(), Stopped<'p>> {
    for step in &plan.steps {
        let Some(level) = step.level else { continue };
        let current = registry.config(step.subject).await;
        let (_, current) = current.map_err(|trouble| (Some(*step), trouble.into()))?;
        if current != level {
            report.level(step.subject, current, level);
        }
    }
    let mut versions: HashMap<usize, i32> = HashMap::new();
    for step in &plan.steps {
        let known = plan.request(step, |source| versions.get(&source).copied());
        let found = match &known {
            Some(schema) => look_up(registry, step.subject, schema, normalize).await,
            // What it refers to would get a new version, and so would it.
            None => Ok(None),
        };
        let row = match found {
            Ok(Some(found)) => unchanged(registry, step, found).await,
            Ok(None) => judged(registry, plan, step).await,
            Err(trouble) => Err(trouble),
        };
        let mut row = row.map_err(|trouble| (Some(*step), trouble.into()))?;
        if row.status == Status::Unchanged {
            versions
                .extend(row.version.filter(|_| plan.is_first(step)).map(|version| (step.source, version)));
        } else if let Some(schema) = known {
            row.references = schema.references;
        }
        report.schema(row);
    }
    Ok(())
}

/// What would become of a schema that its subject does not hold.
async fn judged<'p>(registry: &Registry, plan: &Plan<'p>, step: &Step<'p>) -> Result<Row<'p>, Trouble> {
    let mut row = Row::new(step, Status::WouldBeNew);
    if let Some(mode) = read_only(registry, step.subject).await? {
        row.refuse(vec![format!("its mode is {mode}: nothing may be registered there")], Vec::new());
        return Ok(row);
    }
    row.version = Some(next(registry, step.subject).await?);
    match verdict(registry, plan, step).await? {
        None => {
            let proposed = Proposed { schema: plan.schema(step), group: None, versions: &[] };
            match registry.verdict(step.subject, &proposed).await {
                // Some registries know nothing of a subject that is not there.
                Err(Trouble::Registry(error)) if error.is_not_found() => {}
                said => {
                    let said = said?;
                    if !said.is_compatible {
                        row.refuse(said.messages, Vec::new());
                    }
                }
            }
        }
        Some(Verdict { findings, refused, current }) => {
            let level_stays = step.level.is_none_or(|level| level == current);
            match refused.filter(|_| level_stays) {
                None if findings.is_empty() => {}
                Some(messages) if findings.is_empty() => row.refuse(messages, findings),
                None if level_stays => {
                    let words = "the registry says that it may follow, but by the comparison here it may not";
                    row.refuse(vec![words.to_owned()], findings);
                }
                _ => row.refuse(Vec::new(), findings),
            }
        }
    }
    Ok(row)
}

/// The mode of a subject, if it lets nobody register. Registries that have no modes let everybody.
async fn read_only(registry: &Registry, subject: &str) -> Result<Option<Mode>, Trouble> {
    match registry.ask(registry.client.effective_mode(subject)).await {
        Ok(Mode::ReadWrite) => Ok(None),
        Ok(mode) => Ok(Some(mode)),
        Err(Trouble::Registry(error)) if matches!(error.status(), Some(404 | 405)) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// The number that the next version gets: deleted ones had theirs.
async fn next(registry: &Registry, subject: &str) -> Result<i32, Trouble> {
    let filter = VersionFilter { deleted: Deleted::Included, ..VersionFilter::default() };
    let all = registry.find(registry.client.versions_with(subject, &filter)).await?;
    Ok(all.and_then(|all| all.into_iter().max()).unwrap_or_default().saturating_add(1))
}
