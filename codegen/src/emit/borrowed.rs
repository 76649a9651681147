//! What only borrowed twins have: the way to the type that owns its text and bytes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emitter, docs, ident};
use crate::model::{Body, Type};

impl Emitter<'_> {
    /// The generics of an implementation for the item.
    pub(super) fn generics(&self) -> TokenStream {
        if self.borrowed { quote!(<'a>) } else { TokenStream::new() }
    }
}

/// For an event `BorrowedEvent`, for a union within a type a method of its own.
pub(super) fn into_owned(twin: &Emitter<'_>) -> TokenStream {
    let (private, name) = (twin.private(), twin.own_type());
    let owned = ident(&twin.item.ident);
    let body = body(twin, &owned);
    if twin.item.event.is_some() {
        quote! {
            impl<'a> #private::BorrowedEvent<'a> for #name {
                type Owned = #owned;

                fn into_owned(self) -> #owned {
                    #body
                }
            }
        }
    } else {
        let doc = docs::line("Copies text and bytes.");
        quote! {
            impl<'a> #name {
                #doc
                #[must_use]
                pub fn into_owned(self) -> #owned {
                    #body
                }
            }
        }
    }
}

fn body(twin: &Emitter<'_>, owned: &proc_macro2::Ident) -> TokenStream {
    match &twin.item.body {
        Body::Record(fields) => {
            let values = fields.iter().map(|field| {
                let name = ident(&field.ident);
                let value = twin.owned(&field.ty, quote!(self.#name));
                quote!(#name: #value)
            });
            quote!(#owned { #(#values),* })
        }
        Body::Union(branches) => {
            let arms = branches.iter().map(|branch| {
                let variant = ident(&branch.ident);
                let value = twin.owned(&branch.ty, quote!(value));
                match branch.ty {
                    Type::Null => quote!(Self::#variant => #owned::#variant),
                    _ => quote!(Self::#variant(value) => #owned::#variant(#value)),
                }
            });
            quote!(match self { #(#arms),* })
        }
        Body::Newtype(ty) => {
            let value = twin.owned(ty, quote!(self.0));
            quote!(#owned(#value))
        }
        Body::Enum(_) | Body::Fixed(_) => quote!(self),
    }
}

impl Emitter<'_> {
    /// Does it borrow anything?
    fn borrows(&self, ty: &Type) -> bool {
        match ty {
            Type::Bytes | Type::String | Type::Map { .. } => true,
            Type::Array(inner) | Type::Boxed(inner) | Type::Option { some: inner, .. } => self.borrows(inner),
            Type::OptionUnion { union: id, .. } | Type::Item(id) => self.model.items[id.0].borrowed.is_some(),
            _ => false,
        }
    }

    /// A function that copies text and bytes of a value.
    fn owner(&self, ty: &Type) -> TokenStream {
        let private = self.private();
        match ty {
            Type::Bytes => quote!(<[u8]>::to_vec),
            Type::String => quote!(::std::string::String::from),
            Type::Item(id) if self.borrows(ty) => {
                if self.model.items[id.0].event.is_some() {
                    quote!(#private::BorrowedEvent::into_owned)
                } else {
                    let name = self.item_path(*id);
                    quote!(<#name>::into_owned)
                }
            }
            _ => {
                let owned = self.owned(ty, quote!(value));
                quote!(|value| #owned)
            }
        }
    }

    /// An expression that does.
    fn owned(&self, ty: &Type, value: TokenStream) -> TokenStream {
        let private = self.private();
        if !self.borrows(ty) {
            return value;
        }
        match ty {
            Type::Bytes => quote!(#value.to_vec()),
            Type::String => quote!(::std::string::String::from(#value)),
            Type::Array(inner) => {
                let each = self.owner(inner);
                quote!(#value.into_iter().map(#each).collect())
            }
            Type::Map { values, .. } => {
                let each = self.owned(values, quote!(value));
                quote!(#value.into_iter().map(|(key, value)| (::std::string::String::from(key), #each)).collect())
            }
            Type::Option { some, .. } => {
                let each = self.owner(some);
                quote!(#value.map(#each))
            }
            Type::OptionUnion { union, .. } => {
                let each = self.owner(&Type::Item(*union));
                quote!(#value.map(#each))
            }
            Type::Boxed(inner) => {
                let inner = self.owned(inner, quote!(*#value));
                quote!(::std::boxed::Box::new(#inner))
            }
            Type::Item(id) if self.model.items[id.0].event.is_some() => {
                quote!(#private::BorrowedEvent::into_owned(#value))
            }
            Type::Item(id) => {
                let name = self.item_path(*id);
                quote!(<#name>::into_owned(#value))
            }
            _ => value,
        }
    }
}
