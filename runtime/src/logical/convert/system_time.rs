//! `std::time::SystemTime` for the timestamps.

use std::time::SystemTime;

use super::{Convert, ConvertError};
use crate::logical::{TimestampMicros, TimestampMillis, TimestampNanos};

macro_rules! instant {
    ($name:ident) => {
        impl Convert<$name> for SystemTime {
            fn from_avro(base: $name) -> Result<Self, ConvertError> {
                base.try_into().map_err(ConvertError::of)
            }

            fn to_avro(&self) -> Result<$name, ConvertError> {
                (*self).try_into().map_err(ConvertError::of)
            }
        }
    };
}

instant!(TimestampMillis);
instant!(TimestampMicros);
instant!(TimestampNanos);
