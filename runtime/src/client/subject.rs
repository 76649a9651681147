//! Subjects, as their names say where they are.

use std::cmp::Ordering;
use std::fmt;

use ottla_formats::utf16_order;

/// A name in a context: `name` in the default one, else `:.context:name`. Without a name it stands for the context.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Subject {
    /// With its leading dot; `.` is the default one.
    pub(crate) context: Box<str>,
    pub(crate) name: Box<str>,
}

impl Subject {
    /// Reads a name as it is written. A context ends at the next colon; without one it is all context.
    pub(crate) fn parse(text: &str) -> Self {
        let (context, name) = match text.strip_prefix(':').filter(|rest| rest.starts_with('.')) {
            None => (".", text),
            Some(rest) => rest.split_once(':').unwrap_or((rest, "")),
        };
        Self { context: context.into(), name: name.into() }
    }

    /// Reads a name within a context: a qualified one is taken as it stands.
    pub(crate) fn within(context: &str, text: &str) -> Self {
        if text.starts_with(":.") {
            Self::parse(text)
        } else {
            Self { context: context.into(), name: text.into() }
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.context {
            "." => f.write_str(&self.name),
            context => write!(f, ":{context}:{}", self.name),
        }
    }
}

impl PartialOrd for Subject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Context first, then name, as registries list them.
impl Ord for Subject {
    fn cmp(&self, other: &Self) -> Ordering {
        utf16_order(&self.context, &other.context).then_with(|| utf16_order(&self.name, &other.name))
    }
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn names() {
        let cases = [
            ("orders", ".", "orders", "orders"),
            (":.a:orders", ".a", "orders", ":.a:orders"),
            (":.:orders", ".", "orders", "orders"),
            (":.a:", ".a", "", ":.a:"),
            (":.a", ".a", "", ":.a:"),
            (":x:y", ".", ":x:y", ":x:y"),
            ("", ".", "", ""),
        ];
        for (text, context, name, written) in cases {
            let subject = Subject::parse(text);
            assert_eq!((&*subject.context, &*subject.name), (context, name), "{text}");
            assert_eq!(subject.to_string(), written);
        }
        assert_eq!(Subject::within(".a", "orders").to_string(), ":.a:orders");
        assert_eq!(Subject::within(".a", ":.b:orders").to_string(), ":.b:orders");
    }
}
