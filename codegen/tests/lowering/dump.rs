//! A model as text.

use std::fmt::Write as _;

use ottla_codegen::model::{Body, Field, Item, Model, Module, Type};

/// All modules and items of a model.
pub fn dump(model: &Model) -> String {
    let mut text = String::new();
    for (at, source) in model.sources.iter().enumerate() {
        write!(text, "{at} {}", source.name).unwrap();
        for (name, to) in &source.references {
            write!(text, ", {name} of {to}").unwrap();
        }
        text.push('\n');
    }
    module(model, &model.root, 0, &mut text);
    text
}

fn module(model: &Model, module: &Module, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for id in &module.items {
        item(model, &model.items[id.0], &indent, text);
    }
    for inner in &module.modules {
        writeln!(text, "{indent}mod {} ({})", inner.name, inner.namespace).unwrap();
        self::module(model, inner, depth + 1, text);
    }
}

fn item(model: &Model, item: &Item, indent: &str, text: &mut String) {
    for line in item.doc.iter().flat_map(|doc| doc.lines()) {
        writeln!(text, "{indent}/// {line}").unwrap();
    }
    for attribute in &item.attributes {
        writeln!(text, "{indent}{attribute}").unwrap();
    }
    if !item.derives.is_empty() {
        writeln!(text, "{indent}#[derive({})]", item.derives.join(", ")).unwrap();
    }
    let word = match &item.body {
        Body::Record(_) => "record",
        Body::Enum(_) => "enum",
        Body::Fixed(_) => "fixed",
        Body::Union(_) => "union",
        Body::Newtype(_) => "newtype",
    };
    let place = &item.place;
    write!(
        text,
        "{indent}{word} {} = {} {}:{}:{}",
        item.ident, item.avro, place.file, place.line, place.column
    )
    .unwrap();
    let origin = item.event.map(|event| if event.outermost { ", outermost" } else { ", inner" });
    text.push_str(origin.unwrap_or_default());
    if let Some(twin) = &item.borrowed {
        write!(text, ", twin {twin}").unwrap();
    }
    text.push_str(if item.recursive { ", recursive\n" } else { "\n" });
    body(model, &item.body, &format!("{indent}    "), text);
}

fn body(model: &Model, body: &Body, indent: &str, text: &mut String) {
    match body {
        Body::Record(fields) => fields.iter().for_each(|field| self::field(model, field, indent, text)),
        Body::Enum(of) => {
            for (at, symbol) in of.symbols.iter().enumerate() {
                let default = if of.default == Some(at) { " (default)" } else { "" };
                writeln!(text, "{indent}{} = {}{default}", symbol.ident, symbol.avro).unwrap();
            }
            if let Some(open) = &of.open {
                writeln!(text, "{indent}{open} = ...").unwrap();
            }
        }
        Body::Fixed(size) => writeln!(text, "{indent}[u8; {size}]").unwrap(),
        Body::Union(branches) => {
            for branch in branches {
                let (ty, avro) = (ty(model, &branch.ty), &branch.avro);
                writeln!(text, "{indent}{} {}: {ty} = {avro}", branch.position, branch.ident).unwrap();
            }
        }
        Body::Newtype(inner) => writeln!(text, "{indent}{}", ty(model, inner)).unwrap(),
    }
}

fn field(model: &Model, field: &Field, indent: &str, text: &mut String) {
    for line in field.doc.iter().flat_map(|doc| doc.lines()) {
        writeln!(text, "{indent}/// {line}").unwrap();
    }
    for attribute in &field.attributes {
        writeln!(text, "{indent}{attribute}").unwrap();
    }
    write!(text, "{indent}{}: {} = {}: {}", field.ident, ty(model, &field.ty), field.avro, field.words)
        .unwrap();
    if let Some(default) = &field.default {
        let bytes: String = default.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        write!(text, ", default {} ({bytes})", default.json.to_text()).unwrap();
    }
    text.push('\n');
}

fn ty(model: &Model, of: &Type) -> String {
    let item = |id: usize| {
        let item = &model.items[id];
        item.modules.iter().chain([&item.ident]).map(String::as_str).collect::<Vec<_>>().join("::")
    };
    match of {
        Type::Null => "()".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Int => "i32".to_owned(),
        Type::Long => "i64".to_owned(),
        Type::Float => "f32".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::Bytes => "Vec<u8>".to_owned(),
        Type::String => "String".to_owned(),
        Type::Array(items) => format!("Vec<{}>", ty(model, items)),
        Type::Map { values, sorted: false } => format!("HashMap<{}>", ty(model, values)),
        Type::Map { values, sorted: true } => format!("BTreeMap<{}>", ty(model, values)),
        Type::Option { null, some } => format!("Option<{}>, null {null}", ty(model, some)),
        Type::OptionUnion { null, union } => format!("Option<{}>, null {null}", item(union.0)),
        Type::Item(id) => item(id.0),
        Type::Extern { path, avro } => format!("{path} (extern {avro})"),
        Type::Logical(logical) => format!("{logical:?}"),
        Type::Mapped { path, base } => format!("{path} (as {})", ty(model, base)),
        Type::Boxed(inner) => format!("Box<{}>", ty(model, inner)),
    }
}
