//! The places of findings.

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::Level;
use ottla_formats::json::{self, Position, Value};
use ottla_gate::finding::{Finding, Place};
use ottla_gate::located::Located;

use crate::sources::{File, compared, released, sources};

/// A place is where its pointer leads in its file, and ends where that value ends.
pub fn check_place(place: &Place, files: &[File<'_>]) {
    let (_, text) = files.iter().find(|(name, _)| *name == place.file).expect("the file of the place");
    let (value, _) = json::parse(text).expect("JSON");
    let meant = resolve(&value, &place.pointer).unwrap_or_else(|| panic!("{} leads nowhere", place.pointer));
    let (from, to) = (offset(text, place.position), offset(text, place.end));
    let at_place = &text[from..to];
    let (stands, end) = json::parse(at_place).unwrap_or_else(|e| panic!("{e:?}: {at_place}"));
    assert_eq!(end, at_place.len(), "{at_place}");
    assert_eq!(&stands, meant, "{}", place.pointer);
}

/// The value that a pointer leads to (RFC 6901).
fn resolve<'v>(value: &'v Value<'v>, pointer: &str) -> Option<&'v Value<'v>> {
    let steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    steps.into_iter().try_fold(value, |value, step| match value {
        Value::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => value.get(&step),
    })
}

/// The byte of a line and column.
pub fn offset(text: &str, position: Position) -> usize {
    let mut line_at = 0;
    for line in text.split_inclusive('\n').take(position.line - 1) {
        line_at += line.len();
    }
    let rest = &text[line_at..];
    let column = rest.char_indices().nth(position.column - 1).map_or(rest.len(), |(at, _)| at);
    line_at + column
}

fn findings(old: &str, new: &str, level: Level) -> Vec<Finding> {
    let files = [("a.avsc", new)];
    let (now, at) = sources(&files, "a.avsc", Mode::Register);
    let found = compared(&now, at, &[released("version 1", &[("a.avsc", old)], "a.avsc")], level).findings;
    found.iter().for_each(|finding| check_place(finding.place.as_ref().expect("a place"), &files));
    found
}

const OLD: &str = r#"{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}"#;

/// Columns count characters, also of tabs, and lines end with what Windows ends them with.
#[test]
fn lines_and_columns() {
    for (new, line, column, end) in [
        (
            "{\"type\":\"record\",\"name\":\"R\",\r\n\t\"fields\":[\r\n\t\t{\"name\":\"a\",\"type\":\"string\"}]}",
            3,
            22,
            30,
        ),
        (
            "{\"type\":\"record\",\"doc\":\"größer ≥ 🦀\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}",
            1,
            77,
            85,
        ),
        (
            "/* é\n */ {\"type\":\"record\", // \"type\"\n \"name\":\"R\",\"fields\":[{\"name\":\"a\",/*\n*/\"type\":\"string\"}]}",
            4,
            10,
            18,
        ),
        (
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"type\":\"int\",\"name\":\"a\",\"\\u0074ype\":\"string\"}]}",
            1,
            76,
            84,
        ),
        (
            "\n\n\n{\"fields\":[{\"type\":{\"type\":\"string\"},\"name\":\"a\"}],\"name\":\"R\",\"type\":\"record\"}",
            4,
            20,
            37,
        ),
    ] {
        let found = findings(OLD, new, Level::Backward);
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        let place = finding.place.as_ref().expect("a place");
        assert_eq!(
            (place.position.line, place.position.column, place.end.column),
            (line, column, end),
            "{new}"
        );
        assert_eq!(place.pointer, "/fields/0/type");
    }
}

/// What the text of a file says is shown on one line, and not at any length.
#[test]
fn snippets_are_short_and_on_one_line() {
    let symbols: String = (0..2_000).map(|at| format!("\"SYMBOL_{at}\",\r\n")).collect();
    let of = |symbols: &str| format!(r#"{{"type": "enum", "name": "E", "symbols": [{symbols}"LAST"]}}"#);
    let found = findings(&of(&symbols), &of(""), Level::Backward);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    let old = finding.old.as_deref().expect("what was there");
    assert!(old.starts_with(r#"["SYMBOL_0", "SYMBOL_1", "#) && old.ends_with('…'), "{old}");
    assert!(old.chars().count() <= 501, "{}", old.len());
    assert_eq!(
        finding.message,
        r#"enum E lacks "SYMBOL_0", "SYMBOL_1", "SYMBOL_2", "SYMBOL_3", "SYMBOL_4", "SYMBOL_5" and 1994 more, which version 1 wrote, and has no default"#
    );
    let found = findings(&of(""), &of(&symbols), Level::Forward);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    let new = finding.new.as_deref().expect("what is there");
    assert!(new.starts_with(r#"["SYMBOL_0", "SYMBOL_1", "#) && new.ends_with('…') && !new.contains('\n'));
}

/// Every type, field, symbol and branch of a set of files has its place.
#[test]
fn everything_is_located() {
    let files: [File<'_>; 3] = [
        ("unit.avsc", r#"{"type": "fixed", "name": "a.Unit", "size": 3}"#),
        (
            "money.avsc",
            r#"{"type": "record", "name": "a.Money", "fields": [{"name": "unit", "type": "Unit"}, {"name": "all", "type": {"type": "map", "values": ["null", {"type": "enum", "name": "E", "symbols": ["A", "B"]}, "E2"]}}, {"name": "e2", "type": {"type": "enum", "name": "E2", "symbols": []}}]}"#,
        ),
        (
            "order.avsc",
            r#"{"type": "record", "name": "a.Order", "fields": [{"name": "self", "type": ["null", "Order"]}, {"name": "m", "type": {"type": "array", "items": "Money"}}, {"name": "u", "type": {"type": "Unit"}}]}"#,
        ),
    ];
    let (now, at) = sources(&files, "order.avsc", Mode::Register);
    let located = Located::new(&now, at);
    let schema = located.schema();
    let mut shown = Vec::new();
    for id in schema.ids() {
        let name = schema.kind(id).name().map_or(schema.kind(id).word(), |name| name.full());
        let place = located.place(located.ty(id));
        check_place(&place, &files);
        shown.push(format!("{name} {}#{}", place.file, place.pointer));
        for (slot, part) in schema.slots(id) {
            let place = located.place(located.slot(slot));
            check_place(&place, &files);
            let part = schema.kind(part).name().map_or(schema.kind(part).word(), |name| name.full());
            shown.push(format!("  {part} {}#{}", place.file, place.pointer));
        }
    }
    shown.sort();
    shown.dedup();
    let expected = include_str!("everything_is_located.txt");
    assert_eq!(shown.join("\n"), expected.trim_end());
    let unit = schema.named("a.Unit").expect("the fixed");
    assert_eq!(located.text(located.member(unit, "size")), "3");
    let e = schema.named("a.E").expect("the enum");
    assert_eq!(located.text(located.symbol(e, 1)), "\"B\"");
    assert_eq!(located.text(located.field_member(schema.root(), 1, "name")), "\"m\"");
}

/// What the fix says to write makes the schema compatible.
#[test]
fn fixes_mend_what_they_are_for() {
    let field = |ty: &str| {
        format!(
            r#"{{"type": "record", "name": "R", "fields": [{{"name": "a", "type": "int"}}, {{"name": "b", "type": {ty}}}]}}"#
        )
    };
    for ty in [
        r#""string""#,
        r#""null""#,
        r#"["null", "int"]"#,
        r#"["int", "string"]"#,
        r#"{"type": "array", "items": "int"}"#,
        r#"{"type": "map", "values": "int"}"#,
        r#"{"type": "fixed", "name": "F", "size": 4}"#,
        r#"{"type": "bytes", "logicalType": "decimal", "precision": 4}"#,
        r#"{"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}"#,
    ] {
        let new = field(ty);
        let found = findings(OLD, &new, Level::Full);
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        let fix = finding.fix.as_deref().expect("a fix");
        let members = fix.split_once(": ").expect("members").1;
        let members = members.strip_suffix(", or give it another default").unwrap_or(members);
        let members = if members.contains("\"type\": [") {
            members.to_owned()
        } else {
            format!("\"type\": {ty}, {members}")
        };
        let place = finding.place.as_ref().expect("a place");
        let (from, to) = (offset(&new, place.position), offset(&new, place.end));
        let mended = format!("{}{{\"name\": \"b\", {members}}}{}", &new[..from], &new[to..]);
        assert_eq!(findings(OLD, &mended, Level::Full), [], "{fix}: {mended}");
    }
}
