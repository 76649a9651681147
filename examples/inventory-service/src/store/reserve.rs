//! What the statements amount to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sqlx::Error;

use super::blame::{is_the_order_s, words};
use super::tables::{Row, Stored, Tables};
use super::{Decision, Effect, Source};

/// Decides about orders, in one transaction that is over then.
///
/// # Errors
/// If the database does not do it. The transaction may not be over then: the connection is to be thrown away.
pub(super) async fn reserve<T: Tables>(
    tables: &mut T,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    match all_at_once(tables, rows, decided_at).await {
        Err(error) if is_the_order_s(&error) => {
            tables.run(T::ROLLBACK).await?;
            in_parts(tables, rows, decided_at).await
        }
        decided => decided,
    }
}

async fn all_at_once<T: Tables>(
    tables: &mut T,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    tables.run(T::BEGIN).await?;
    let effects = decide(tables, rows, decided_at).await?;
    tables.run(T::COMMIT).await?;
    Ok(effects)
}

/// At least one of them fails whatever is done. What fails is halved, until those to blame are alone; the others do not notice.
async fn in_parts<T: Tables>(
    tables: &mut T,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    tables.run(T::BEGIN_STRICT).await?;
    // Now, as the parts would take them in another order than other replicas do.
    left_of(tables, rows.iter()).await?;
    let mut effects = Vec::with_capacity(rows.len());
    let mut parts = vec![rows];
    while let Some(part) = parts.pop() {
        tables.run("SAVEPOINT part").await?;
        match decide(tables, part, decided_at).await {
            Ok(decided) => effects.extend(decided),
            Err(error) if is_the_order_s(&error) => {
                tables.run("ROLLBACK TO SAVEPOINT part").await?;
                match part {
                    [] | [_] => effects.push(Effect::Refused(words(&error))),
                    _ => {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([second, first]);
                    }
                }
            }
            Err(error) => return Err(error),
        }
        tables.run("RELEASE SAVEPOINT part").await?;
    }
    tables.run(T::COMMIT).await?;
    Ok(effects)
}

async fn decide<T: Tables>(tables: &mut T, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<Effect>, Error> {
    // Sorted, so that replicas that wait for each other's rows do so in the same order.
    let firsts: BTreeMap<_, _> = rows.iter().rev().map(|row| (row.0.order_id.as_str(), *row)).collect();
    let firsts: Vec<_> = firsts.into_values().collect();
    let new: HashSet<_> = tables.insert(&firsts, decided_at).await?.into_iter().collect();
    let (new_ones, others): (Vec<_>, Vec<_>) = firsts.iter().partition(|row| new.contains(&row.0.order_id));
    let found = find(tables, &others).await?;
    let left = left_of(tables, new_ones.iter()).await?;
    let plan = Plan::make(rows, Known { new, found, left }, decided_at)?;
    if !plan.rejected.is_empty() {
        tables.reject(&plan.rejected).await?;
    }
    if !plan.taken.is_empty() {
        tables.take(&plan.taken.into_iter().collect::<Vec<_>>()).await?;
    }
    Ok(plan.effects)
}

/// Rows that were there before.
async fn find<T: Tables>(tables: &mut T, rows: &[Row<'_>]) -> Result<HashMap<String, Stored>, Error> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.0.order_id.as_str()).collect();
    let found = tables.find(&ids).await?;
    Ok(found.into_iter().map(|stored| (stored.order_id.clone(), stored)).collect())
}

/// What is left of the items of rows, which nobody else takes before the end of the transaction.
async fn left_of<'w, T: Tables>(
    tables: &mut T,
    rows: impl Iterator<Item = &'w Row<'w>>,
) -> Result<HashMap<String, i64>, Error> {
    let items: BTreeSet<_> = rows.map(|row| row.1).collect();
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(tables.available(&items.into_iter().collect::<Vec<_>>()).await?.into_iter().collect())
}

/// What the database has told.
struct Known {
    /// Orders that came for the first time.
    new: HashSet<String>,
    /// Those that did not.
    found: HashMap<String, Stored>,
    /// Units of items.
    left: HashMap<String, i64>,
}

/// What is to be written and told.
struct Plan<'r> {
    effects: Vec<Effect>,
    taken: BTreeMap<&'r str, i64>,
    rejected: Vec<&'r str>,
}

impl<'r> Plan<'r> {
    /// First come, first served.
    fn make(rows: &[Row<'r>], mut known: Known, decided_at: i64) -> Result<Self, Error> {
        let mut plan =
            Self { effects: Vec::with_capacity(rows.len()), taken: BTreeMap::new(), rejected: Vec::new() };
        let mut decided: HashMap<&str, (Source, Decision)> = HashMap::with_capacity(known.new.len());
        for (wanted, item) in rows.iter().copied() {
            let order_id = wanted.order_id.as_str();
            let effect = if let Some((source, decision)) = decided.get(order_id) {
                met_again(wanted.source == *source, decision.clone())
            } else if known.new.contains(order_id) {
                let is_reserved = known.left.get_mut(item).is_some_and(take_one);
                let decision = Decision { item: item.to_owned(), is_reserved, decided_at };
                match is_reserved {
                    true => *plan.taken.entry(item).or_insert(0) += 1,
                    false => plan.rejected.push(order_id),
                }
                decided.insert(order_id, (wanted.source, decision.clone()));
                Effect::Decided(decision)
            } else {
                let stored = known.found.get(order_id).cloned().ok_or(Error::RowNotFound)?;
                met_again(wanted.source == stored.source, stored.into())
            };
            plan.effects.push(effect);
        }
        Ok(plan)
    }
}

fn take_one(left: &mut i64) -> bool {
    let is_some = *left > 0;
    *left -= i64::from(is_some);
    is_some
}

fn met_again(is_same_record: bool, decision: Decision) -> Effect {
    match is_same_record {
        true => Effect::Again(decision),
        false => Effect::Duplicate,
    }
}

impl From<Stored> for Decision {
    fn from(stored: Stored) -> Self {
        let Stored { item, is_reserved, decided_at, .. } = stored;
        Self { item, is_reserved, decided_at }
    }
}
