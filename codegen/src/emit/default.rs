//! Expressions for defaults: written out where they are simple, else read from their bytes.

use ottla_formats::json::{Number, Value};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Emitter, ident};
use crate::model::{Body, Default, Logical, Type};

impl Emitter<'_> {
    /// The default as a value of the type.
    pub(super) fn default(&self, ty: &Type, default: &Default) -> TokenStream {
        self.written_out(ty, &default.json).unwrap_or_else(|| {
            let private = self.private();
            let bytes = Literal::byte_string(&default.bytes);
            let reader = self.reader(ty);
            quote!(#private::default_value(#bytes, #reader))
        })
    }

    fn written_out(&self, ty: &Type, json: &Value<'_>) -> Option<TokenStream> {
        Some(match (ty, json) {
            (Type::Null, Value::Null) => quote!(()),
            (Type::Option { null: 0, .. } | Type::OptionUnion { null: 0, .. }, Value::Null) => {
                quote!(::core::option::Option::None)
            }
            (Type::Boolean, Value::Bool(value)) => quote!(#value),
            (Type::Int, Value::Number(Number::Int(n))) => {
                let n = Literal::i32_unsuffixed(i32::try_from(*n).ok()?);
                quote!(#n)
            }
            (Type::Long, Value::Number(Number::Int(n))) => {
                let n = Literal::i64_unsuffixed(*n);
                quote!(#n)
            }
            (Type::String, Value::String(text)) if text.is_empty() => quote!(::std::string::String::new()),
            (Type::String, Value::String(text)) => {
                let text: &str = text;
                quote!(::std::string::String::from(#text))
            }
            (Type::Bytes, Value::String(text)) if text.is_empty() => quote!(::std::vec::Vec::new()),
            (Type::Array(_), Value::Array(items)) if items.is_empty() => quote!(::std::vec::Vec::new()),
            (Type::Map { sorted: false, .. }, Value::Object(entries)) if entries.is_empty() => {
                quote!(::std::collections::HashMap::new())
            }
            (Type::Map { sorted: true, .. }, Value::Object(entries)) if entries.is_empty() => {
                quote!(::std::collections::BTreeMap::new())
            }
            (Type::Item(id), Value::String(symbol)) => {
                let Body::Enum(of) = &self.model.items[id.0].body else { return None };
                let name = self.item_path(*id);
                let variant = ident(&of.symbols.iter().find(|s| s.avro == *symbol)?.ident);
                quote!(#name::#variant)
            }
            (Type::Logical(logical), Value::Number(Number::Int(n))) => {
                let n = match logical {
                    Logical::Date | Logical::TimeMillis => Literal::i32_unsuffixed(i32::try_from(*n).ok()?),
                    _ => Literal::i64_unsuffixed(*n),
                };
                let name = self.ty(ty);
                quote!(#name(#n))
            }
            _ => return None,
        })
    }
}
