//! The front end for macros: what stands between the parentheses becomes paths and options, and errors become errors of
//! the compiler.
//!
//! ```text
//! expand/arguments.rs  what stands between the parentheses
//! ```

mod arguments;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::error::{Error, Errors};
use crate::generated::generate;
use arguments::Arguments;

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
    let Arguments { files, options, lock, said } = arguments;
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
        Err(errors) => {
            let given: Vec<&LitStr> = files.iter().chain(&lock).collect();
            all(&errors, &given, &said)
        }
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

/// An error for each, at the file or option that it is about.
fn all(errors: &Errors, files: &[&LitStr], said: &[(String, Span)]) -> TokenStream {
    let place = |error: &Error| match error.file() {
        Some(shown) => files.iter().find(|file| is_same(shown, &file.value())).map(|file| file.span()),
        None => said.iter().find(|(said, _)| error.message().starts_with(said)).map(|(_, span)| *span),
    };
    let spanned = |e: &Error| error(place(e).unwrap_or_else(Span::call_site), &e.to_string());
    errors.iter().map(spanned).collect()
}

fn is_same(shown: &str, given: &str) -> bool {
    Path::new(shown).components().eq(Path::new(given).components().filter(|c| c.as_os_str() != "."))
}

fn error(span: Span, message: &str) -> TokenStream {
    quote_spanned!(span=> ::core::compile_error!(#message);)
}
