//! How two schemas differ, in words.
//!
//! ```text
//! + field OrderCreated.currency: string (default "EUR")
//! ~ field OrderCreated.total: type int -> double
//! - symbol HELD of enum Status (OrderCreated.status)
//! ```
//!
//! What counts is what a reader, a writer or a person may notice: types, names, defaults, docs, orders, attributes. Blanks,
//! comments, the order of attributes and of aliases do not, nor whether a type is defined here or in a referenced schema.
//!
//! ```text
//! diff/walk.rs       both schemas side by side, each pair of named types once, with bounded work
//! diff/types.rs      two types
//! diff/unions.rs     the branches of two unions, and which of them belong together
//! diff/fields.rs     the fields of two records, and which of them belong together
//! diff/named.rs      names, docs, aliases; symbols, sizes
//! diff/attributes.rs logical types and further attributes
//! diff/moved.rs      what stands elsewhere in a list
//! diff/path.rs       where in a schema: `OrderCreated.items[].price`
//! diff/reach.rs      the named types of a schema
//! diff/words.rs      types and values as people read them
//! ```

mod attributes;
mod fields;
mod moved;
mod named;
mod path;
mod reach;
mod types;
mod unions;
mod walk;
mod words;

use std::fmt;

use ottla_formats::avro::Schema;

pub(crate) use named::alike;
pub(crate) use reach::named;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of difference it is.
    pub kind: ChangeKind,
    /// Where: along the new schema; for what is gone, along the old one. `OrderCreated.items[].price`: items are `[]`, values
    /// of maps `{}`, branches of unions `<Card>`, except where a union has one branch beside null.
    pub path: String,
    /// What differs, in one line.
    pub words: String,
    /// What the old schema has, as words or JSON, where the difference is one of single values.
    pub old: Option<String>,
    /// What the new schema has.
    pub new: Option<String>,
}

/// Is something new, gone, or something else?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// The new schema has it.
    Added,
    /// The old schema had it.
    Removed,
    /// Both have it.
    Changed,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $sign:ident;)*) => {
        /// What kind of difference it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $($(#[doc = $doc])* $name,)*
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name for tools. It never changes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Is something new, gone, or something else?
            pub fn sign(self) -> Sign {
                match self {
                    $(Self::$name => Sign::$sign,)*
                }
            }
        }
    };
}

kinds! {
    /// A type is another one.
    TypeChanged = "type-changed", Changed;
    /// A type takes null as well.
    BecameOptional = "became-optional", Changed;
    /// A type no longer takes null.
    BecameRequired = "became-required", Changed;
    /// A union has another branch.
    BranchAdded = "branch-added", Added;
    /// A union lacks a branch.
    BranchRemoved = "branch-removed", Removed;
    /// The branches of a union stand in another order.
    BranchesMoved = "branches-moved", Changed;
    /// A record has another field.
    FieldAdded = "field-added", Added;
    /// A record lacks a field.
    FieldRemoved = "field-removed", Removed;
    /// A field has another name, and an alias says so.
    FieldRenamed = "field-renamed", Changed;
    /// The fields of a record stand in another order.
    FieldsMoved = "fields-moved", Changed;
    /// A field has a default now.
    DefaultAdded = "default-added", Added;
    /// A field has no default any more.
    DefaultRemoved = "default-removed", Removed;
    /// A field has another default.
    DefaultChanged = "default-changed", Changed;
    /// A field takes part in sorting in another way.
    SortOrderChanged = "sort-order-changed", Changed;
    /// An enum has another symbol.
    SymbolAdded = "symbol-added", Added;
    /// An enum lacks a symbol.
    SymbolRemoved = "symbol-removed", Removed;
    /// The symbols of an enum stand in another order.
    SymbolsMoved = "symbols-moved", Changed;
    /// An enum has a default now.
    EnumDefaultAdded = "enum-default-added", Added;
    /// An enum has no default any more.
    EnumDefaultRemoved = "enum-default-removed", Removed;
    /// An enum has another default.
    EnumDefaultChanged = "enum-default-changed", Changed;
    /// A fixed has another size.
    SizeChanged = "size-changed", Changed;
    /// A named type is called otherwise.
    NameChanged = "name-changed", Changed;
    /// A named type is in another namespace.
    NamespaceChanged = "namespace-changed", Changed;
    /// A record is an error now, or was one.
    ErrorChanged = "error-changed", Changed;
    /// A type or field has another alias.
    AliasAdded = "alias-added", Added;
    /// A type or field lacks an alias.
    AliasRemoved = "alias-removed", Removed;
    /// A type or field has a doc now.
    DocAdded = "doc-added", Added;
    /// A type or field has no doc any more.
    DocRemoved = "doc-removed", Removed;
    /// A type or field has another doc.
    DocChanged = "doc-changed", Changed;
    /// A type has a logical type now.
    LogicalTypeAdded = "logical-type-added", Added;
    /// A type has no logical type any more.
    LogicalTypeRemoved = "logical-type-removed", Removed;
    /// A type has another logical type.
    LogicalTypeChanged = "logical-type-changed", Changed;
    /// A decimal has another precision.
    PrecisionChanged = "precision-changed", Changed;
    /// A decimal has another scale.
    ScaleChanged = "scale-changed", Changed;
    /// A type or field has another attribute.
    AttributeAdded = "attribute-added", Added;
    /// A type or field lacks an attribute.
    AttributeRemoved = "attribute-removed", Removed;
    /// An attribute of a type or field has another value.
    AttributeChanged = "attribute-changed", Changed;
    /// The schemas differ in more ways than are listed.
    More = "more", Changed;
}

/// How the new schema differs from the old one, in the order of the new one. Nothing if no difference counts.
///
/// Work and answer are bounded: two schemas that differ in very many ways are told apart, but not in all of them
/// ([`ChangeKind::More`]).
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    walk::Walk::new(old, new).run()
}

impl Sign {
    /// `+`, `-` or `~`.
    pub fn symbol(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }

    /// The name for tools.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.sign().symbol(), self.words)
    }
}
