//! What is generated, as data: one Rust item for each named type and union of a set of schemas.
//!
//! Everything that names, options and cycles decide is decided here. Emitting adds nothing but syntax.

use std::path::PathBuf;

use ottla_formats::avro::{Schema, TypeId};
use ottla_formats::json::Value;

/// All items, and the modules that they stand in.
#[derive(Debug)]
pub struct Model {
    /// The schema files, each after those that it refers to.
    pub sources: Vec<Source>,
    /// The items: those of named types in the order in which the sources mention them, then files' outermost types without
    /// a name, then enums that stand for unions.
    pub items: Vec<Item>,
    /// The outermost module. It has no name.
    pub root: Module,
}

/// The index of an [`Item`] in its [`Model`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub usize);

/// A schema file.
#[derive(Debug)]
pub struct Source {
    /// How it is named in docs and errors: relative, with `/`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it says, to the byte.
    pub text: String,
    /// What that means.
    pub schema: Schema,
    /// The files whose types it uses: the full name by which it does, and the index of the source.
    pub references: Vec<(String, usize)>,
}

/// A module, for one namespace.
#[derive(Debug, Default)]
pub struct Module {
    /// The Rust name; empty for the outermost.
    pub name: String,
    /// The Avro namespace.
    pub namespace: String,
    /// What stands in it, an enum for a union after the type that it is part of.
    pub items: Vec<ItemId>,
    /// The modules in it, sorted by name.
    pub modules: Vec<Module>,
}

/// One Rust type.
#[derive(Debug)]
pub struct Item {
    /// The full name in Avro; for a top-level type without one the word for its kind (`string`, `array`); for a
    /// union within a type the path of the place: `com.example.Order.payment`.
    pub avro: String,
    /// The modules that it stands in, from the outermost.
    pub modules: Vec<String>,
    /// The Rust name, as it is written (`r#type`).
    pub ident: String,
    /// The schema's `doc`.
    pub doc: Option<String>,
    /// Where the schema says so.
    pub place: Place,
    /// What it is.
    pub body: Body,
    /// Its schema, if it is an event of its own: every named type, and every type that is a file's outermost.
    pub event: Option<Origin>,
    /// Derives on top of those that every item has, as paths.
    pub derives: Vec<String>,
    /// Attributes as they are written, with brackets: `#[serde(rename_all = "camelCase")]`.
    pub attributes: Vec<String>,
    /// The name of the borrowed twin, if one is wanted and there is text or bytes to point to.
    pub borrowed: Option<String>,
    /// A value may hold one of the same type, so its depth has to be counted.
    pub recursive: bool,
}

/// Where a type's schema is.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// The index of the source.
    pub source: usize,
    /// The type within it.
    pub ty: TypeId,
    /// Is it the outermost type of the file?
    pub outermost: bool,
}

/// A place in a schema file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the source.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// What an item is.
#[derive(Debug)]
pub enum Body {
    /// A struct with named fields.
    Record(Vec<Field>),
    /// An enum without data.
    Enum(Enum),
    /// A struct around `[u8; N]`.
    Fixed(usize),
    /// An enum with one variant a branch.
    Union(Vec<Branch>),
    /// A struct around a type without a name that is a file's outermost, or around a fixed with a logical type that is.
    Newtype(Type),
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// The name in Avro.
    pub avro: String,
    /// The Rust name, as it is written.
    pub ident: String,
    /// The schema's `doc`.
    pub doc: Option<String>,
    /// How the schema's type reads, in few words, for the docs: `long (timestamp-millis)`.
    pub words: String,
    /// The type.
    pub ty: Type,
    /// The default.
    pub default: Option<Default>,
    /// Attributes as they are written.
    pub attributes: Vec<String>,
}

/// A default value.
#[derive(Debug)]
pub struct Default {
    /// As the schema has it.
    pub json: Value<'static>,
    /// In Avro's binary encoding.
    pub bytes: Vec<u8>,
}

/// An enum of symbols.
#[derive(Debug)]
pub struct Enum {
    /// In order.
    pub symbols: Vec<Symbol>,
    /// The position of the default.
    pub default: Option<usize>,
    /// Are symbols kept that the schema does not have? Then there is a variant `Unknown(String)`, which has this name.
    pub open: Option<String>,
}

/// A symbol of an enum.
#[derive(Debug)]
pub struct Symbol {
    /// In Avro.
    pub avro: String,
    /// The variant, as it is written.
    pub ident: String,
}

/// A branch of a union that is not the `null` of an `Option`.
#[derive(Debug)]
pub struct Branch {
    /// The position in the schema's union.
    pub position: usize,
    /// The variant, as it is written.
    pub ident: String,
    /// The branch's name in Avro: a full name, or the word for its kind.
    pub avro: String,
    /// `Type::Null` has no data.
    pub ty: Type,
}

/// The Rust type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// `()`
    Null,
    /// `bool`
    Boolean,
    /// `i32`
    Int,
    /// `i64`
    Long,
    /// `f32`
    Float,
    /// `f64`
    Double,
    /// `Vec<u8>`
    Bytes,
    /// `String`
    String,
    /// `Vec`
    Array(Box<Type>),
    /// A map with text as keys.
    Map {
        /// The values.
        values: Box<Type>,
        /// `BTreeMap` instead of `HashMap`.
        sorted: bool,
    },
    /// `Option`, of a union of `null` and one other branch.
    Option {
        /// The position of `null`, 0 or 1.
        null: usize,
        /// The other branch.
        some: Box<Type>,
    },
    /// `Option` of an item that is a union, of a union of `null` and several other branches.
    OptionUnion {
        /// The position of `null`.
        null: usize,
        /// The other branches: an item with [`Body::Union`].
        union: ItemId,
    },
    /// An item.
    Item(ItemId),
    /// A type that takes the place of a named one, by its Rust path. It has the codec of one.
    Extern {
        /// The Rust path.
        path: String,
        /// The full name.
        avro: String,
    },
    /// A logical type of the runtime.
    Logical(Logical),
    /// A type of the user's, by its Rust path, that converts to and from another.
    Mapped {
        /// The Rust path.
        path: String,
        /// What is written and read.
        base: Box<Type>,
    },
    /// `Box`, where a cycle needs it.
    Boxed(Box<Type>),
}

/// The logical types of the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logical {
    /// `int`
    Date,
    /// `int`
    TimeMillis,
    /// `long`
    TimeMicros,
    /// `long`
    TimestampMillis,
    /// `long`
    TimestampMicros,
    /// `long`
    TimestampNanos,
    /// `long`
    LocalTimestampMillis,
    /// `long`
    LocalTimestampMicros,
    /// `long`
    LocalTimestampNanos,
    /// `string`, or `fixed` of 16.
    Uuid {
        /// `fixed` of 16
        fixed: bool,
    },
    /// `fixed` of 12
    Duration,
    /// `bytes`, or `fixed`. Up to 38 digits it is `Decimal`, beyond `LargeDecimal`.
    Decimal {
        /// Digits.
        precision: u32,
        /// Digits after the point.
        scale: u32,
        /// The size of the `fixed`.
        fixed: Option<usize>,
    },
    /// `bytes`
    BigDecimal,
}
