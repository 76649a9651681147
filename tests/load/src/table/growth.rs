//! The same cases on small and on large registries, and on short and long histories.

use std::sync::Arc;

use super::bench::{Bench, Contender, cpu};
use super::figure::{Figure, Row, Target, Unit};
use crate::client::block_on;
use crate::error::Error;
use crate::load::{Case, Outcome, Source, find, questions};
use crate::population::Population;
use crate::server::Server;

/// A registry that was filled before it was started.
struct Registry {
    server: Server,
    population: Population,
}

/// Many subjects against few, of one version each.
pub(super) fn subjects(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let [few, many] = bench.sizes.subjects;
    let small = registry(bench, Population { subjects: few, versions: 1 })?;
    let large = registry(bench, Population { subjects: many, versions: 1 })?;
    let cases = [
        Case::GetId,
        Case::GetLatest,
        Case::Lookup,
        Case::RegisterExisting,
        Case::Compat,
        Case::Get404,
        Case::RegisterNew,
    ];
    let keys = bench.sizes.keys;
    compare(bench, &large, &small, &cases, [keys, keys], &format!("{many} subjects"), &format!("{few}"))
}

/// Subjects with a long history against as many versions in subjects of their own.
pub(super) fn versions(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let deep = bench.sizes.deep;
    let flat = Population { subjects: deep.subjects * deep.versions, versions: 1 };
    let (short, long) = (registry(bench, flat)?, registry(bench, deep)?);
    let cases = [
        Case::GetId,
        Case::GetLatest,
        Case::Lookup,
        Case::RegisterExisting,
        Case::Compat,
        Case::RegisterNext,
    ];
    // As many different questions to both; but what grows by the case itself stays short where there is room.
    let keys = [bench.sizes.keys, deep.subjects];
    let name = format!("{} versions of a subject", deep.versions);
    compare(bench, &long, &short, &cases, keys, &name, "1")
}

fn registry(bench: &mut Bench, population: Population) -> Result<Registry, Error> {
    let url = bench.sqlite()?;
    eprintln!("filling {} subjects with {} versions each", population.subjects, population.versions);
    let database = url.parse().map_err(|e| Error::Usage(format!("{url}: {e}")))?;
    population.fill(&database)?;
    Ok(Registry { server: bench.serve(&url)?, population })
}

fn compare(
    bench: &mut Bench,
    large: &Registry,
    small: &Registry,
    cases: &[Case],
    [any, latest]: [usize; 2],
    large_name: &str,
    small_name: &str,
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for &case in cases {
        let about_latest = matches!(case, Case::GetLatest | Case::Compat | Case::RegisterNext);
        let keys = match case {
            Case::RegisterNext => usize::MAX,
            _ if about_latest => latest,
            _ => any,
        };
        let contenders =
            [contender(large, case, about_latest, keys)?, contender(small, case, about_latest, keys)?];
        let [ours, theirs] = bench.in_turn(&format!("{case}, {large_name} and {small_name}"), contenders)?;
        rows.push(
            Row::new(format!("{case}, {large_name}"), cost(case, &ours))
                .against(small_name, cost(case, &theirs))
                .target(Target::RatioAtMost(1.5)),
        );
    }
    Ok(rows)
}

fn contender(registry: &Registry, case: Case, latest: bool, keys: usize) -> Result<Contender<'_>, Error> {
    let Registry { server, population } = registry;
    let source = block_on(async {
        Ok::<_, Error>(match case {
            Case::Get404 => Source::Missing,
            Case::RegisterNew => Source::New,
            _ => {
                let keys = find(&server.target, *population, latest, keys).await?;
                if case == Case::RegisterNext {
                    Source::Next(keys)
                } else {
                    Source::Known(questions(&server.target, &keys, case).await?)
                }
            }
        })
    })?;
    Ok(Contender { server, mix: Arc::new(source.into()) })
}

/// CPU time; of what waits for the disk, all the time.
fn cost(case: Case, outcomes: &[Outcome]) -> Figure {
    if case.registers() {
        Figure::new(Unit::Micros, outcomes.iter().map(|o| 1e6 / o.rate()))
    } else {
        cpu(outcomes)
    }
}
