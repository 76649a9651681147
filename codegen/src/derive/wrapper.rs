//! Structs around one value.

use quote::quote;
use syn::{Expr, Member};

use super::input::{Input, Value};
use super::tokens::{Parts, check_own_name, optional};

pub(super) fn fixed(input: &Input, full: &str, member: &Member, size: &Expr) -> Parts {
    let aliases = &input.aliases;
    let doc = optional(input.doc.as_deref());
    Parts {
        full: quote!(#full),
        write: quote!(out.fixed(&self.#member);),
        min_bytes: quote!(#size),
        read: quote!(::core::result::Result::Ok(Self(from.fixed_at(at)?))),
        define: quote!(schema.named_fixed::<Self>(#doc, &[#(#aliases),*], #size);),
        checks: quote!(),
    }
}

pub(super) fn wrapper(input: &Input, member: &Member, value: &Value) -> Parts {
    let private = &input.private;
    let write = value.write(private, &quote!(&self.#member));
    let read = value.read(private);
    let (definition, fixed) = (value.define(private), value.fixed());
    Parts {
        full: value.name(private),
        write: quote!(#write;),
        min_bytes: value.min_bytes(private),
        read: quote!(::core::result::Result::Ok(Self(#read?))),
        define: quote!(schema.inner(#definition, #fixed);),
        checks: check_own_name(private, &input.ident),
    }
}
