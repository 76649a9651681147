//! What is told of a schema.

use serde_json::{Value, json};

use super::request::Asked;
use super::state::{Content, Found};
use crate::client::Reference;
use crate::client::subject::Subject;

/// The members that all answers share. `stored`: when it was written, and whether it is deleted.
pub(super) fn parts(content: &Content, asked: &Asked, stored: Option<(i64, bool)>) -> Value {
    let mut parts = json!({"guid": content.guid.to_string(), "schemaType": "AVRO"});
    if !content.references.is_empty() {
        parts["references"] = json!(content.references);
    }
    if let Some(metadata) = &content.metadata {
        parts["metadata"] = json!(metadata);
    }
    if let Some(rule_set) = &content.rule_set {
        parts["ruleSet"] = json!(rule_set);
    }
    parts["schema"] = text(content, asked).into();
    if let Some((at, deleted)) = stored {
        parts["ts"] = at.into();
        parts["deleted"] = deleted.into();
    }
    parts
}

/// The text in the form that is asked for.
pub(super) fn text(content: &Content, asked: &Asked) -> String {
    match asked.first("format") {
        Some("resolved") => content.parsed.to_inlined_text(),
        _ => content.text.to_string(),
    }
}

/// Names the subjects of references with their context, if that is asked for.
pub(super) fn qualify(shown: &mut Value, (subject, version): Found<'_>, asked: &Asked) {
    if asked.first("referenceFormat") != Some("qualified") || version.content.references.is_empty() {
        return;
    }
    shown["references"] = json!(qualified(subject, &version.content));
}

fn qualified(subject: &Subject, content: &Content) -> Vec<Reference> {
    let mut references = content.references.clone();
    for reference in &mut references {
        reference.subject = Subject::within(&subject.context, &reference.subject).to_string();
    }
    references
}

/// A version of a subject. Unlike where it is found by its id, the content hash is that of what is shown.
pub(super) fn version((subject, version): Found<'_>, asked: &Asked) -> Value {
    let mut shown = parts(&version.content, asked, Some((version.written_at, version.deleted)));
    shown["subject"] = subject.to_string().into();
    shown["version"] = version.version.into();
    shown["id"] = version.id.into();
    qualify(&mut shown, (subject, version), asked);
    if shown["references"] != json!(version.content.references) && &*subject.context != "." {
        let content = &version.content;
        let (parsed, references) = (content.parsed.clone(), qualified(subject, content));
        let content = Content::new(parsed, references, content.metadata.clone(), content.rule_set.clone());
        shown["guid"] = content.guid.to_string().into();
    }
    shown
}
