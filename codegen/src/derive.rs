//! `#[derive(Event)]`: structs and enums that are written by hand become events. `#[derive(Events)]`: an enum over several.
//!
//! ```text
//! input.rs       what the type is: record, enum, union, fixed, or a struct around another type;  reading.rs  reads it
//! attributes.rs  what `#[event(...)]` says
//! names.rs       names in Avro
//! json.rs        defaults, as far as a macro can check them
//! types.rs       types that a macro knows by name;  logical.rs  logical types
//! events.rs      enums over several events
//! tokens.rs      the code;  record.rs choice.rs wrapper.rs  of each kind of type;  value.rs  of what is in them
//! ```
//!
//! The code is like what is generated for schemas. But the types of fields are not known here, only named: so it
//! calls their traits where generated code calls the reader itself, and the schema is put together at run time.

mod attributes;
mod choice;
mod events;
mod input;
mod json;
mod logical;
mod names;
mod reading;
mod record;
mod tokens;
mod types;
mod value;
mod wrapper;

use proc_macro2::TokenStream;

/// The code for one type, or errors of the compiler.
pub fn event(input: TokenStream) -> TokenStream {
    let parsed = syn::parse2::<syn::DeriveInput>(input).and_then(|input| input::read(&input));
    match parsed {
        Ok(input) => tokens::emit(&input),
        Err(errors) => errors.into_compile_error(),
    }
}

/// The code for an enum over several types of events, or errors of the compiler.
pub fn events(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => events::emit(&input),
        Err(errors) => errors.into_compile_error(),
    }
}
