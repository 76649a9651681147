//! What may be chosen about the code, chosen while building.

use std::path::PathBuf;

use super::Builder;
use crate::options::Options;

impl Builder {
    /// All options at once.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Compares all schemas with what was released, as `ottla lock` has written it to a file, and fails if one breaks it: the
    /// build says what `ottla check` says, and what the registry would say. Each schema is held to the level that its subject
    /// has in the lock. All that breaks is told at once, each with file, line and column, with the version that it breaks, who
    /// could not read what, and how to mend it:
    ///
    /// ```text
    /// error: schemas/order_created.avsc:9:5: AVRO-READER-FIELD-NO-DEFAULT: field "currency" has no default, and version 3 does
    /// not write it (at /fields/4); orders-value against lock:schemas/ottla.lock, version 3, BACKWARD_TRANSITIVE; ...
    /// ```
    ///
    /// Nothing is asked over a network. A schema is found in the lock by its file, else by its full name; one that the lock does
    /// not know is an error as well, because it was compared with nothing: `ottla lock` adds it. A break that is wanted is
    /// accepted with `ottla lock --accept-breaking SUBJECT --reason "..."`, which reviewers see. Cargo runs the script again when
    /// the lock changes.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// ottla_codegen::Builder::new().schemas(["schemas"]).compatible_with("schemas/ottla.lock").generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn compatible_with(self, lock: impl Into<PathBuf>) -> Self {
        self.with(|options| options.compatible_with(lock))
    }

    /// See [`Options::runtime`].
    pub fn runtime(self, path: impl Into<String>) -> Self {
        self.with(|options| options.runtime(path))
    }

    /// See [`Options::strip`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // com.example.orders.OrderCreated becomes orders::OrderCreated.
    /// ottla_codegen::Builder::new().schemas(["schemas"]).strip("com.example").generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn strip(self, namespace: impl Into<String>) -> Self {
        self.with(|options| options.strip(namespace))
    }

    /// See [`Options::derive`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// ottla_codegen::Builder::new()
    ///     .schemas(["schemas"])
    ///     .derive("com.example.**", "serde::Serialize")
    ///     .derive("com.example.events.OrderCreated", "Eq")
    ///     .generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn derive(self, types: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(|options| options.derive(types, path))
    }

    /// See [`Options::type_attribute`].
    pub fn type_attribute(self, types: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.with(|options| options.type_attribute(types, attribute))
    }

    /// See [`Options::field_attribute`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// ottla_codegen::Builder::new()
    ///     .schemas(["schemas"])
    ///     .derive("**", "serde::Serialize")
    ///     .field_attribute("com.example.events.OrderCreated.customerId", "#[serde(skip)]")
    ///     .generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn field_attribute(self, fields: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.with(|options| options.field_attribute(fields, attribute))
    }

    /// See [`Options::map_type`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// ottla_codegen::Builder::new()
    ///     .schemas(["schemas"])
    ///     .map_type("timestamp-millis", "crate::time::Moment")
    ///     .map_type("com.example.Money", "crate::Money")
    ///     .generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn map_type(self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(|options| options.map_type(name, path))
    }

    /// See [`Options::extern_path`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // com.example.shared.Money is shared_events::Money, in another crate.
    /// ottla_codegen::Builder::new()
    ///     .schemas(["schemas"])
    ///     .extern_path("com.example.shared", "::shared_events")
    ///     .generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn extern_path(self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(|options| options.extern_path(name, path))
    }

    /// See [`Options::borrowed`].
    pub fn borrowed(self, types: impl Into<String>) -> Self {
        self.with(|options| options.borrowed(types))
    }

    /// See [`Options::open_enums`].
    pub fn open_enums(self, enums: impl Into<String>) -> Self {
        self.with(|options| options.open_enums(enums))
    }

    /// See [`Options::sorted_maps`].
    pub fn sorted_maps(self, types_or_fields: impl Into<String>) -> Self {
        self.with(|options| options.sorted_maps(types_or_fields))
    }

    /// See [`Options::chrono`].
    pub fn chrono(self, on: bool) -> Self {
        self.with(|options| options.chrono(on))
    }

    /// See [`Options::uuid`].
    pub fn uuid(self, on: bool) -> Self {
        self.with(|options| options.uuid(on))
    }

    /// See [`Options::rust_decimal`].
    pub fn rust_decimal(self, on: bool) -> Self {
        self.with(|options| options.rust_decimal(on))
    }

    fn with(mut self, change: impl FnOnce(Options) -> Options) -> Self {
        self.options = change(self.options);
        self
    }
}
