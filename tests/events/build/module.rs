//! One schema: a module with its types, and what a table says of the outermost.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ottla_codegen::model::{Body, Item, Model, Type};
use ottla_codegen::{Options, generate, model_of};

use crate::Outcome;

/// The options for the corpora: maps in an order that can be compared, and borrowed twins.
pub const ALL: [fn(Options) -> Options; 2] = [|o| o.sorted_maps("**"), |o| o.borrowed("**")];

/// Generates a module for one schema, with what there is of the options. Returns the path of its outermost type, or
/// nothing if the generator refuses the schema.
pub fn module(
    out: &Path,
    name: &str,
    schema: &str,
    choices: &[fn(Options) -> Options],
    code: &mut String,
) -> Outcome<Option<String>> {
    let file = out.join(format!("{name}.avsc"));
    fs::write(&file, schema)?;
    let files = [file];
    if generate(&files, &Options::new()).is_err() {
        return Ok(None);
    }
    let options = chosen(&files, choices);
    let generated = generate(&files, &options)?;
    let model = model_of(&files, &options)?;
    writeln!(code, "/// {name}\npub mod {name} {{\n{}\n}}", generated.to_source())?;
    let (path, sample) = outermost(&model, name).ok_or_else(|| format!("{schema}: no outermost type"))?;
    writeln!(code, "{sample}")?;
    Ok(Some(path))
}

/// The options that these files have something for: that there are maps, or text to borrow.
fn chosen(files: &[PathBuf], choices: &[fn(Options) -> Options]) -> Options {
    choices.iter().fold(Options::new(), |options, choose| {
        let more = choose(options.clone());
        if generate(files, &more).is_ok() { more } else { options }
    })
}

/// The path of the outermost type of the last file, and the line that makes it a sample.
pub fn outermost(model: &Model, module: &str) -> Option<(String, String)> {
    let last = model.sources.len() - 1;
    let item = model.items.iter().find(|i| i.event.is_some_and(|e| e.outermost && e.source == last))?;
    let modules: String = item.modules.iter().map(|m| format!("{m}::")).collect();
    let path = format!("{module}::{modules}{}", item.ident);
    let twin = item.borrowed.as_ref().map(|twin| format!(", {module}::{modules}{twin}<'_>"));
    let initial = if has_defaults(item) { ", default" } else { "" };
    let sample = format!("sample!({path}{initial}{});", twin.unwrap_or_default());
    Some((path, sample))
}

fn has_defaults(item: &Item) -> bool {
    matches!(&item.body, Body::Record(fields) if fields.iter().all(|f| f.default.is_some()))
}

/// Is there a `float` or `double` in it?
pub fn has_floats(model: &Model) -> bool {
    model.items.iter().any(|item| match &item.body {
        Body::Record(fields) => fields.iter().any(|f| is_float(&f.ty)),
        Body::Union(branches) => branches.iter().any(|b| is_float(&b.ty)),
        Body::Newtype(ty) => is_float(ty),
        Body::Enum(_) | Body::Fixed(_) => false,
    })
}

fn is_float(ty: &Type) -> bool {
    match ty {
        Type::Float | Type::Double => true,
        Type::Array(inner) | Type::Boxed(inner) => is_float(inner),
        Type::Map { values: inner, .. } | Type::Option { some: inner, .. } => is_float(inner),
        _ => false,
    }
}
