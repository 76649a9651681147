//! The types that a file defines, and where they stand.

use std::collections::HashSet;

use ottla_formats::avro::{Field, Kind, Name, Schema, TypeId};
use ottla_formats::json;

use super::{MAX_FINDINGS, Settings};
use crate::finding::{Finding, Severity};
use crate::located::{Located, Spot};
use crate::rule::Rule;
use crate::source::Source;

/// How long JSON may be that a finding shows, in bytes.
const SHOWN: usize = 240;

/// A file that is being linted.
pub(super) struct Linted<'a> {
    pub(super) located: Located<'a>,
    pub(super) schema: &'a Schema,
    /// The named types that the file defines, each once.
    pub(super) types: Vec<TypeId>,
    settings: &'a Settings,
    findings: Vec<Finding>,
    /// What is not told because there is too much of it.
    cut: Option<(&'static Rule, Severity)>,
}

/// A field of one of those types.
#[derive(Clone, Copy)]
pub(super) struct FieldAt<'a> {
    pub(super) record: TypeId,
    pub(super) name: &'a Name,
    pub(super) at: u32,
    pub(super) field: &'a Field,
}

impl<'a> Linted<'a> {
    pub(super) fn new(sources: &'a [Source], at: usize, settings: &'a Settings) -> Self {
        let Source { file, schema, .. } = &sources[at];
        let own: HashSet<&str> = file.scan.definitions.iter().map(|d| d.name.as_str()).collect();
        let is_own = |id: &TypeId| schema.kind(*id).name().is_some_and(|name| own.contains(name.full()));
        let types = schema.ids().filter(is_own).collect();
        let located = Located::new(sources, at);
        Self { located, schema, types, settings, findings: Vec::new(), cut: None }
    }

    /// Is the lint of a rule on?
    pub(super) fn is_on(&self, rule: &Rule) -> bool {
        self.settings.severity(rule).is_some()
    }

    /// The records' fields.
    pub(super) fn fields(&self) -> Vec<FieldAt<'a>> {
        let mut all = Vec::new();
        for record in self.types.iter().copied() {
            if let Kind::Record(of) = self.schema.kind(record) {
                let fields = (0..).zip(&of.fields);
                all.extend(fields.map(|(at, field)| FieldAt { record, name: &of.name, at, field }));
            }
        }
        all
    }

    /// Where a member of a field stands; the field itself if it has none.
    pub(super) fn spot(&self, field: FieldAt<'_>, member: &str) -> Spot {
        self.located.field_member(field.record, field.at, member)
    }

    /// Tells what is wrong, if the lint is on, and how to mend it. What stands there is shown if it is short. The finding,
    /// if there is room for it.
    pub(super) fn tell(
        &mut self,
        rule: &'static Rule,
        spot: Spot,
        message: String,
        fix: String,
    ) -> Option<&mut Finding> {
        let severity = self.settings.severity(rule)?;
        if self.findings.len() >= MAX_FINDINGS {
            self.cut = Some((rule, severity));
            return None;
        }
        let mut finding = Finding::new(rule, severity, message);
        finding.place = Some(self.located.place(spot));
        finding.new = self.json(spot);
        finding.fix = Some(fix);
        self.findings.push(finding);
        self.findings.last_mut()
    }

    /// What stands somewhere, on one line, if it is short.
    pub(super) fn json(&self, spot: Spot) -> Option<String> {
        let text = self.located.text(spot);
        if text.len() > SHOWN * 4 {
            return None;
        }
        let line = json::parse(text).ok()?.0.to_text();
        (line.len() <= SHOWN).then_some(line)
    }

    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        if let Some((rule, severity)) = self.cut {
            let message =
                format!("there are more findings in this file than the {MAX_FINDINGS} that are shown");
            let mut finding = Finding::new(rule, severity, message);
            finding.place = Some(self.located.place(self.located.root()));
            self.findings.push(finding);
        }
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.findings
    }
}

impl FieldAt<'_> {
    /// What it is called: `field Order.total`.
    pub(super) fn label(&self) -> String {
        format!("field {}.{}", self.name.simple(), self.field.name)
    }
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    let mut json = String::new();
    json::write_string(text, &mut json);
    json
}
