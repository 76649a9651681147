//! What stands between the parentheses of a macro.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, parenthesized};

use crate::options::Options;

/// `"a.avsc", "b.avsc", derive("glob", Path), borrowed = "glob", chrono`
pub(super) struct Arguments {
    pub(super) files: Vec<LitStr>,
    pub(super) options: Options,
    /// The lock that all is compared with.
    pub(super) lock: Option<LitStr>,
    /// How errors begin that are about an option, and where it stands.
    pub(super) said: Vec<(String, Span)>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self { files: Vec::new(), options: Options::new(), lock: None, said: Vec::new() };
        for argument in Punctuated::<Argument, Token![,]>::parse_terminated(input)? {
            match argument {
                Argument::File(file) => arguments.files.push(file),
                Argument::Lock(lock) => {
                    arguments.options = arguments.options.compatible_with(lock.value());
                    arguments.lock = Some(lock);
                }
                Argument::Option { change, said } => {
                    arguments.options = change(arguments.options);
                    arguments.said.extend(said);
                }
            }
        }
        Ok(arguments)
    }
}

enum Argument {
    File(LitStr),
    Lock(LitStr),
    Option { change: Box<dyn FnOnce(Options) -> Options>, said: Option<(String, Span)> },
}

/// The options that are one text.
type Single = fn(Options, String) -> Options;

/// The options that are a name or pattern, and what is meant for it.
type Pair = fn(Options, String, String) -> Options;

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::File);
        }
        let word: Ident = input.parse()?;
        if word == "compatible_with" {
            input.parse::<Token![=]>()?;
            return input.parse().map(Self::Lock);
        }
        let single: Single = match word.to_string().as_str() {
            "borrowed" => |options, text| options.borrowed(text),
            "open_enums" => |options, text| options.open_enums(text),
            "sorted_maps" => |options, text| options.sorted_maps(text),
            "strip" => |options, text| options.strip(text),
            "runtime" => |options, text| options.runtime(text),
            "chrono" => return Ok(Self::switch(|options| options.chrono(true))),
            "uuid" => return Ok(Self::switch(|options| options.uuid(true))),
            "rust_decimal" => return Ok(Self::switch(|options| options.rust_decimal(true))),
            _ => return Self::pair(&word, input),
        };
        input.parse::<Token![=]>()?;
        let text: LitStr = input.parse()?;
        let said = said(&word, &text);
        Ok(Self::Option { change: Box::new(move |options| single(options, text.value())), said })
    }
}

impl Argument {
    fn switch(change: fn(Options) -> Options) -> Self {
        Self::Option { change: Box::new(change), said: None }
    }

    /// `derive("com.example.**", serde::Serialize, Eq)`
    fn pair(word: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let pair: Pair = match word.to_string().as_str() {
            "derive" => |options, name, path| options.derive(name, path),
            "type_attribute" => |options, name, attribute| options.type_attribute(name, attribute),
            "field_attribute" => |options, name, attribute| options.field_attribute(name, attribute),
            "map_type" => |options, name, path| options.map_type(name, path),
            "extern_path" => |options, name, path| options.extern_path(name, path),
            _ => return Err(syn::Error::new(word.span(), UNKNOWN)),
        };
        let inner;
        parenthesized!(inner in input);
        let name: LitStr = inner.parse()?;
        inner.parse::<Token![,]>()?;
        let values = values(word, &inner)?;
        if !inner.is_empty() {
            return Err(inner.error("expected `)`"));
        }
        let said = said(word, &name);
        let each = move |options, value| pair(options, name.value(), value);
        Ok(Self::Option { change: Box::new(move |options| values.into_iter().fold(options, each)), said })
    }
}

/// How an error about an option begins.
fn said(word: &Ident, name: &LitStr) -> Option<(String, Span)> {
    Some((format!("{word}({:?}", name.value()), name.span()))
}

/// What is meant for a name or pattern: one path or attribute, or several derives. It may stand in quotes.
fn values(word: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    if input.peek(LitStr) {
        return Ok(vec![input.parse::<LitStr>()?.value()]);
    }
    if word == "derive" {
        let paths = Punctuated::<syn::Path, Token![,]>::parse_terminated(input)?;
        return Ok(paths.iter().map(|path| text_of(&path.to_token_stream())).collect());
    }
    let tokens = input.parse::<TokenStream>()?;
    Ok(vec![if word.to_string().ends_with("attribute") { tokens.to_string() } else { text_of(&tokens) }])
}

pub(super) const UNKNOWN: &str = "expected the path of a schema file, as text, or one of \
    compatible_with = \"...\", borrowed = \"...\", open_enums = \"...\", sorted_maps = \"...\", strip = \"...\", runtime = \"...\", \
    derive(\"...\", ...), type_attribute(\"...\", ...), field_attribute(\"...\", ...), map_type(\"...\", ...), \
    extern_path(\"...\", ...), chrono, uuid, rust_decimal";

/// Tokens as people write them in a path.
fn text_of(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    [(" :: ", "::"), (":: ", "::"), (" ::", "::"), (" < ", "<"), (" >", ">")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
