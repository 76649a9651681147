//! Schemas that could have written what a reader reads, or nearly: the reader's own, changed here and there.

use serde_json::{Value, json};

use crate::random::Choices;
use crate::seeded::seeded;

/// A schema like the reader's. Some are incompatible, and some refer to what is no longer there.
pub fn writer(reader: &str, seed: u64) -> String {
    let mut schema: Value = serde_json::from_str(reader).expect("a schema is JSON");
    let choices = seeded(seed, 400);
    let mut change = Change { choices: Choices(&choices), renamed: Vec::new(), added: 0 };
    change.ty(&mut schema, false);
    for (old, new) in &change.renamed {
        rename(&mut schema, old, new);
    }
    schema.to_string()
}

struct Change<'c> {
    choices: Choices<'c>,
    /// Full names that are others with the writer.
    renamed: Vec<(String, String)>,
    added: usize,
}

impl Change<'_> {
    /// Changes are no more when the choices are used up: then the first is always chosen, which is none.
    fn one_in(&mut self, count: usize) -> bool {
        self.choices.of(count) == count - 1
    }

    fn ty(&mut self, ty: &mut Value, in_union: bool) {
        match ty {
            Value::String(word) if self.one_in(4) => *word = self.smaller(word),
            Value::Array(branches) => self.union(branches),
            Value::Object(object) => match object["type"].as_str() {
                Some("record" | "error") => self.record(ty),
                Some("enum") => self.enumeration(ty),
                Some("array") => self.ty(&mut ty["items"], false),
                Some("map") => self.ty(&mut ty["values"], false),
                Some("fixed") => self.name(ty),
                _ => self.ty(&mut ty["type"], in_union),
            },
            _ => {}
        }
        if let (Value::Array(branches), true) = (&mut *ty, self.one_in(6)) {
            // The branch that was written, without a union around it.
            let at = self.choices.of(branches.len().max(1));
            if at < branches.len() {
                *ty = branches.swap_remove(at);
            }
        } else if !in_union && !ty.is_array() && self.one_in(6) {
            *ty = self.wrapped(ty.take());
        }
    }

    /// A type that can be promoted to this one; now and then one that cannot.
    fn smaller(&mut self, word: &str) -> String {
        let words: &[&str] = match word {
            "int" => &["int", "int", "int", "long"],
            "long" => &["int", "int", "int", "float"],
            "float" => &["int", "long", "long", "double"],
            "double" => &["float", "long", "int", "int"],
            "string" => &["bytes", "bytes", "bytes", "int"],
            "bytes" => &["string", "string", "string", "boolean"],
            _ => return word.to_owned(),
        };
        words[self.choices.of(4)].to_owned()
    }

    fn wrapped(&mut self, ty: Value) -> Value {
        match (self.choices.of(4), ty.as_str()) {
            (0, Some("double")) => json!(["int", ty]),
            (1, Some("long")) => json!([ty, "int"]),
            (0, Some("string")) => json!(["bytes", ty]),
            (3, _) => json!(["null", ty]),
            _ => json!([ty]),
        }
    }

    fn union(&mut self, branches: &mut Vec<Value>) {
        branches.iter_mut().for_each(|branch| self.ty(branch, true));
        if branches.len() > 1 && self.one_in(3) {
            branches.rotate_left(1);
        }
        if branches.len() > 1 && self.one_in(4) {
            branches.pop();
        }
        if self.one_in(12) {
            branches.push(json!("boolean"));
        }
    }

    fn record(&mut self, record: &mut Value) {
        self.name(record);
        let fields = record["fields"].as_array_mut().expect("fields");
        for field in &mut *fields {
            self.ty(&mut field["type"], false);
            // What a writer has no value for does not matter to a reader.
            field.as_object_mut().expect("a field").remove("default");
            let alias = field["aliases"][0].as_str().map(str::to_owned);
            if let Some(alias) = alias.filter(|_| self.one_in(2)) {
                field["name"] = alias.into();
            }
        }
        if fields.len() > 1 && self.one_in(3) {
            let by = self.choices.of(fields.len());
            fields.rotate_left(by);
        }
        if self.one_in(3) && !fields.is_empty() {
            let at = self.choices.of(fields.len());
            fields.remove(at);
        }
        if self.one_in(2) {
            let at = self.choices.of(fields.len() + 1);
            let ty = self.new_type();
            self.added += 1;
            fields.insert(at, json!({"name": format!("added{}", self.added), "type": ty}));
        }
    }

    /// The type of a field that only the writer has.
    fn new_type(&mut self) -> Value {
        let name = format!("Added{}", self.added);
        let inner = ["null", "int", "string", "double", "boolean", "bytes"][self.choices.of(6)];
        match self.choices.of(8) {
            0..2 => json!(inner),
            2 => json!({"type": "array", "items": inner}),
            3 => json!({"type": "map", "values": {"type": "array", "items": inner}}),
            4 => json!({"type": "fixed", "name": name, "size": 3}),
            5 => json!({"type": "enum", "name": name, "symbols": ["A", "B"]}),
            6 => json!([inner, {"type": "array", "items": "long"}]),
            _ => json!({"type": "record", "name": name, "fields": [
                {"name": "a", "type": inner},
                {"name": "again", "type": {"type": "array", "items": name}},
            ]}),
        }
    }

    fn enumeration(&mut self, ty: &mut Value) {
        self.name(ty);
        ty.as_object_mut().expect("an enum").remove("default");
        let symbols = ty["symbols"].as_array_mut().expect("symbols");
        if self.one_in(3) {
            symbols.push(json!("NEW"));
        }
        if self.one_in(2) {
            symbols.rotate_left(1);
        }
        if symbols.len() > 1 && self.one_in(3) {
            symbols.remove(0);
        }
    }

    /// Gives a type a name that is an alias with the reader, in the same namespace.
    fn name(&mut self, ty: &mut Value) {
        let alias = ty["aliases"][0].as_str().map(str::to_owned);
        let Some(alias) = alias.filter(|alias| !alias.contains('.') && self.one_in(2)) else { return };
        let name = ty["name"].as_str().expect("a name");
        let namespace = ty["namespace"].as_str().or(name.rsplit_once('.').map(|(namespace, _)| namespace));
        let full = |name: &str| match namespace {
            Some(namespace) if !namespace.is_empty() => format!("{namespace}.{name}"),
            _ => name.to_owned(),
        };
        let (old, new) = (full(name.rsplit('.').next().unwrap_or(name)), full(&alias));
        self.renamed.push((old, new.clone()));
        ty["name"] = new.into();
    }
}

/// Another name wherever a type is referred to by its full name.
fn rename(schema: &mut Value, old: &str, new: &str) {
    match schema {
        Value::String(name) if name == old => new.clone_into(name),
        Value::Array(parts) => parts.iter_mut().for_each(|part| rename(part, old, new)),
        Value::Object(object) => object
            .iter_mut()
            .filter(|(key, _)| ["type", "items", "values", "fields"].contains(&key.as_str()))
            .for_each(|(_, part)| rename(part, old, new)),
        _ => {}
    }
}
