//! Options that need types of ours: ones that stand for logical types, and ones that are generated elsewhere.

use ottla::logical::{Convert, ConvertError, TimestampMillis};

/// Another type for `timestamp-millis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Millis(pub i64);

impl Convert<TimestampMillis> for Millis {
    fn from_avro(base: TimestampMillis) -> Result<Self, ConvertError> {
        Ok(Self(base.0))
    }

    fn to_avro(&self) -> Result<TimestampMillis, ConvertError> {
        Ok(TimestampMillis(self.0))
    }
}

/// A logical type by a type of ours.
pub mod mapped {
    ottla::include_schema!(
        "../../codegen/tests/cases/order_created/0.avsc",
        strip = "com.acme.orders",
        borrowed = "**",
        map_type("timestamp-millis", crate::options::Millis),
        field_attribute("**.orderId", #[doc(alias = "order")])
    );
}

/// A type that other schemas refer to.
pub mod shared {
    ottla::include_schema!("../../codegen/tests/cases/refs_two_files/0.avsc", strip = "com.shared");
}

/// One that refers to it.
pub mod external {
    ottla::include_schema!(
        "../../codegen/tests/cases/refs_two_files/0.avsc",
        "../../codegen/tests/cases/refs_two_files/1.avsc",
        strip = "com.acme",
        extern_path("com.shared.Money", crate::options::shared::Money)
    );
}
