//! Does a schema write the same bytes with the same meaning as another?

use std::collections::HashSet;

use ottla_formats::avro::{Kind, Schema, TypeId};

/// How many differences are listed.
const MOST: usize = 100;

/// How the schema of a registry differs from that of a type, in what bytes mean: types, names, the order of fields, symbols and
/// branches, logical types. Docs, aliases and defaults are for readers. None: what the type writes can go under the
/// registry's id.
pub(super) fn differences(own: &Schema, registered: &Schema) -> Vec<String> {
    let mut pair = Pair { own, registered, met: HashSet::new(), found: Vec::new() };
    let mut open = vec![(own.root(), registered.root(), String::new())];
    while let Some((a, b, path)) = open.pop() {
        if pair.found.len() == MOST {
            pair.found.push("and more".to_owned());
            break;
        }
        pair.compare(a, b, &path, &mut open);
    }
    pair.found
}

type Open = Vec<(TypeId, TypeId, String)>;

struct Pair<'a> {
    own: &'a Schema,
    registered: &'a Schema,
    met: HashSet<(TypeId, TypeId)>,
    found: Vec<String>,
}

impl Pair<'_> {
    fn compare(&mut self, a: TypeId, b: TypeId, path: &str, open: &mut Open) {
        let (own, registered) = (self.own.ty(a), self.registered.ty(b));
        if own.kind.name().is_some() && !self.met.insert((a, b)) {
            return;
        }
        let full = |kind: &Kind| kind.name().map_or(kind.word(), |name| name.full()).to_owned();
        if full(&own.kind) != full(&registered.kind) {
            return self.differ(path, &full(&own.kind), &full(&registered.kind));
        }
        for attribute in ["logicalType", "precision", "scale"] {
            let text = |ty: &ottla_formats::avro::Type| match ty.attribute(attribute) {
                Some(value) => value.to_text(),
                None if attribute == "scale" => "0".to_owned(),
                None => "nothing".to_owned(),
            };
            let (x, y) = (text(own), text(registered));
            if x != y {
                self.differ(path, &format!("{attribute} {x}"), &format!("{attribute} {y}"));
            }
        }
        self.parts(&own.kind, &registered.kind, path, open);
    }

    fn parts(&mut self, own: &Kind, registered: &Kind, path: &str, open: &mut Open) {
        match (own, registered) {
            (Kind::Array(a), Kind::Array(b)) | (Kind::Map(a), Kind::Map(b)) => {
                open.push((*a, *b, format!("{path}/{}", items(own))));
            }
            (Kind::Union(a), Kind::Union(b)) => {
                let count = |branches: &[TypeId]| format!("{} branches", branches.len());
                if a.len() != b.len() {
                    return self.differ(path, &count(a), &count(b));
                }
                let pairs = a.iter().zip(b).enumerate().rev();
                open.extend(pairs.map(|(at, (a, b))| (*a, *b, format!("{path}/{at}"))));
            }
            (Kind::Record(a), Kind::Record(b)) => {
                let names = |fields: &[ottla_formats::avro::Field]| {
                    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                    format!("fields {}", names.join(", "))
                };
                let (x, y) = (names(&a.fields), names(&b.fields));
                if x != y {
                    return self.differ(path, &x, &y);
                }
                let pairs = a.fields.iter().zip(&b.fields).rev();
                open.extend(pairs.map(|(a, b)| (a.ty, b.ty, format!("{path}/{}", a.name))));
            }
            (Kind::Enum(a), Kind::Enum(b)) if a.symbols != b.symbols => {
                let symbols = |symbols: &[String]| format!("symbols {}", symbols.join(", "));
                self.differ(path, &symbols(&a.symbols), &symbols(&b.symbols));
            }
            (Kind::Fixed(a), Kind::Fixed(b)) if a.size != b.size => {
                self.differ(path, &format!("{} bytes", a.size), &format!("{} bytes", b.size));
            }
            (a, b) if a.word() != b.word() => self.differ(path, a.word(), b.word()),
            _ => {}
        }
    }

    fn differ(&mut self, path: &str, own: &str, registered: &str) {
        let path = if path.is_empty() { "/" } else { path };
        self.found.push(format!("{path}: {own} in the type, {registered} in the registry"));
    }
}

fn items(kind: &Kind) -> &'static str {
    if matches!(kind, Kind::Array(_)) { "items" } else { "values" }
}

#[cfg(test)]
mod tests {
    use ottla_formats::avro::{Mode, parse};

    use super::differences;

    fn check(own: &str, registered: &str, expected: &[&str]) {
        let parse = |text: &str| parse(text, Mode::Lookup).unwrap();
        assert_eq!(differences(&parse(own), &parse(registered)), expected, "{own} and {registered}");
    }

    #[test]
    fn what_bytes_mean() {
        let record = |fields: &str| format!(r#"{{"type":"record","name":"n.R","fields":[{fields}]}}"#);
        let field = |name: &str, ty: &str| format!(r#"{{"name":"{name}","type":{ty}}}"#);
        let two = record(&format!("{},{}", field("a", r#""int""#), field("b", r#""int""#)));
        check(&two, &two, &[]);
        let documented = two.replace(r#""name":"a""#, r#""name":"a","doc":"x","default":1,"aliases":["z"]"#);
        check(&two, &documented, &[]);
        let swapped = record(&format!("{},{}", field("b", r#""int""#), field("a", r#""int""#)));
        check(&two, &swapped, &["/: fields a, b in the type, fields b, a in the registry"]);
        let wide = two.replace(r#""name":"b","type":"int""#, r#""name":"b","type":"long""#);
        check(&two, &wide, &["/b: int in the type, long in the registry"]);
        check(&two, r#""int""#, &["/: n.R in the type, int in the registry"]);
    }

    #[test]
    fn parts_and_logical_types() {
        check(
            r#"["null",{"type":"array","items":"int"}]"#,
            r#"["null",{"type":"array","items":"long"}]"#,
            &["/1/items: int in the type, long in the registry"],
        );
        check(r#"["null","int"]"#, r#"["int"]"#, &["/: 2 branches in the type, 1 branches in the registry"]);
        check(
            r#"{"type":"enum","name":"E","symbols":["A","B"]}"#,
            r#"{"type":"enum","name":"E","symbols":["A"]}"#,
            &["/: symbols A, B in the type, symbols A in the registry"],
        );
        check(
            r#"{"type":"fixed","name":"F","size":1}"#,
            r#"{"type":"fixed","name":"F","size":2}"#,
            &["/: 1 bytes in the type, 2 bytes in the registry"],
        );
        check(
            r#"{"type":"long","logicalType":"timestamp-millis"}"#,
            r#"{"type":"long","logicalType":"timestamp-micros"}"#,
            &[
                "/: logicalType \"timestamp-millis\" in the type, logicalType \"timestamp-micros\" in the registry",
            ],
        );
        check(
            r#"{"type":"bytes","logicalType":"decimal","precision":9}"#,
            r#"{"type":"bytes","logicalType":"decimal","precision":9,"scale":0}"#,
            &[],
        );
    }

    #[test]
    fn recursion_ends_and_the_list_too() {
        let list = r#"{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}"#;
        check(list, list, &[]);
        let branches = |ty: &str| {
            let fields: Vec<String> =
                (0..200).map(|i| format!(r#"{{"name":"f{i}","type":"{ty}"}}"#)).collect();
            format!(r#"{{"type":"record","name":"R","fields":[{}]}}"#, fields.join(","))
        };
        let parse = |text: &str| parse(text, Mode::Lookup).unwrap();
        let found = differences(&parse(&branches("int")), &parse(&branches("long")));
        assert_eq!((found.len(), found.last().map(String::as_str)), (101, Some("and more")));
    }
}
