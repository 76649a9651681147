//! Types of other libraries, as the logical type that keeps most of them.

macro_rules! converted {
    ($($feature:literal: $($ty:ty => $base:ident;)*)*) => {$($(
        #[cfg(feature = $feature)]
        const _: () = {
            use crate::codec::{At, Decode, DecodeError, Encode, Encoder, Reader, converted};
            use crate::derive::{Described, SchemaBuilder};
            use crate::logical::{Convert, $base as Base};

            impl Described for $ty {
                const NAME: &'static str = Base::NAME;

                fn define(schema: &mut SchemaBuilder) {
                    Base::define(schema);
                }
            }

            impl Encode for $ty {
                fn write(&self, out: &mut Encoder) {
                    match Convert::<Base>::to_avro(self) {
                        Ok(base) => base.write(out),
                        Err(why) => out.fail(why),
                    }
                }
            }

            impl<'a> Decode<'a> for $ty {
                const MIN_BYTES: usize = <Base as Decode<'_>>::MIN_BYTES;

                fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                    converted::<Self, Base, DecodeError>(from, |from| Base::read(from, at))
                }
            }
        };
    )*)*};
}

converted! {
    "chrono":
        ::chrono::NaiveDate => Date;
        ::chrono::NaiveTime => TimeMicros;
        ::chrono::DateTime<::chrono::Utc> => TimestampMicros;
        ::chrono::NaiveDateTime => LocalTimestampMicros;
    "rust_decimal":
        ::rust_decimal::Decimal => BigDecimal;
    "uuid":
        ::uuid::Uuid => Uuid;
}
