//! The rendering of a refused schema in messages: clients and their tests match on this text.

use std::fmt::{self, Display, Write};

use crate::domain::Metadata;
use crate::domain::rejection::{GivenReference, InvalidSchema};

/// The message of 42201 for a schema that does not parse or whose references lead nowhere.
pub(super) fn invalid_schema(schema: &InvalidSchema) -> String {
    let format = schema.format;
    let references = List(&schema.references);
    format!(
        "Invalid schema of type {format}, details: Invalid schema {{subject={subject},version=null,id={id},\
         guid={guid},schemaType={format},references={references},metadata={metadata},ruleSet=null,\
         schema={text},schemaTags=null,ts=null,deleted=null}} with refs {references} of type {format}, \
         details: {detail}",
        subject = schema.subject,
        // Whatever the id was, this is how it prints there.
        id = if schema.brings_id { "0" } else { "null" },
        guid = schema.guid,
        metadata = OrNull(schema.metadata.as_ref().map(Braced).as_ref()),
        text = schema.text,
        detail = schema.detail,
    )
}

/// The text of a reference in messages: `{name='n', subject='s', version=1}`, `null` for what is missing.
impl Display for GivenReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, subject) = (OrNull(self.name.as_ref()), OrNull(self.subject.as_ref()));
        let version = OrNull(self.version.as_ref());
        write!(f, "{{name='{name}', subject='{subject}', version={version}}}")
    }
}

struct OrNull<'a, T>(Option<&'a T>);

impl<T: Display> Display for OrNull<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("null"),
        }
    }
}

struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        joined(f, self.0.iter())?;
        f.write_char(']')
    }
}

struct Braced<'a>(&'a Metadata);

impl Display for Braced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metadata{tags={")?;
        let tags = self.0.tags.iter();
        joined(
            f,
            tags.map(|(k, v)| {
                format!("{k}=[{}]", v.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
            }),
        )?;
        f.write_str("}, properties={")?;
        joined(f, self.0.properties.iter().map(|(k, v)| format!("{k}={v}")))?;
        f.write_str("}, sensitive=[")?;
        joined(f, self.0.sensitive.iter())?;
        f.write_str("]}")
    }
}

fn joined(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = impl Display>) -> fmt::Result {
    for (i, item) in items.enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
