//! Subjects and contexts: the names under which schemas are kept.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, LazyLock};

use ottla_formats::utf16_order;

/// A context: a name space of subjects and ids. `.` is the default one, all others are `.name`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Context(Arc<str>);

/// The name of a subject within its context.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(Arc<str>);

/// A subject, or a whole context where the name is empty.
///
/// Written `name` in the default context, else `:.context:name`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    context: Context,
    name: Name,
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl Name {
    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Context {
    /// A context by its name with the leading dot.
    pub fn new(name: &str) -> Self {
        if matches!(name, "" | ".") { Self::default() } else { Self(name.into()) }
    }

    /// The top of the hierarchy: it holds a configuration and a mode for all contexts, and no subjects.
    pub fn global() -> Self {
        static GLOBAL: LazyLock<Context> = LazyLock::new(|| Context(".__GLOBAL".into()));
        GLOBAL.clone()
    }

    /// The name with its leading dot; `.` for the default context.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is it `.`?
    pub fn is_default(&self) -> bool {
        &*self.0 == "."
    }

    /// Is it `.__GLOBAL`?
    pub fn is_global(&self) -> bool {
        &*self.0 == ".__GLOBAL"
    }

    /// `:.name:`, and nothing for the default context.
    pub fn qualifier(&self) -> String {
        if self.is_default() { String::new() } else { format!(":{}:", self.0) }
    }
}

impl Default for Context {
    fn default() -> Self {
        static DEFAULT: LazyLock<Context> = LazyLock::new(|| Context(".".into()));
        DEFAULT.clone()
    }
}

impl Subject {
    /// Reads a name as clients write it. A text that begins with `:.` is qualified: the context ends at the next
    /// colon, and without one the text is all context.
    pub fn parse(text: &str) -> Self {
        if !text.starts_with(":.") {
            return Self::new(Context::default(), text);
        }
        let rest = &text[1..];
        let (context, name) = rest.split_once(':').unwrap_or((rest, ""));
        Self::new(Context::new(context), name)
    }

    /// The top of the hierarchy: a scope for settings only.
    pub fn global() -> Self {
        Self::whole(Context::global())
    }

    /// A name in a context.
    pub fn new(context: Context, name: &str) -> Self {
        Self { context, name: Name(name.into()) }
    }

    /// The empty name: a context as a whole.
    pub fn whole(context: Context) -> Self {
        static EMPTY: LazyLock<Name> = LazyLock::new(|| Name("".into()));
        Self { context, name: EMPTY.clone() }
    }

    /// Reads a name within a context: a qualified one is taken as it stands, any other is of `context`.
    pub fn within(context: &Context, text: &str) -> Self {
        if text.starts_with(":.") { Self::parse(text) } else { Self::new(context.clone(), text) }
    }

    /// Where it is.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// A known name in a context.
    pub fn of(context: &Context, name: &Name) -> Self {
        Self { context: context.clone(), name: name.clone() }
    }

    /// The name without its context.
    pub fn name(&self) -> &str {
        &self.name.0
    }

    /// The name by which its context knows it.
    pub fn key(&self) -> &Name {
        &self.name
    }

    /// Does it stand for a context as a whole?
    pub fn is_whole(&self) -> bool {
        self.name.0.is_empty()
    }

    /// Is it the whole of the default context?
    pub fn is_default_whole(&self) -> bool {
        self.is_whole() && self.context.is_default()
    }

    /// The same name in another context.
    pub fn moved_to(&self, context: &Context) -> Self {
        Self { context: context.clone(), name: self.name.clone() }
    }

    /// May schemas be registered under this name?
    ///
    /// Names hold no control characters and are not `__GLOBAL` or `__EMPTY`; `.__GLOBAL` holds no subjects.
    pub fn is_valid(&self) -> bool {
        !self.context.is_global() && self.is_valid_scope()
    }

    /// May a configuration or mode be stored under this name?
    pub fn is_valid_scope(&self) -> bool {
        let control = |s: &str| s.chars().any(char::is_control);
        !control(&self.context.0)
            && !control(&self.name.0)
            && !matches!(&*self.name.0, "__GLOBAL" | "__EMPTY")
    }
}

impl PartialOrd for Context {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Context {
    fn cmp(&self, other: &Self) -> Ordering {
        utf16_order(&self.0, &other.0)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        utf16_order(&self.0, &other.0)
    }
}

impl PartialOrd for Subject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Context first, then name.
impl Ord for Subject {
    fn cmp(&self, other: &Self) -> Ordering {
        self.context.cmp(&other.context).then_with(|| self.name.cmp(&other.name))
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.context.is_default() {
            f.write_str(&self.name.0)
        } else {
            write!(f, ":{}:{}", self.context.0, self.name.0)
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
