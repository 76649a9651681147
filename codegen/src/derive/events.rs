//! `#[derive(Events)]`: an enum over the types of events that a topic carries.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, GenericArgument, Path, PathArguments, Result, Type, Variant,
};

use super::attributes::Errors;

/// An enum over types of events.
struct Input {
    ident: Ident,
    private: TokenStream,
    variants: Vec<Known>,
    other: Option<Ident>,
}

/// A variant for one type.
struct Known {
    ident: Ident,
    ty: Type,
    is_boxed: bool,
}

/// The code, or errors of the compiler.
pub(super) fn emit(input: &DeriveInput) -> TokenStream {
    match read(input) {
        Ok(input) => implementation(&input),
        Err(errors) => errors.into_compile_error(),
    }
}

fn read(input: &DeriveInput) -> Result<Input> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(
            &input.ident,
            "Events is for enums: a struct is an event of its own, with Event",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "an enum over events has no parameters"));
    }
    let mut errors = Errors::default();
    let runtime = errors.check(runtime(&input.attrs)).flatten();
    let private = runtime.map_or(quote!(::ottla::__private), |path| quote!(#path::__private));
    let mut found = Input { ident: input.ident.clone(), private, variants: Vec::new(), other: None };
    for variant in &data.variants {
        errors.check(found.add(variant));
    }
    if found.variants.is_empty() {
        errors.add(Error::new_spanned(&input.ident, "there is no variant for a type of events"));
    }
    errors.or(Some(found))
}

/// `#[events(crate = "path")]`
fn runtime(attributes: &[Attribute]) -> Result<Option<Path>> {
    let mut runtime = None;
    for attribute in ours(attributes) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("an enum over events has the attribute `crate`"));
            }
            let text: syn::LitStr = meta.value()?.parse()?;
            runtime = Some(text.parse_with(Path::parse_mod_style)?);
            Ok(())
        })?;
    }
    Ok(runtime)
}

/// `#[events(other)]`
fn is_other(attributes: &[Attribute]) -> Result<bool> {
    let mut other = false;
    for attribute in ours(attributes) {
        attribute.parse_nested_meta(|meta| {
            other = meta.path.is_ident("other");
            if other { Ok(()) } else { Err(meta.error("a variant has the attribute `other`")) }
        })?;
    }
    Ok(other)
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("events"))
}

impl Input {
    fn add(&mut self, variant: &Variant) -> Result<()> {
        let ident = variant.ident.clone();
        let ty = match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed[0].ty.clone(),
            _ => return Err(Error::new_spanned(variant, "a variant has one event: `Created(OrderCreated)`")),
        };
        if !is_other(&variant.attrs)? {
            let (ty, is_boxed) = boxed(&ty).map_or((ty.clone(), false), |inner| (inner.clone(), true));
            self.variants.push(Known { ident, ty, is_boxed });
        } else if self.other.replace(ident).is_some() {
            return Err(Error::new_spanned(variant, "there is a variant for other events already"));
        }
        Ok(())
    }
}

/// What is in a box.
fn boxed(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Box")?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => match &arguments.args[0] {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn implementation(input: &Input) -> TokenStream {
    let Input { ident, private, variants, other } = input;
    let types = variants.iter().map(|Known { ty, .. }| quote!(#private::EventType::of::<#ty>()));
    let positions = variants
        .iter()
        .enumerate()
        .map(|(at, Known { ident, .. })| quote!(Self::#ident(_) => ::core::option::Option::Some(#at),));
    let no_position = other.as_ref().map(|other| quote!(Self::#other(_) => ::core::option::Option::None,));
    let writes = variants.iter().map(|Known { ident, ty, .. }| {
        quote!(Self::#ident(event) => <#ty as #private::Event>::encode(event, out),)
    });
    let refuses = other.as_ref().map(|other| quote!(Self::#other(event) => event.refuse(out),));
    let reading = reading(input);
    quote! {
        #[automatically_derived]
        impl #private::Events for #ident {
            type Reading = #private::OneOf<Self>;

            fn types() -> &'static [#private::EventType] {
                const { &[#(#types),*] }
            }

            fn type_position(&self) -> ::core::option::Option<usize> {
                match self { #(#positions)* #no_position }
            }

            fn write_event(
                &self,
                out: &mut ::std::vec::Vec<u8>,
            ) -> ::core::result::Result<(), #private::EncodeError> {
                match self { #(#writes)* #refuses }
            }

            #reading
        }
    }
}

fn reading(input: &Input) -> TokenStream {
    let Input { private, variants, other, .. } = input;
    let last = variants.len().saturating_sub(1);
    let known = variants.iter().enumerate().map(|(at, Known { ident, ty, is_boxed })| {
        let wrap = match is_boxed {
            true => quote!(|event| Self::#ident(::std::boxed::Box::new(event))),
            false => quote!(Self::#ident),
        };
        let at = if at == last { quote!(_) } else { quote!(#at) };
        quote!(#at => #private::OneOf::known::<#ty>(writer, #wrap),)
    });
    let other = match other {
        Some(other) => quote!(::core::option::Option::Some(Self::#other)),
        None => quote!(::core::option::Option::None),
    };
    quote! {
        fn reading(
            writer: &#private::WriterSchema,
        ) -> ::core::result::Result<Self::Reading, #private::Unreadable> {
            #private::OneOf::choose(
                writer,
                Self::types(),
                |position, writer| match position { #(#known)* },
                #other,
            )
        }

        fn read_event(
            reading: &Self::Reading,
            body: &[u8],
            options: #private::ReadOptions,
        ) -> ::core::result::Result<Self, #private::DecodeError> {
            reading.read(body, options)
        }

        fn select<'r, 'b>(reading: &'r Self::Reading, body: &'b [u8]) -> #private::Selected<'r, 'b> {
            reading.select(body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::events;

    fn errors(input: &str) -> Vec<String> {
        let code = events(input.parse().unwrap()).to_string();
        let texts = code.split("compile_error").skip(1);
        texts.filter_map(|text| text.split('"').nth(1).map(str::to_owned)).collect()
    }

    #[test]
    fn what_is_no_enum_over_events() {
        let cases: &[(&str, &[&str])] = &[
            ("enum E { A(A), B(Box<B>), #[events(other)] C(UnknownEvent) }", &[]),
            ("#[events(crate = \"other::ottla\")] enum E { A(A) }", &[]),
            ("struct S;", &["Events is for enums: a struct is an event of its own, with Event"]),
            ("enum E<T> { A(T) }", &["an enum over events has no parameters"]),
            ("enum E {}", &["there is no variant for a type of events"]),
            (
                "#[events(x)] enum E { A, B { b: B }, C(C, C), #[events(y)] D(D) }",
                &[
                    "an enum over events has the attribute `crate`",
                    "a variant has one event: `Created(OrderCreated)`",
                    "a variant has one event: `Created(OrderCreated)`",
                    "a variant has one event: `Created(OrderCreated)`",
                    "a variant has the attribute `other`",
                    "there is no variant for a type of events",
                ],
            ),
            (
                "enum E { A(A), #[events(other)] B(U), #[events(other)] C(U) }",
                &["there is a variant for other events already"],
            ),
        ];
        for (input, expected) in cases {
            assert_eq!(errors(input), *expected, "{input}");
        }
    }
}
