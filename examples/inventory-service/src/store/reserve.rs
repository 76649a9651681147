//! What the statements amount to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sqlx::Error;

use super::blame;
use super::tables::{Row, Stored, Tables};
use super::{Decision, Effect};

/// Decides about orders, in one transaction that is over then.
///
/// # Errors
/// If the database does not do it. The transaction is not over then: the connection is to be thrown away.
pub(super) async fn reserve(
    tables: &mut impl Tables,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    let effects = match all_at_once(tables, rows, decided_at).await {
        Err(error) if blame::is_the_order_s(&error) => {
            tables.run("ROLLBACK").await?;
            one_by_one(tables, rows, decided_at).await?
        }
        decided => decided?,
    };
    tables.run("COMMIT").await?;
    Ok(effects)
}

async fn all_at_once<T: Tables>(
    tables: &mut T,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    tables.run(T::BEGIN).await?;
    decide(tables, rows, decided_at).await
}

/// One of them fails whatever is done. A savepoint for each, and it fails alone.
async fn one_by_one<T: Tables>(
    tables: &mut T,
    rows: &[Row<'_>],
    decided_at: i64,
) -> Result<Vec<Effect>, Error> {
    tables.run(T::BEGIN).await?;
    let mut effects = Vec::with_capacity(rows.len());
    for row in rows {
        tables.run("SAVEPOINT one").await?;
        match decide(tables, std::slice::from_ref(row), decided_at).await {
            Ok(effect) => effects.extend(effect),
            Err(error) if blame::is_the_order_s(&error) => {
                tables.run("ROLLBACK TO SAVEPOINT one").await?;
                effects.push(Effect::Refused(error.to_string()));
            }
            Err(error) => return Err(error),
        }
        tables.run("RELEASE SAVEPOINT one").await?;
    }
    Ok(effects)
}

async fn decide(tables: &mut impl Tables, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<Effect>, Error> {
    // Of an order that is there several times the first one counts. Sorted, so that replicas that wait for each other's rows
    // do so in the same order.
    let mut firsts: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for row in rows {
        firsts.entry(&row.0.order_id).or_insert(*row);
    }
    let firsts: Vec<_> = firsts.into_values().collect();
    let new: HashSet<_> = tables.insert(&firsts, decided_at).await?.into_iter().collect();
    let found = match new.len() == rows.len() {
        true => HashMap::new(),
        false => find_others(tables, rows, &new).await?,
    };
    let mut left = left_of(tables, rows.iter().filter(|row| new.contains(&row.0.order_id))).await?;
    let (mut taken, mut rejected) = (BTreeMap::<&str, i64>::new(), Vec::new());
    let mut seen = HashSet::new();
    let mut effects = Vec::with_capacity(rows.len());
    for row in rows {
        let (wanted, item) = *row;
        let order_id = wanted.order_id.as_str();
        effects.push(if new.contains(order_id) && seen.insert(order_id) {
            let left = left.entry(item.to_owned()).or_insert(0);
            let is_reserved = *left > 0;
            match is_reserved {
                true => {
                    *left -= 1;
                    *taken.entry(item).or_insert(0) += 1;
                }
                false => rejected.push(order_id),
            }
            Effect::Decided(Decision { item: item.to_owned(), is_reserved, decided_at })
        } else {
            match found.get(order_id) {
                Some(stored) if stored.source == wanted.source => Effect::Again(stored.clone().into()),
                _ => Effect::Duplicate,
            }
        });
    }
    if !rejected.is_empty() {
        tables.reject(&rejected).await?;
    }
    if !taken.is_empty() {
        tables.take(&taken.into_iter().collect::<Vec<_>>()).await?;
    }
    Ok(effects)
}

/// Rows that were there before.
async fn find_others(
    tables: &mut impl Tables,
    rows: &[Row<'_>],
    new: &HashSet<String>,
) -> Result<HashMap<String, Stored>, Error> {
    let ids = rows.iter().map(|row| row.0.order_id.as_str()).filter(|id| !new.contains(*id));
    let ids: BTreeSet<_> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tables.find(&ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.into_iter().map(|stored| (stored.order_id.clone(), stored)).collect())
}

async fn left_of<'w>(
    tables: &mut impl Tables,
    rows: impl Iterator<Item = &'w Row<'w>>,
) -> Result<HashMap<String, i64>, Error> {
    let items: BTreeSet<_> = rows.map(|row| row.1).collect();
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(tables.available(&items.into_iter().collect::<Vec<_>>()).await?.into_iter().collect())
}

impl From<Stored> for Decision {
    fn from(stored: Stored) -> Self {
        let Stored { item, is_reserved, decided_at, .. } = stored;
        Self { item, is_reserved, decided_at }
    }
}
