//! The front end for macros: what stands between the parentheses becomes paths and options, and errors become errors of
//! the compiler.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, parenthesized};

use crate::error::{Error, Errors};
use crate::generated::generate;
use crate::options::Options;

/// What `include_schema!` becomes.
pub fn include_schema(input: TokenStream) -> TokenStream {
    let arguments = match syn::parse2::<Arguments>(input) {
        Ok(arguments) => arguments,
        Err(error) => return error.into_compile_error(),
    };
    let Some(root) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return error(
            Span::call_site(),
            "there is no CARGO_MANIFEST_DIR, which Cargo sets: paths start there",
        );
    };
    expand(arguments, &root)
}

/// What `include_events!` becomes.
pub fn include_events(input: TokenStream) -> TokenStream {
    let name = match syn::parse2::<Option<LitStr>>(input) {
        Ok(name) => name.map_or_else(|| "events.rs".to_owned(), |name| name.value()),
        Err(error) => return error.into_compile_error(),
    };
    let name = format!("/{name}");
    let missing = "include_events! needs a build script that calls ottla_codegen::Builder";
    quote!(::core::include!(::core::concat!(::core::env!("OUT_DIR", #missing), #name));)
}

fn expand(arguments: Arguments, root: &Path) -> TokenStream {
    let Arguments { files, options } = arguments;
    let folders: TokenStream =
        files.iter().filter(|file| root.join(file.value()).is_dir()).map(refuse_folder).collect();
    if !folders.is_empty() {
        return folders;
    }
    let paths: Vec<String> = files.iter().map(LitStr::value).collect();
    match generate(&paths, &options.base_dir(root)) {
        Ok(generated) => {
            let code = generated.tokens();
            // The compiler looks at the files again if they have changed.
            let tracked = generated.files().iter().map(|file| {
                let path = file.to_string_lossy();
                quote!(
                    const _: &[u8] = ::core::include_bytes!(#path);
                )
            });
            quote!(#code #(#tracked)*)
        }
        Err(errors) => all(&errors, &files),
    }
}

/// The compiler would not see that there is another file.
fn refuse_folder(folder: &LitStr) -> TokenStream {
    let message = format!(
        "{}: this is a folder\n  help: name the files in it, or use ottla_codegen::Builder in a build script",
        folder.value()
    );
    error(folder.span(), &message)
}

/// An error for each, at the file that it is in.
fn all(errors: &Errors, files: &[LitStr]) -> TokenStream {
    let place = |error: &Error| {
        let same = |file: &&LitStr| error.file().is_some_and(|shown| is_same(shown, &file.value()));
        files.iter().find(same).map_or_else(Span::call_site, LitStr::span)
    };
    errors.iter().map(|e| error(place(e), &e.to_string())).collect()
}

fn is_same(shown: &str, given: &str) -> bool {
    Path::new(shown).components().eq(Path::new(given).components().filter(|c| c.as_os_str() != "."))
}

fn error(span: Span, message: &str) -> TokenStream {
    quote_spanned!(span=> ::core::compile_error!(#message);)
}

/// `"a.avsc", "b.avsc", derive("glob", Path), borrowed = "glob", chrono`
struct Arguments {
    files: Vec<LitStr>,
    options: Options,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self { files: Vec::new(), options: Options::new() };
        for argument in Punctuated::<Argument, Token![,]>::parse_terminated(input)? {
            match argument {
                Argument::File(file) => arguments.files.push(file),
                Argument::Option(option) => arguments.options = option(arguments.options),
            }
        }
        Ok(arguments)
    }
}

enum Argument {
    File(LitStr),
    Option(Box<dyn FnOnce(Options) -> Options>),
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
        let single: Single = match word.to_string().as_str() {
            "borrowed" => |options, text| options.borrowed(text),
            "open_enums" => |options, text| options.open_enums(text),
            "sorted_maps" => |options, text| options.sorted_maps(text),
            "strip" => |options, text| options.strip(text),
            "runtime" => |options, text| options.runtime(text),
            "chrono" => return Ok(Self::option(|options| options.chrono(true))),
            "uuid" => return Ok(Self::option(|options| options.uuid(true))),
            "rust_decimal" => return Ok(Self::option(|options| options.rust_decimal(true))),
            _ => return Self::pair(&word, input),
        };
        input.parse::<Token![=]>()?;
        let text = input.parse::<LitStr>()?.value();
        Ok(Self::option(move |options| single(options, text)))
    }
}

impl Argument {
    fn option(change: impl FnOnce(Options) -> Options + 'static) -> Self {
        Self::Option(Box::new(change))
    }

    /// `derive("com.example.**", serde::Serialize)`
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
        let name = inner.parse::<LitStr>()?.value();
        inner.parse::<Token![,]>()?;
        let value = if inner.peek(LitStr) {
            inner.parse::<LitStr>()?.value()
        } else {
            let tokens = inner.parse::<TokenStream>()?;
            if word.to_string().ends_with("attribute") { tokens.to_string() } else { text_of(&tokens) }
        };
        if !inner.is_empty() {
            return Err(inner.error("expected `)`"));
        }
        Ok(Self::option(move |options| pair(options, name, value)))
    }
}

const UNKNOWN: &str = "expected the path of a schema file, as text, or one of \
    borrowed = \"...\", open_enums = \"...\", sorted_maps = \"...\", strip = \"...\", runtime = \"...\", \
    derive(\"...\", ...), type_attribute(\"...\", ...), field_attribute(\"...\", ...), map_type(\"...\", ...), \
    extern_path(\"...\", ...), chrono, uuid, rust_decimal";

/// Tokens as people write them in a path.
fn text_of(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    [(" :: ", "::"), (":: ", "::"), (" ::", "::"), (" < ", "<"), (" >", ">")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests;
