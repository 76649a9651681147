//! An incompatibility -> place, message, snippets, fix.

use ottla_formats::avro::{Enum, Incompatibility, Kind, Schema, TypeId};
use ottla_formats::compatibility::Direction;

use super::case::Case;
use super::snippet::{SNIPPET, one_line};
use super::{backward, forward};
use crate::finding::{Finding, Severity};
use crate::located::Spot;
use crate::rule::{self, Rule};

/// How many characters a message or a fix has at most.
const LONGEST: usize = 4_000;

/// What is told of an incompatibility.
pub(super) struct Told {
    /// The value in the files.
    pub(super) spot: Spot,
    pub(super) message: String,
    /// What the version has.
    pub(super) old: Option<String>,
    /// What the file has, if that is not what stands at the place.
    pub(super) new: New,
    pub(super) fix: String,
}

/// What the file has.
pub(super) enum New {
    /// What stands at the place.
    Spot,
    /// Nothing: the place is what it is missing in.
    Nothing,
}

/// The finding of an incompatibility.
pub(super) fn tell(case: &Case<'_>, found: &Incompatibility) -> Finding {
    let Told { spot, message, old, new, fix } = match case.direction {
        Direction::Backward => backward::tell(case, found),
        Direction::Forward => forward::tell(case, found),
    };
    let mut finding = Finding::new(rule_of(found), Severity::Error, clip(message));
    finding.place = Some(case.located.place(spot));
    finding.version = Some(case.label.to_owned());
    finding.direction = Some(case.direction);
    finding.consequence = Some(consequence(case));
    finding.old = old;
    finding.new = match new {
        New::Spot => Some(one_line(case.located.text(spot), SNIPPET)),
        New::Nothing => None,
    };
    finding.fix = Some(clip(fix));
    finding
}

/// Names may be as long as texts; nobody reads that.
fn clip(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn rule_of(found: &Incompatibility) -> &'static Rule {
    // Every rule of an incompatibility is among them: a test looks at each.
    rule::rule(found.rule()).unwrap_or(&rule::LIMIT)
}

fn consequence(case: &Case<'_>) -> String {
    let label = case.label;
    match case.direction {
        Direction::Forward => {
            format!("a consumer still on {label} cannot read what this producer writes")
        }
        Direction::Backward => format!(
            "a consumer with this schema cannot read what a producer still on {label} writes (nor the messages of \
             {label} in the topic)"
        ),
    }
}

/// What cannot be compared, or breaks a rule that is not known here.
pub(super) fn other(case: &Case<'_>, found: &Incompatibility) -> Told {
    let message = format!("cannot be compared with {}: {}", case.label, found.message());
    Told { spot: case.located.root(), message, old: None, new: New::Nothing, fix: found.hint() }
}

/// The symbols of an enum that another lacks.
pub(super) fn lacking<'a>(of: &'a Enum, other: &Enum) -> Vec<(u32, &'a str)> {
    let known: std::collections::HashSet<&str> = other.symbols.iter().map(String::as_str).collect();
    let symbols = (0..).zip(of.symbols.iter().map(String::as_str));
    symbols.filter(|(_, symbol)| !known.contains(symbol)).collect()
}

/// The enum at an index.
pub(super) fn enumeration(schema: &Schema, ty: TypeId) -> Option<&Enum> {
    match schema.kind(ty) {
        Kind::Enum(of) => Some(of),
        _ => None,
    }
}

/// The size of a fixed.
pub(super) fn size(schema: &Schema, ty: TypeId) -> usize {
    match schema.kind(ty) {
        Kind::Fixed(of) => of.size,
        _ => 0,
    }
}

/// The full name of a named type.
pub(super) fn full_name(schema: &Schema, ty: TypeId) -> &str {
    schema.kind(ty).name().map_or("", |name| name.full())
}
