//! Places of JSON texts that were made at random: each value stands where it is said to stand, whatever is around it.

use ottla_formats::json::{self, Position, Value};
use ottla_gate::source::{PlaceId, Places};

use crate::mutations::Dice;

/// What may stand between two values.
const SPACES: [&str; 14] = [
    "",
    "",
    "",
    " ",
    "\t",
    "\r\n",
    "\n",
    "\r",
    "/* é \" } */",
    "// ] \" 🦀\n",
    "//\r",
    "/*/ x */",
    "//\0 }\n",
    "/**//***/",
];

const TEXTS: [&str; 14] = [
    r#""""#,
    r#""a""#,
    r#""~/""#,
    r#""a\"b""#,
    r#""\\""#,
    r#""\u0061""#,
    r#""\ud83e\udd80""#,
    r#""🦀é""#,
    r#""//x""#,
    r#""/*""#,
    r#""\u0000""#,
    r#""]}""#,
    r#""\\\"""#,
    r#""\ud800""#,
];

const WORDS: [&str; 4] = ["null", "true", "-1.5e+3", "12"];

fn space(dice: &mut Dice, text: &mut String) {
    for _ in 0..dice.of(3) {
        text.push_str(SPACES[dice.of(SPACES.len())]);
    }
}

fn value(dice: &mut Dice, depth: usize, text: &mut String) {
    match dice.of(if depth > 5 { 6 } else { 12 }) {
        at @ 0..=3 => text.push_str(WORDS[at]),
        4 | 5 => text.push_str(TEXTS[dice.of(TEXTS.len())]),
        kind => {
            let is_object = kind > 8;
            text.push(if is_object { '{' } else { '[' });
            for at in 0..dice.of(5) {
                text.push_str(if at == 0 { "" } else { "," });
                space(dice, text);
                if is_object {
                    text.push_str(TEXTS[dice.of(TEXTS.len())]);
                    space(dice, text);
                    text.push(':');
                    space(dice, text);
                }
                value(dice, depth + 1, text);
                space(dice, text);
            }
            text.push(if is_object { '}' } else { ']' });
        }
    }
}

/// Of a repeated key the last value counts, for those that read the text and for its places.
fn check(text: &str, places: &Places, at: PlaceId, value: &Value<'_>) {
    let bytes = places.bytes(at);
    let (stands, end) = json::parse(&text[bytes.clone()]).unwrap_or_else(|e| panic!("{e:?}: {text:?}"));
    assert_eq!((&stands, end), (value, bytes.len()), "{text:?}");
    assert_eq!(places.position(at), Position::of(text, bytes.start), "{text:?}");
    assert_eq!(places.end(at), Position::of(text, bytes.end), "{text:?}");
    match value {
        Value::Array(elements) => {
            for (number, element) in elements.iter().enumerate() {
                check(text, places, places.element(at, number), element);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let place = places.member(at, key);
                assert_ne!(place, at, "no {key:?} in {text:?}");
                check(text, places, place, member);
            }
        }
        _ => {}
    }
}

#[test]
fn values_of_random_texts() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..3_000 {
        let mut text = String::new();
        space(&mut dice, &mut text);
        value(&mut dice, 0, &mut text);
        let (value, _) = json::parse(&text).unwrap_or_else(|e| panic!("{e:?}: {text:?}"));
        let places = Places::read(&text);
        check(&text, &places, places.root(), &value);
    }
}

/// A text is read recursively, so its depth is that of the stack: a quarter of a megabyte is enough without optimisation.
#[test]
fn deep_texts() {
    let deep = |open: &str, close: &str| open.repeat(json::MAX_DEPTH) + "1" + &close.repeat(json::MAX_DEPTH);
    for text in [deep("[", "]"), deep("{\"a\":", "}")] {
        assert!(json::parse(&text).is_ok());
        let reads = move || Places::read(&text).pointer(Places::read(&text).root());
        let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(reads).expect("a thread");
        assert_eq!(thread.join().expect("enough of a stack"), "");
    }
}
