//! The model of an Avro schema: plain data.
//!
//! A schema is an arena of types and the index of its root. A field, item, value or branch holds the index of its
//! type, so recursive types need no pointers, and nothing that walks a schema has to follow names. A named type
//! that is used twice is one entry with two users.

use super::name::Name;
use crate::json::Value;

/// The index of a type within its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(crate) u32);

impl TypeId {
    /// The position among the types of the schema, from 0 to [`Schema::len`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A parsed Avro schema.
#[derive(Debug, Clone)]
pub struct Schema {
    pub(crate) types: Vec<Type>,
    pub(crate) root: TypeId,
}

/// One type of a schema: what it is, and the attributes that the specification does not name.
#[derive(Debug, Clone)]
pub struct Type {
    /// The kind with everything that belongs to it.
    pub kind: Kind,
    /// Attributes without a meaning of their own (`logicalType`, `connect.name`, ...), in input order.
    pub attributes: Attributes,
    /// The type was defined by a referenced schema: it is known here by name, and printed by name.
    pub referenced: bool,
}

/// Further attributes of a type or field, in input order.
pub type Attributes = Vec<(String, Value<'static>)>;

/// The kinds of Avro types.
#[derive(Debug, Clone)]
pub enum Kind {
    /// No value.
    Null,
    /// One byte, 0 or 1.
    Boolean,
    /// 32-bit signed.
    Int,
    /// 64-bit signed.
    Long,
    /// IEEE 754, 32-bit.
    Float,
    /// IEEE 754, 64-bit.
    Double,
    /// A sequence of bytes.
    Bytes,
    /// Text in UTF-8.
    String,
    /// Items of one type.
    Array(TypeId),
    /// Values of one type under string keys.
    Map(TypeId),
    /// One of several branches.
    Union(Vec<TypeId>),
    /// Named fields.
    Record(Record),
    /// One of several symbols.
    Enum(Enum),
    /// A number of bytes that the schema sets.
    Fixed(Fixed),
}

/// A record, or an error (a record that a protocol may throw).
#[derive(Debug, Clone)]
pub struct Record {
    /// The full name.
    pub name: Name,
    /// Other full names that a writer may have used.
    pub aliases: Vec<Name>,
    /// What it is for.
    pub doc: Option<String>,
    /// `"type": "error"`.
    pub is_error: bool,
    /// In order: that is the order of the encoding.
    pub fields: Vec<Field>,
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Unique within the record.
    pub name: String,
    /// Other names that a writer may have used.
    pub aliases: Vec<String>,
    /// What it is for.
    pub doc: Option<String>,
    /// The type of its values.
    pub ty: TypeId,
    /// What a reader takes if the writer has no such field. JSON `null` is a default as well.
    pub default: Option<Value<'static>>,
    /// How it takes part in sorting.
    pub order: Order,
    /// Further attributes, in input order.
    pub attributes: Attributes,
}

/// How a field takes part in the sort order of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Smaller first; the default.
    #[default]
    Ascending,
    /// Greater first.
    Descending,
    /// Not at all.
    Ignore,
}

/// An enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// The full name.
    pub name: Name,
    /// Other full names that a writer may have used.
    pub aliases: Vec<Name>,
    /// What it is for.
    pub doc: Option<String>,
    /// In order: the position is the encoding.
    pub symbols: Vec<String>,
    /// The symbol that a reader takes for one that it does not know.
    pub default: Option<String>,
}

/// A fixed.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The full name.
    pub name: Name,
    /// Other full names that a writer may have used.
    pub aliases: Vec<Name>,
    /// What it is for.
    pub doc: Option<String>,
    /// In bytes.
    pub size: usize,
}

impl Schema {
    /// The index of the outermost type.
    pub fn root(&self) -> TypeId {
        self.root
    }

    /// How many types there are, those of referenced schemas included.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Is there no type? Never so in a parsed schema.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// A type by its index.
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// The kind of a type.
    pub fn kind(&self, id: TypeId) -> &Kind {
        &self.ty(id).kind
    }
}

impl Schema {
    /// A copy with other enums.
    pub fn with_enums(&self, mut change: impl FnMut(&mut Enum)) -> Self {
        let mut copy = self.clone();
        for ty in &mut copy.types {
            if let Kind::Enum(of) = &mut ty.kind {
                change(of);
            }
        }
        copy
    }

    /// The named type of that full name.
    pub fn named(&self, name: &str) -> Option<TypeId> {
        let at = self.types.iter().position(|ty| ty.kind.name().is_some_and(|n| n.full() == name))?;
        u32::try_from(at).ok().map(TypeId)
    }

    /// All enums.
    pub fn enums(&self) -> impl Iterator<Item = &Enum> {
        self.types.iter().filter_map(|ty| match &ty.kind {
            Kind::Enum(of) => Some(of),
            _ => None,
        })
    }
}

impl Type {
    /// The value of a further attribute.
    pub fn attribute(&self, name: &str) -> Option<&Value<'static>> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

impl Kind {
    /// The full name, for records, enums and fixed.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Self::Record(r) => Some(&r.name),
            Self::Enum(e) => Some(&e.name),
            Self::Fixed(f) => Some(&f.name),
            _ => None,
        }
    }

    /// The other full names, for records, enums and fixed.
    pub fn aliases(&self) -> &[Name] {
        match self {
            Self::Record(r) => &r.aliases,
            Self::Enum(e) => &e.aliases,
            Self::Fixed(f) => &f.aliases,
            _ => &[],
        }
    }

    /// The types of what is inside: items, values, branches, fields.
    pub(super) fn parts(&self) -> impl Iterator<Item = TypeId> {
        let (inner, branches, fields): (Option<&TypeId>, &[TypeId], &[Field]) = match self {
            Self::Array(inner) | Self::Map(inner) => (Some(inner), &[], &[]),
            Self::Union(branches) => (None, branches, &[]),
            Self::Record(record) => (None, &[], &record.fields),
            _ => (None, &[], &[]),
        };
        inner.into_iter().chain(branches).copied().chain(fields.iter().map(|f| f.ty))
    }

    /// The word for it in a schema's `type`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::String => "string",
            Self::Array(_) => "array",
            Self::Map(_) => "map",
            Self::Union(_) => "union",
            Self::Record(r) if r.is_error => "error",
            Self::Record(_) => "record",
            Self::Enum(_) => "enum",
            Self::Fixed(_) => "fixed",
        }
    }
}
