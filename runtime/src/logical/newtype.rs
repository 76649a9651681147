//! What every wrapper around a number has.

/// `From` and `Into` the number, and a `Debug` that shows what the number stands for.
macro_rules! number {
    ($name:ident, $base:ty) => {
        impl From<$base> for $name {
            fn from(number: $base) -> Self {
                Self(number)
            }
        }

        impl From<$name> for $base {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        $crate::logical::newtype::debug!($name);
    };
}

/// `Debug` as the name of the type around what `Display` writes.
macro_rules! debug {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

pub(super) use {debug, number};
