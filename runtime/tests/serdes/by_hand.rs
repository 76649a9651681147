//! Events that no schema file and no derive makes.

use ottla::codec::{At, Decode, DecodeError, Encode, Encoder, Reader};
use ottla::{Descriptor, Event};

/// Attributes of its schema are in no order.
pub struct Disordered;

/// What cannot be written.
pub struct Unwritable;

impl Encode for Disordered {
    fn write(&self, out: &mut Encoder) {
        out.string("o-1");
        out.double(1.0);
    }
}

impl Encode for Unwritable {
    fn write(&self, out: &mut Encoder) {
        out.int(1);
        out.fail("nobody can write this");
    }
}

macro_rules! events {
    ($($ty:ident, $name:literal, $text:expr;)*) => {$(
        impl<'a> Decode<'a> for $ty {
            const MIN_BYTES: usize = 0;

            fn read(_: &mut Reader<'a>, _: At) -> Result<Self, DecodeError> {
                Ok(Self)
            }
        }

        impl Event for $ty {
            const FULL_NAME: &'static str = $name;

            fn descriptor() -> &'static Descriptor {
                static DESCRIPTOR: Descriptor = Descriptor::new($name, $text, 0, &[]);
                &DESCRIPTOR
            }
        }
    )*};
}

events! {
    Disordered, "com.example.events.OrderCreated",
        r#"{"type":"record","name":"OrderCreated","namespace":"com.example.events","zz":1,"aa":2,
            "fields":[{"name":"orderId","type":"string"},{"name":"totalAmount","type":"double"}]}"#;
    Unwritable, "n.Unwritable",
        r#"{"type":"record","name":"Unwritable","namespace":"n","fields":[{"name":"a","type":"int"}]}"#;
}
