//! Logical types by their names.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::LitStr;

use super::attributes::Errors;

const TYPES: [(&str, &str); 12] = [
    ("date", "Date"),
    ("time-millis", "TimeMillis"),
    ("time-micros", "TimeMicros"),
    ("timestamp-millis", "TimestampMillis"),
    ("timestamp-micros", "TimestampMicros"),
    ("timestamp-nanos", "TimestampNanos"),
    ("local-timestamp-millis", "LocalTimestampMillis"),
    ("local-timestamp-micros", "LocalTimestampMicros"),
    ("local-timestamp-nanos", "LocalTimestampNanos"),
    ("uuid", "Uuid"),
    ("duration", "Duration"),
    ("big-decimal", "BigDecimal"),
];

/// The type of the runtime for a logical type.
pub(super) fn base(text: &LitStr, private: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let name = text.value();
    if let Some((_, ty)) = TYPES.iter().find(|(logical, _)| *logical == name) {
        let ty = format_ident!("{ty}");
        return Some(quote!(#private::#ty));
    }
    if let Some((precision, scale)) = decimal(&name) {
        let ty = format_ident!("{}", if precision > 38 { "LargeDecimal" } else { "Decimal" });
        let (precision, scale) = (Literal::u32_unsuffixed(precision), Literal::u32_unsuffixed(scale));
        return Some(quote!(#private::#ty<#precision, #scale>));
    }
    let known: Vec<&str> = TYPES.iter().map(|(logical, _)| *logical).collect();
    errors.at(text.span(), format!("`logical` is one of {}, or decimal(precision, scale)", known.join(", ")));
    None
}

/// `decimal(9, 2)`
fn decimal(text: &str) -> Option<(u32, u32)> {
    let inner = text.strip_prefix("decimal(")?.strip_suffix(')')?;
    let (precision, scale) = inner.split_once(',').unwrap_or((inner, "0"));
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    (precision > 0 && scale <= precision).then_some((precision, scale))
}
