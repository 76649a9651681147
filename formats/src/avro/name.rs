//! Full names, as the Avro specification's section "Names" defines them.

use std::fmt;
use std::sync::Arc;

/// The full name of a record, enum or fixed: an optional dotted namespace and a simple name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    full: Arc<str>,
    /// Where the simple name begins in `full`.
    simple_at: usize,
}

impl Name {
    /// Puts a simple name into a namespace. An empty namespace is no namespace.
    ///
    /// The caller has split dotted names: see [`Name::resolve`].
    pub fn new(simple: &str, namespace: Option<&str>) -> Self {
        match namespace.filter(|n| !n.is_empty()) {
            Some(n) => Self { full: format!("{n}.{simple}").into(), simple_at: n.len() + 1 },
            None => Self { full: simple.into(), simple_at: 0 },
        }
    }

    /// Reads a name as it stands in a schema: a dotted name is a full name and ignores `namespace` and
    /// `enclosing`; otherwise `namespace` applies if given, else `enclosing`. `.R` is `R` without a namespace.
    pub fn resolve(name: &str, namespace: Option<&str>, enclosing: Option<&str>) -> Self {
        match name.rfind('.') {
            Some(dot) => Self::new(&name[dot + 1..], Some(&name[..dot])),
            None => Self::new(name, namespace.or(enclosing)),
        }
    }

    /// The dotted full name.
    pub fn full(&self) -> &str {
        &self.full
    }

    /// The same, shared.
    pub(crate) fn shared(&self) -> Arc<str> {
        self.full.clone()
    }

    /// The name without its namespace.
    pub fn simple(&self) -> &str {
        &self.full[self.simple_at..]
    }

    /// The namespace, if there is one.
    pub fn namespace(&self) -> Option<&str> {
        (self.simple_at > 0).then(|| &self.full[..self.simple_at - 1])
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.full)
    }
}
