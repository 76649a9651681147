//! What may be chosen about the code, chosen while building.

use super::Builder;
use crate::options::Options;

impl Builder {
    /// All options at once.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
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
