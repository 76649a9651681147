//! Metadata and rule sets. `null` counts as absent throughout.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{list, strings};
use super::{Mistake, Reader, Request};
use crate::domain::{Metadata, Rule, RuleKind, RuleMode, RuleSet};

impl Request for Metadata {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut metadata = Self::default();
        reader.object(|reader, key| {
            match key {
                "tags" => metadata.tags = map(reader, |r| Ok(strings(r)?.map(BTreeSet::from_iter)))?,
                "properties" => metadata.properties = map(reader, |r| r.string())?,
                "sensitive" => {
                    metadata.sensitive = strings(reader)?.unwrap_or_default().into_iter().collect();
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(metadata)
    }
}

impl Request for RuleSet {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut rules = Self::default();
        reader.object(|reader, key| {
            match key {
                "migrationRules" => rules.migration_rules = list(reader, Rule::read)?.unwrap_or_default(),
                "domainRules" => rules.domain_rules = list(reader, Rule::read)?.unwrap_or_default(),
                "encodingRules" => rules.encoding_rules = list(reader, Rule::read)?.unwrap_or_default(),
                "enableAt" => rules.enable_at = text(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(rules)
    }
}

impl Request for Rule {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut rule = Self::default();
        reader.object(|reader, key| {
            match key {
                "name" => rule.name = reader.string()?,
                "doc" => rule.doc = text(reader)?,
                "kind" => rule.kind = word(reader, &KINDS, RuleKind::name)?.unwrap_or_default(),
                "mode" => rule.mode = word(reader, &MODES, RuleMode::name)?.unwrap_or_default(),
                "type" => rule.ty = reader.string()?,
                "tags" => rule.tags = strings(reader)?.unwrap_or_default().into_iter().collect(),
                "params" => rule.params = map(reader, |r| r.string())?,
                "expr" => rule.expr = text(reader)?,
                "onSuccess" => rule.on_success = text(reader)?,
                "onFailure" => rule.on_failure = text(reader)?,
                "disabled" => rule.disabled = reader.boolean()?.unwrap_or_default(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(rule)
    }
}

const KINDS: [RuleKind; 2] = [RuleKind::Transform, RuleKind::Condition];
const MODES: [RuleMode; 6] = [
    RuleMode::Upgrade,
    RuleMode::Downgrade,
    RuleMode::UpDown,
    RuleMode::Write,
    RuleMode::Read,
    RuleMode::WriteRead,
];

/// One of a few words, exactly as they are written.
fn word<T: Copy>(
    reader: &mut Reader<'_>,
    words: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, Mistake> {
    let names: Vec<_> = words.iter().map(|&word| name(word)).collect();
    let unknown = reader.mistake(&format!("expected one of {}", names.join(", ")));
    let Some(text) = reader.string()? else { return Ok(None) };
    words.iter().copied().find(|&word| name(word) == text).map(Some).ok_or(unknown)
}

/// A text that is not there when it is empty: it adds nothing to the content hash, and is not given back.
fn text(reader: &mut Reader<'_>) -> Result<Option<String>, Mistake> {
    Ok(reader.string()?.filter(|text| !text.is_empty()))
}

fn map<T>(
    reader: &mut Reader<'_>,
    mut value: impl FnMut(&mut Reader<'_>) -> Result<Option<T>, Mistake>,
) -> Result<BTreeMap<String, T>, Mistake> {
    let mut map = BTreeMap::new();
    if reader.null()? {
        return Ok(map);
    }
    reader.object(|reader, key| {
        match value(reader)? {
            Some(value) => map.insert(key.to_owned(), value),
            None => map.remove(key),
        };
        Ok(())
    })?;
    Ok(map)
}
