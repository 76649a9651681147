//! What may be chosen about the generated code.

use std::path::PathBuf;

/// What may be chosen about the generated code.
///
/// Types and fields are named as in Avro: `com.example.OrderCreated`, `com.example.OrderCreated.orderId`. Where a pattern
/// is asked for, `*` stands for any part of one segment and `**` for any number of segments. A pattern or name that meets
/// nothing is an error, because it is most likely misspelled.
///
/// Rust paths stand in modules of the generated code: they begin with `::`, `crate::` or the name of a crate.
///
/// ```
/// let options = ottla_codegen::Options::new()
///     .strip("com.example")
///     .derive("com.example.**", "serde::Serialize")
///     .map_type("timestamp-millis", "crate::time::Moment")
///     .borrowed("**")
///     .chrono(true);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub(crate) base: Option<PathBuf>,
    pub(crate) lock: Option<PathBuf>,
    pub(crate) runtime: String,
    pub(crate) strip: Option<String>,
    /// Pattern and path.
    pub(crate) derives: Vec<(String, String)>,
    /// Pattern and attribute.
    pub(crate) type_attributes: Vec<(String, String)>,
    /// Pattern and attribute.
    pub(crate) field_attributes: Vec<(String, String)>,
    /// Name and path.
    pub(crate) mapped: Vec<(String, String)>,
    /// Name and path.
    pub(crate) externs: Vec<(String, String)>,
    pub(crate) borrowed: Vec<String>,
    pub(crate) open_enums: Vec<String>,
    pub(crate) sorted_maps: Vec<String>,
    pub(crate) chrono: bool,
    pub(crate) uuid: bool,
    pub(crate) rust_decimal: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base: None,
            lock: None,
            runtime: "::ottla".to_owned(),
            strip: None,
            derives: Vec::new(),
            type_attributes: Vec::new(),
            field_attributes: Vec::new(),
            mapped: Vec::new(),
            externs: Vec::new(),
            borrowed: Vec::new(),
            open_enums: Vec::new(),
            sorted_maps: Vec::new(),
            chrono: false,
            uuid: false,
            rust_decimal: false,
        }
    }
}

impl Options {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self::default()
    }

    /// The folder where relative paths start, instead of the current one. It shows neither in code nor in errors.
    #[must_use]
    pub fn base_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.base = Some(folder.into());
        self
    }

    /// A lock file that `ottla lock` has written, as in `schemas/ottla.lock`: what was released. Every schema is compared with
    /// it, as its subject's level asks for, and there is no code for one that breaks what was released. One that the lock does
    /// not know is an error as well, because it was compared with nothing. Nothing is asked over a network.
    #[must_use]
    pub fn compatible_with(mut self, lock: impl Into<PathBuf>) -> Self {
        self.lock = Some(lock.into());
        self
    }

    /// The path of the runtime crate in generated code: `::ottla` unless it was renamed.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = path.into();
        self
    }

    /// A namespace that no modules are made for: with `com.example` the type `com.example.orders.Order` is
    /// `orders::Order`, and `com.example.Order` is `Order`.
    #[must_use]
    pub fn strip(mut self, namespace: impl Into<String>) -> Self {
        self.strip = Some(namespace.into());
        self
    }

    /// A derive for types, on top of those that all have. The enums that stand for unions within a record have what the
    /// record has.
    #[must_use]
    pub fn derive(mut self, types: impl Into<String>, path: impl Into<String>) -> Self {
        self.derives.push((types.into(), path.into()));
        self
    }

    /// An attribute for types: `.type_attribute("**", "#[non_exhaustive]")`.
    #[must_use]
    pub fn type_attribute(mut self, types: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.type_attributes.push((types.into(), attribute.into()));
        self
    }

    /// An attribute for fields: `.field_attribute("**.password", "#[serde(skip)]")`.
    #[must_use]
    pub fn field_attribute(mut self, fields: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.field_attributes.push((fields.into(), attribute.into()));
        self
    }

    /// A type of yours for a logical type (`timestamp-millis`, or one that Avro does not know) or for a named type. It
    /// implements the runtime's `Convert` for the type that would stand there.
    ///
    /// Where a logical type is ignored because it does not suit, this is not about it. What your type makes of a default is
    /// not known when code is generated: one that it refuses is a panic of `new` and `Default`.
    #[must_use]
    pub fn map_type(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.mapped.push((name.into(), path.into()));
        self
    }

    /// A type that is generated elsewhere, by its full name; or all types of a namespace and of those in it, whose modules
    /// begin at the path then. Nothing is generated for them.
    #[must_use]
    pub fn extern_path(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.externs.push((name.into(), path.into()));
        self
    }

    /// Types that have a twin that points into the message that it is read from. So have the types in them.
    #[must_use]
    pub fn borrowed(mut self, types: impl Into<String>) -> Self {
        self.borrowed.push(types.into());
        self
    }

    /// Enums that keep symbols that the schema does not have.
    #[must_use]
    pub fn open_enums(mut self, enums: impl Into<String>) -> Self {
        self.open_enums.push(enums.into());
        self
    }

    /// Maps that are a `BTreeMap` instead of a `HashMap`, by the fields that they are in, or by their records.
    #[must_use]
    pub fn sorted_maps(mut self, types_or_fields: impl Into<String>) -> Self {
        self.sorted_maps.push(types_or_fields.into());
        self
    }

    /// Dates, times and timestamps are types of the crate `chrono`, through the runtime's feature of that name.
    #[must_use]
    pub fn chrono(mut self, on: bool) -> Self {
        self.chrono = on;
        self
    }

    /// UUIDs are those of the crate `uuid`, through the runtime's feature of that name.
    #[must_use]
    pub fn uuid(mut self, on: bool) -> Self {
        self.uuid = on;
        self
    }

    /// Decimals of up to 28 digits, as many as it holds, are those of the crate `rust_decimal`, through the runtime's
    /// feature of that name.
    #[must_use]
    pub fn rust_decimal(mut self, on: bool) -> Self {
        self.rust_decimal = on;
        self
    }

    /// The path of the runtime crate.
    pub fn runtime_path(&self) -> &str {
        &self.runtime
    }
}
