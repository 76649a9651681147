//! Where and why a text is no schema: every kind of error, with its place and what was expected there.

use ottla_formats::avro::{Mode, parse};

/// Each case is a text and its error as people read it: line, column, what is wrong, what was expected, JSON pointer.
fn check(cases: &[(&str, &str)]) {
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let answer = match parse(text, Mode::Register) {
            Ok(schema) => format!("accepted as {}", schema.to_text()),
            Err(error) => error.to_string(),
        };
        if answer != *expected {
            failures.push(format!("{text}\n    {answer}\n    expected\n    {expected}"));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn texts_that_are_no_json() {
    check(&[
        ("", "1:1: Cannot parse <null> schema (expected a schema)"),
        (" \n ", "1:1: Cannot parse <null> schema (expected a schema)"),
        ("{", "1:2: Unexpected end-of-input (expected a key in double-quotes)"),
        (r#"["int""#, "1:7: Unexpected end-of-input (expected a comma or ])"),
        (
            r#"[
  "int",
  ]"#,
            "3:3: Unexpected character (']' (code 93)) (expected a value at /1)",
        ),
        ("nope", "1:1: Unrecognized token 'nope' (expected a value)"),
        ("é\u{1}", "1:1: Unrecognized token 'é' (expected a value)"),
        ("[NaN]", "1:2: Non-standard token 'NaN' (expected a number, or this in quotes at /0)"),
        (
            r#"{"type":-Infinity}"#,
            "1:10: Non-standard token '-Infinity' (expected a number, or this in quotes at /type)",
        ),
        ("#", "1:1: Unexpected character ('#' (code 35)) (expected a value)"),
        (
            "\u{feff}\"int\"",
            "1:1: Unexpected character ('\u{feff}' (code 65279 / 0xfeff)) (expected a value)",
        ),
        ("\u{1}", "1:1: Illegal character ((CTRL-CHAR, code 1)) (expected a value)"),
        ("{'type':1}", "1:2: Unexpected character (''' (code 39)) (expected a key in double-quotes)"),
        (r#"{"type" 1}"#, "1:9: Unexpected character ('1' (code 49)) (expected a colon)"),
        (r#"{"type":"int" "p":1}"#, r#"1:15: Unexpected character ('"' (code 34)) (expected a comma or })"#),
        (r#"["int" "long"]"#, r#"1:8: Unexpected character ('"' (code 34)) (expected a comma or ])"#),
        (
            r#"{"type":"int","a/b~c":[1,[2,}"#,
            "1:29: Unexpected character ('}' (code 125)) (expected a value at /a~1b~0c/1/1)",
        ),
        (r#""int"#, "1:5: Unexpected end-of-input (expected a closing double-quote)"),
        (r#"{"typ"#, "1:6: Unexpected end-of-input (expected a closing double-quote)"),
        ("\"a\tb\"", "1:3: Illegal unquoted character ((CTRL-CHAR, code 9)) (expected an escape sequence)"),
        (
            r#""a\x""#,
            r#"1:4: Unrecognized character escape 'x' (code 120) (expected one of " \ / b f n r t u)"#,
        ),
        (r#""a\"#, r#"1:4: Unexpected end-of-input (expected one of " \ / b f n r t u)"#),
        (r#""\u12G4""#, "1:6: Unexpected character ('G' (code 71)) (expected a hexadecimal digit)"),
        (r#""\u12"#, "1:6: Unexpected end-of-input (expected a hexadecimal digit)"),
        (
            r#"{"type":"fixed","name":"F","size":016}"#,
            "1:36: Invalid numeric value: Leading zeroes not allowed (expected a number without leading zeroes at /size)",
        ),
        ("[-]", "1:3: Unexpected character (']' (code 93)) in numeric value (expected a digit at /0)"),
        ("[1.]", "1:4: Unexpected character (']' (code 93)) in numeric value (expected a digit at /0)"),
        ("[1e+]", "1:5: Unexpected character (']' (code 93)) in numeric value (expected a digit at /0)"),
        ("[1.", "1:4: Unexpected end-of-input (expected a digit at /0)"),
        ("/", "1:2: Unexpected end-of-input (expected a comment: // or /*)"),
        (r#"/ "int""#, "1:2: Unexpected character (' ' (code 32)) (expected a comment: // or /*)"),
        (r#"{"type": /* the type"#, "1:21: Unexpected end-of-input (expected */)"),
        (
            r#""int"
  // and
 x"#,
            "2:3: dangling content after end of schema: // and\n x (expected the end of the text)",
        ),
    ]);
}

#[test]
fn json_that_is_no_schema() {
    check(&[
        (
            "5",
            "1:1: Schema not yet supported: 5 (expected a schema: a name, an object or a list of branches)",
        ),
        (r#""nope""#, "1:1: Unknown schema: nope (expected the name of a primitive or referenced type)"),
        ("{}", r#"1:1: No type: {} (expected a member "type" with a name)"#),
        (
            r#"{"type":{"type":"int"}}"#,
            r#"1:9: No type: {"type":{"type":"int"}} (expected a member "type" with a name at /type)"#,
        ),
        (
            r#"{"type":"array"}"#,
            r#"1:1: Array has no items type: {"type":"array"} (expected a member "items" with a schema)"#,
        ),
        (
            r#"{"type":"map","items":"int"}"#,
            r#"1:1: Map has no values type: {"type":"map","items":"int"} (expected a member "values" with a schema)"#,
        ),
        (
            r#"{"type":"array","items":{"type":"map","values":null}}"#,
            "1:48: Schema not yet supported: null (expected a schema: a name, an object or a list of branches at /items/values)",
        ),
        (
            r#"{
  "type": "array",
  "items": "Nope"
}"#,
            "3:12: Undefined schema: Nope (expected the name of a type that is defined at /items)",
        ),
        (
            r#"{"type":"Nope"}"#,
            "1:9: Undefined schema: Nope (expected the name of a type that is defined at /type)",
        ),
        (
            r#"["int",["null"]]"#,
            r#"1:8: Nested union: ["int",["null"]] (expected a branch that is no union at /1)"#,
        ),
        (
            r#"["int",
 "null",
 "int"]"#,
            "3:2: Duplicate in union:int (expected branches of different types at /2)",
        ),
        (
            r#"["B", {"type":"fixed","name":"B","size":1}]"#,
            "1:7: Duplicate in union:B (expected branches of different types at /1)",
        ),
    ]);
}

#[test]
fn names() {
    check(&[
        (
            r#"{"type":"record","fields":[]}"#,
            r#"1:1: No name in schema: {"type":"record","fields":[]} (expected a member "name" with a text)"#,
        ),
        (
            r#"{"type":"record","name":"","fields":[]}"#,
            "1:25: Empty name (expected a name: a letter or _, then letters, digits and _ at /name)",
        ),
        (
            r#"{"type":"record","name":"1R","fields":[]}"#,
            "1:25: Illegal initial character: 1R (expected a name: a letter or _, then letters, digits and _ at /name)",
        ),
        (
            r#"{"type":"enum","name":"E-F","symbols":[]}"#,
            "1:23: Illegal character in: E-F (expected a name: a letter or _, then letters, digits and _ at /name)",
        ),
        (
            r#"{"type":"fixed","name":"Größe","size":1}"#,
            "1:24: Illegal character in: Größe (expected a name: a letter or _, then letters, digits and _ at /name)",
        ),
        (
            r#"{"type":"fixed","name":"a..F","size":1}"#,
            r#"1:24: Namespace part "" is invalid: Empty name (expected a namespace: names joined by dots at /name)"#,
        ),
        (
            r#"{"type":"fixed","namespace":"a.b-c","name":"F","size":1}"#,
            r#"1:29: Namespace part "b-c" is invalid: Illegal character in: b-c (expected a namespace: names joined by dots at /namespace)"#,
        ),
        (
            r#"{"type":"fixed","name":"int","size":1}"#,
            "1:24: Schemas may not be named after primitives: int (expected another name at /name)",
        ),
        (
            r#"{"type":"fixed","name":"F","aliases":"G","size":1}"#,
            r#"1:38: aliases not an array: {"type":"fixed","name":"F","aliases":"G","size":1} (expected a list of names at /aliases)"#,
        ),
        (
            r#"{"type":"fixed","name":"F","aliases":["G",5],"size":1}"#,
            "1:43: alias not a string: 5 (expected a name as text at /aliases/1)",
        ),
        (
            r#"{"type":"fixed","name":"F","aliases":["G","H-I"],"size":1}"#,
            "1:43: Illegal character in: H-I (expected a name: a letter or _, then letters, digits and _ at /aliases/1)",
        ),
        (
            r#"[{"type":"fixed","name":"F","size":1},
 {"type":"fixed","name":"F","size":2}]"#,
            "2:2: Can't redefine: F (expected a definition equal to the first at /1)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[
{"name":"f","type":{"type":"record","name":"R","fields":[]}}]}"#,
            "2:20: Can't redefine: R (expected a definition equal to the first at /fields/0/type)",
        ),
        (
            r#"{"type":"record","name":"a.R","fields":[{"name":"f","type":"S"},{"name":"g","type":"T"},{"name":"h","type":{"type":"record","name":"b.T","fields":[{"name":"i","type":"S"}]}},{"name":"j","type":{"type":"fixed","name":"S","size":1}}]}"#,
            "1:84: Undefined schema: a.T (expected the name of a type that is defined at /fields/1/type)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":["null",{"type":".S"}]}]}"#,
            "1:74: Undefined schema: .S (expected the name of a type that is defined at /fields/0/type/1/type)",
        ),
    ]);
}

#[test]
fn records() {
    check(&[
        (
            r#"{"type":"record","name":"R"}"#,
            r#"1:1: Record has no fields: {"type":"record","name":"R"} (expected a member "fields" with a list)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":{}}"#,
            r#"1:38: Record has no fields: {"type":"record","name":"R","fields":{}} (expected a member "fields" with a list at /fields)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[5]}"#,
            r#"1:39: No field name: 5 (expected a member "name" with a text at /fields/0)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":5,"type":"int"}]}"#,
            r#"1:47: No field name: {"name":5,"type":"int"} (expected a member "name" with a text at /fields/0/name)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f"}]}"#,
            r#"1:39: No field type: {"name":"f"} (expected a member "type" with a schema at /fields/0)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f-g","type":"int"}]}"#,
            "1:47: Illegal character in: f-g (expected a name: a letter or _, then letters, digits and _ at /fields/0/name)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[
  {"name":"f","type":"int"},
  {"name":"g","type":"int"},
  {"name":"f","type":"string"}
]}"#,
            "4:11: Duplicate field f in record R: f type:STRING pos:2 and f type:INT pos:0. (expected another field name at /fields/2/name)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int","order":"up"}]}"#,
            r#"1:72: No enum constant org.apache.avro.Schema.Field.Order.UP (expected "ascending", "descending" or "ignore" at /fields/0/order)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int","order":5}]}"#,
            r#"1:72: No enum constant org.apache.avro.Schema.Field.Order.5 (expected "ascending", "descending" or "ignore" at /fields/0/order)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int","aliases":{}}]}"#,
            r#"1:74: aliases not an array: {"name":"f","type":"int","aliases":{}} (expected a list of names at /fields/0/aliases)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int","aliases":[null]}]}"#,
            "1:75: alias not a string: null (expected a name as text at /fields/0/aliases/0)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":["null",{"type":"array","items":{"type":"record","name":"S","fields":[{"name":"g","type":7}]}}]}]}"#,
            "1:147: Schema not yet supported: 7 (expected a schema: a name, an object or a list of branches at /fields/0/type/1/items/fields/0/type)",
        ),
    ]);
}

#[test]
fn defaults() {
    check(&[
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int","default":"x"}]}"#,
            r#"1:74: Invalid default for field f: "x" not a "int" (expected a value of the field's type at /fields/0/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"long","default":1.0}]}"#,
            r#"1:75: Invalid default for field f: 1.0 not a "long" (expected a value of the field's type at /fields/0/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":["null","int"],"default":[]}]}"#,
            r#"1:83: Invalid default for field f: [] not a ["null","int"] (expected a value of the field's type at /fields/0/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"float","default":"abc"}]}"#,
            r#"1:76: For input string: "abc" (expected a number at /fields/0/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":"double","default":" "}]}"#,
            "1:77: empty String (expected a number at /fields/0/default)",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":{"type":"record","name":"S","fields":[{"name":"g","type":"int"}]},"default":{}}]}"#,
            r#"1:134: Invalid default for field f: {} not a {"type":"record","name":"S","fields":[{"name":"g","type":"int"}]} (expected a value of the field's type at /fields/0/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[
 {"name":"e","type":"S"},
 {"name":"f","type":"S","default":"é"},
 {"name":"g","type":{"type":"record","name":"S","fields":[]}}]}"#,
            r#"3:35: Invalid default for field f: "é" not a {"type":"record","name":"S","fields":[]} (expected a value of the field's type at /fields/1/default)"#,
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","fields":[{"name":"s","type":["S","T"],"default":{}}]}},{"name":"t","type":{"type":"fixed","name":"T","size":1}}]}"#,
            "1:135: Invalid default for field s: it nests more than 64 levels deep (expected a value of the field's type at /fields/0/type/fields/0/default)",
        ),
    ]);
}

#[test]
fn enums_and_fixed() {
    check(&[
        (
            r#"{"type":"enum","name":"E"}"#,
            r#"1:1: Enum has no symbols: {"type":"enum","name":"E"} (expected a member "symbols" with a list of names)"#,
        ),
        (
            r#"{"type":"enum","name":"E","symbols":"A"}"#,
            r#"1:37: Enum has no symbols: {"type":"enum","name":"E","symbols":"A"} (expected a member "symbols" with a list of names at /symbols)"#,
        ),
        (
            r#"{"type":"enum","name":"E","symbols":["A",5]}"#,
            "1:42: Null name (expected a symbol: a name as text at /symbols/1)",
        ),
        (
            r#"{"type":"enum","name":"E","symbols":["A","B-C"]}"#,
            "1:42: Illegal character in: B-C (expected a name: a letter or _, then letters, digits and _ at /symbols/1)",
        ),
        (
            r#"{"type":"enum","name":"E","symbols":["A","B","A"]}"#,
            "1:46: Duplicate enum symbol: A (expected different symbols at /symbols/2)",
        ),
        (
            r#"{"type":"enum","name":"E","symbols":["A","B"],"default":"C"}"#,
            "1:57: The Enum Default: C is not in the enum symbol set: [A, B] (expected one of the symbols at /default)",
        ),
        (
            r#"{"type":"fixed","name":"F"}"#,
            r#"1:1: Invalid or no size: {"type":"fixed","name":"F"} (expected a member "size" with a number of bytes)"#,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1.0}"#,
            r#"1:35: Invalid or no size: {"type":"fixed","name":"F","size":1.0} (expected a member "size" with a number of bytes at /size)"#,
        ),
        (
            r#"{"type":"fixed","name":"F","size":-1}"#,
            "1:35: Malformed data. Length is negative: -1 (expected a number from 0 to 2147483639 at /size)",
        ),
        (
            r#"{"type":"fixed","name":"F","size":2147483640}"#,
            "1:35: Malformed data. Length is too large: 2147483640 (expected a number from 0 to 2147483639 at /size)",
        ),
    ]);
}

/// A schema is kept as its text, in which types stand where they are used first. Java keeps another schema then.
#[test]
fn what_is_registered_can_be_read_again() {
    let text = |first: &str| {
        let inner = r#"{"type":"record","name":"n.R","fields":[{"name":"c","type":"S"}]}"#;
        format!(
            r#"{{"type":"record","name":"R","fields":[
                {{"name":"a","type":{{"type":"enum","name":"S","symbols":[]}}}},{first}
                {{"name":"b","type":{inner}}},
                {{"name":"d","type":{{"type":"fixed","name":"n.S","size":1}}}}
            ]}}"#
        )
    };
    assert!(parse(&text(""), Mode::Register).is_ok());
    // Now the second S is printed before the use of the first.
    let text = text(r#"{"name":"e","type":"n.S"},"#);
    check(&[(
        &text,
        "1:1: The schema in full: a name without a namespace becomes that of another type within one (expected \
         different names)",
    )]);
    assert!(parse(&text, Mode::Lookup).is_ok());
}

/// The registry's clients see Jackson's words, its exceptions and its way to name a place.
#[test]
fn clients_read_what_java_says() {
    let told = |text: &str| parse(text, Mode::Register).expect_err("no schema").message().to_owned();
    let source = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";
    assert_eq!(
        told("\n {'type':'int'}"),
        format!(
            "com.fasterxml.jackson.core.JsonParseException: Unexpected character (''' (code 39)): was expecting \
             double-quote to start field name\n at {source}; line: 2, column: 3]"
        )
    );
    assert_eq!(
        told(r#"{"type":"int""#),
        format!(
            "com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input: expected close marker for Object \
             (start marker at {source}; line: 1, column: 1])\n at {source}; line: 1, column: 14]"
        )
    );
    assert_eq!(told("\"nope\""), "Unknown schema: org.apache.avro.compiler.UnresolvedSchema_1");
}

/// The last of two equal members counts, also as the place of an error.
#[test]
fn the_place_of_an_error_is_in_the_member_that_counts() {
    let text = r#"{"items":5,"type":"array","items":"int","\u0069tems": 6}"#;
    let error = parse(text, Mode::Register).expect_err("no schema");
    assert_eq!((error.pointer(), error.line(), error.column()), ("/items", 1, 55));
    assert_eq!(error.message(), "Schema not yet supported: 6");
}
