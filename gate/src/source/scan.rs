//! Which names a schema text defines and which it uses, before there is a schema.
//!
//! What is no schema is passed over: the parser says what is wrong with it.

use ottla_formats::avro::Name;
use ottla_formats::json::Value;

use super::places::{PlaceId, Places};

/// The names of a text, in its order.
#[derive(Debug, Default)]
pub struct Scan {
    /// The named types that it defines.
    pub definitions: Vec<Definition>,
    /// The names that it uses.
    pub uses: Vec<Use>,
}

/// The definition of a named type.
#[derive(Debug)]
pub struct Definition {
    /// The full name.
    pub name: String,
    /// Where.
    pub place: PlaceId,
}

/// A name that stands for a type.
#[derive(Debug)]
pub struct Use {
    /// As it is written.
    pub name: String,
    /// The namespace that it is written in.
    pub namespace: Option<String>,
    /// Where.
    pub place: PlaceId,
}

impl Use {
    /// The full names that it may stand for, the one that counts first.
    pub fn candidates(&self) -> impl Iterator<Item = String> {
        let qualified = Name::resolve(&self.name, None, self.namespace.as_deref()).full().to_owned();
        let bare = Some(self.name.clone()).filter(|name| *name != qualified);
        // `.Name` never finds a type.
        let none = self.name.starts_with('.');
        std::iter::once(qualified).chain(bare).filter(move |_| !none)
    }
}

/// Reads the names of a text.
pub fn scan(value: &Value<'_>, places: &Places) -> Scan {
    let mut scanner = Scanner { places, scan: Scan::default() };
    scanner.schema(value, places.root(), None);
    scanner.scan
}

struct Scanner<'a> {
    places: &'a Places,
    scan: Scan,
}

impl Scanner<'_> {
    /// A text has at most [`ottla_formats::json::MAX_DEPTH`] levels, so that it may be read recursively.
    fn schema(&mut self, value: &Value<'_>, place: PlaceId, namespace: Option<&str>) {
        match value {
            Value::String(name) => self.by_name(name, place, namespace),
            Value::Array(branches) => {
                for (at, branch) in branches.iter().enumerate() {
                    self.schema(branch, self.places.element(place, at), namespace);
                }
            }
            Value::Object(_) => self.object(value, place, namespace),
            _ => {}
        }
    }

    fn by_name(&mut self, name: &str, place: PlaceId, namespace: Option<&str>) {
        if !is_primitive(name) {
            let namespace = namespace.map(str::to_owned);
            self.scan.uses.push(Use { name: name.to_owned(), namespace, place });
        }
    }

    fn object(&mut self, value: &Value<'_>, place: PlaceId, namespace: Option<&str>) {
        let Some(word) = value.get("type").and_then(Value::as_str) else { return };
        let inner = match word {
            "array" => "items",
            "map" => "values",
            "record" | "error" | "enum" | "fixed" => return self.named(word, value, place, namespace),
            name => return self.by_name(name, self.places.member(place, "type"), namespace),
        };
        if let Some(part) = value.get(inner) {
            self.schema(part, self.places.member(place, inner), namespace);
        }
    }

    fn named(&mut self, word: &str, value: &Value<'_>, place: PlaceId, enclosing: Option<&str>) {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let Some(name) = text("name") else { return };
        let name = Name::resolve(name, text("namespace"), enclosing);
        self.scan.definitions.push(Definition { name: name.full().to_owned(), place });
        if !matches!(word, "record" | "error") {
            return;
        }
        let list = self.places.member(place, "fields");
        let fields = value.get("fields").and_then(Value::as_array).unwrap_or_default();
        for (at, field) in fields.iter().enumerate() {
            if let Some(ty) = field.get("type") {
                let field = self.places.element(list, at);
                self.schema(ty, self.places.member(field, "type"), name.namespace());
            }
        }
    }
}

fn is_primitive(name: &str) -> bool {
    matches!(name, "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string")
}
