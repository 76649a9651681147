//! What a registry holds: the level of a subject, its versions, and the registry's own verdict. Any registry that Confluent's
//! clients know will do.
//!
//! ```text
//! registry/asked.rs    a registry that is being asked: so many things at once, and nothing more once it is away
//! registry/history.rs  the versions that a level asks for
//! registry/parse.rs    texts -> schemas, with those that they refer to
//! registry/verdict.rs  what the registry itself says
//! registry/trouble.rs  why there is no answer, and what to do
//! ```

mod asked;
mod history;
mod parse;
#[cfg(test)]
mod tests;
mod trouble;
mod verdict;

use futures_util::stream::{self, StreamExt as _};
use ottla::client::{Client, Level};
use ottla_gate::compare::Released;

use super::{Answer, OwnVerdict, Past, Wanted};
pub(in crate::cli) use asked::{Registry, run};
pub(in crate::cli) use history::History;
pub(in crate::cli) use trouble::Trouble;
pub(in crate::cli) use verdict::Proposed;

/// How many subjects are looked at at once. More requests than that are never on their way.
const AT_ONCE: usize = 8;

/// What a registry knows of subjects, in their order. Whatever is not certain is [`Answer::NotCompared`].
pub(in crate::cli) fn look(client: Client, wanted: &[Wanted<'_>]) -> Vec<Answer> {
    let registry = Registry::new(client);
    let all = stream::iter(wanted).map(|wanted| subject(&registry, wanted)).buffered(AT_ONCE).collect();
    match run(all) {
        Ok(answers) => answers,
        Err(words) => wanted.iter().map(|_| Answer::NotCompared(words.clone())).collect(),
    }
}

async fn subject(registry: &Registry, wanted: &Wanted<'_>) -> Answer {
    match past(registry, wanted).await {
        Ok(Some(past)) => Answer::Known(past),
        Ok(None) => Answer::Unknown,
        Err(trouble) => Answer::NotCompared(registry.told(trouble)),
    }
}

/// What was released of a subject; nothing if there is no such subject.
pub(in crate::cli) async fn past(registry: &Registry, wanted: &Wanted<'_>) -> Result<Option<Past>, Trouble> {
    let Some(numbers) = registry.numbers(wanted.subject).await? else { return Ok(None) };
    let (config, theirs) = registry.config(wanted.subject).await?;
    let level = wanted.level.unwrap_or(theirs);
    let reach = level.reach().max(theirs.reach());
    let history = registry.history(wanted.subject, &numbers, &config, reach).await?;
    let verdict = own_verdict(registry, wanted, theirs, &history).await?;
    let (versions, verdict) = shared(history, level, verdict);
    Ok(Some(Past { level, versions, renamed_from: None, verdict: Some(verdict), note: None }))
}

async fn own_verdict(
    registry: &Registry,
    wanted: &Wanted<'_>,
    level: Level,
    history: &History,
) -> Result<OwnVerdict, Trouble> {
    let numbers: Vec<i32> = history.versions.iter().take(level.reach()).map(|v| v.number).collect();
    let proposed = Proposed { schema: wanted.schema, group: history.group.as_ref(), versions: &numbers };
    let said = registry.verdict(wanted.subject, &proposed).await?;
    Ok(OwnVerdict { level, versions: Vec::new(), is_compatible: said.is_compatible, messages: said.messages })
}

/// The versions that each of the two levels asks for.
fn shared(history: History, level: Level, mut verdict: OwnVerdict) -> (Vec<Released>, OwnVerdict) {
    let all = history.versions.into_iter().map(|version| version.released);
    let mut versions: Vec<Released> = all.collect();
    if verdict.level.reach() > level.reach() {
        verdict.versions = versions.clone();
        versions.truncate(level.reach());
    }
    (versions, verdict)
}
