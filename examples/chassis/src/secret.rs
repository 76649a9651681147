//! Values of flags that may hold a password: a mistake in one is told without the value.

use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Reads values as `T` does, whose errors have to keep secrets.
#[derive(Debug)]
pub struct Secret<T>(PhantomData<fn() -> T>);

impl<T> Secret<T> {
    /// For `value_parser`.
    pub fn parser() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self::parser()
    }
}

impl<T> TypedValueParser for Secret<T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let parsed = match value.to_str() {
            Some(text) => text.parse().map_err(|error: T::Err| error.to_string()),
            None => Err("it is not UTF-8".to_owned()),
        };
        parsed.map_err(|reason| {
            let name = argument.map(ToString::to_string).unwrap_or_default();
            let words =
                format!("invalid value for '{name}': {reason}\n\nFor more information, try '--help'.\n");
            Error::raw(ErrorKind::ValueValidation, words).with_cmd(command)
        })
    }
}
