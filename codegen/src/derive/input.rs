//! What a derived type is.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Expr, Ident, Member, Type};

use super::attributes::{self, Errors};
use super::names::{self, Case};
use super::reading::Reading;

/// A derived type.
pub(super) struct Input {
    pub(super) ident: Ident,
    /// What the runtime keeps for generated code.
    pub(super) private: TokenStream,
    pub(super) doc: Option<String>,
    pub(super) aliases: Vec<String>,
    /// There is something in it that is.
    pub(super) deprecated: bool,
    pub(super) shape: Shape,
}

/// The kinds of derived types.
pub(super) enum Shape {
    Record { full: String, fields: Vec<Field> },
    Enum { full: String, symbols: Vec<(Ident, String)>, default: Option<String> },
    Fixed { full: String, member: Member, size: Expr },
    Union(Vec<Branch>),
    Wrapper(Member, Value),
}

/// A field of a record.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) doc: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) default: Option<String>,
    pub(super) value: Value,
}

/// A branch of a union. `null` has no value.
pub(super) struct Branch {
    pub(super) ident: Ident,
    pub(super) value: Option<Value>,
}

/// A value within a type.
pub(super) struct Value {
    pub(super) ty: Type,
    /// The full name of the fixed in it.
    pub(super) fixed: Option<String>,
    /// The type that it converts to and from, or that `Some` does.
    pub(super) base: Option<TokenStream>,
}

const TYPE: [&str; 5] = ["namespace", "name", "alias", "rename_all", "crate"];

pub(super) fn read(input: &DeriveInput) -> syn::Result<Input> {
    let mut errors = Errors::default();
    let said = attributes::read(&input.attrs, &TYPE, "a type", &mut errors);
    if let Some(parameter) = input.generics.params.first() {
        let why = "an event has no parameters or lifetimes: each type has a name of its own in Avro, and owns its data";
        errors.at(parameter.span(), why);
    }
    let runtime = said.runtime.as_ref().map_or_else(|| quote!(::ottla), |path| path.to_token_stream());
    let private = quote!(#runtime::__private);
    let namespace = said.namespace.as_ref().map(|text| names::dotted(text, &mut errors));
    let case = Case::read(said.rename_all.as_ref(), &mut errors);
    let mut reading =
        Reading { ident: &input.ident, said: &said, namespace, case, private: &private, errors };
    let shape = match &input.data {
        Data::Struct(data) => reading.structure(data),
        Data::Enum(data) => reading.choice(data),
        Data::Union(data) => {
            reading.errors.at(data.union_token.span, "a `union` of Rust's cannot be an event: use an enum");
            None
        }
    };
    let aliases = said.aliases.iter().map(|alias| names::dotted(alias, &mut reading.errors)).collect();
    let Reading { errors, .. } = reading;
    let shape = errors.or(shape)?;
    let deprecated = is_deprecated(&input.data);
    Ok(Input { ident: input.ident.clone(), private, doc: said.doc, aliases, deprecated, shape })
}

fn is_deprecated(data: &Data) -> bool {
    let has = |attributes: &[Attribute]| attributes.iter().any(|a| a.path().is_ident("deprecated"));
    match data {
        Data::Struct(data) => data.fields.iter().any(|field| has(&field.attrs)),
        Data::Enum(data) => data.variants.iter().any(|variant| has(&variant.attrs)),
        Data::Union(_) => false,
    }
}
