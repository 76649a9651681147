//! `uuid::Uuid`.

use super::{Convert, ConvertError};
use crate::logical::Uuid;

impl Convert<Uuid> for ::uuid::Uuid {
    fn from_avro(base: Uuid) -> Result<Self, ConvertError> {
        Ok(Self::from_bytes(base.0))
    }

    fn to_avro(&self) -> Result<Uuid, ConvertError> {
        Ok(Uuid(self.into_bytes()))
    }
}
