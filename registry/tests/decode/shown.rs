//! How values are shown: plainly, with what logical types are on the wire, in Avro's JSON encoding, and indented.

use crate::data::{Files, long, prefixed};
use crate::run::{command, failed, printed};

/// What a value of a schema looks like in the three ways: plain, raw, Avro's.
fn check(schema: &str, bytes: &[u8], [plain, raw, avro]: [&str; 3]) {
    let files = Files::new();
    let path = files.write("schema.avsc", schema);
    for (more, expected) in [(&[][..], plain), (&["--raw"], raw), (&["--avro-json"], avro)] {
        let mut command = command(&["--bare", "--schema", &path, "--input", "raw"]);
        assert_eq!(printed(command.args(more), bytes), format!("{expected}\n"), "{schema} {more:?}");
    }
}

fn same(schema: &str, bytes: &[u8], expected: &str) {
    check(schema, bytes, [expected; 3]);
}

#[test]
fn primitive_types() {
    same(r#""null""#, &[], "null");
    same(r#""boolean""#, &[1], "true");
    same(r#""int""#, &long(i32::MIN.into()), "-2147483648");
    same(r#""long""#, &long(i64::MAX), "9223372036854775807");
    same(r#""float""#, &0.1_f32.to_le_bytes(), "0.1");
    same(r#""float""#, &f32::MAX.to_le_bytes(), "3.4028235e38");
    same(r#""double""#, &(-0.0_f64).to_le_bytes(), "-0.0");
    same(r#""double""#, &5e-324_f64.to_le_bytes(), "5e-324");
    same(r#""double""#, &f64::NAN.to_le_bytes(), "\"NaN\"");
    same(r#""float""#, &f32::NEG_INFINITY.to_le_bytes(), "\"-Infinity\"");
    same(
        r#""string""#,
        &prefixed("a\"\\\n\u{1}\u{1b}é😀\u{2028}"),
        "\"a\\\"\\\\\\n\\u0001\\u001Bé😀\u{2028}\"",
    );
    check(r#""bytes""#, &prefixed([0, 10, 255]), ["\"000aff\"", "\"000aff\"", "\"\\u0000\\n\u{ff}\""]);
    check(
        r#"{"type":"fixed","name":"F","size":17}"#,
        &[0x41; 17],
        [
            "\"4141414141414141414141414141414141\"",
            "\"4141414141414141414141414141414141\"",
            "\"AAAAAAAAAAAAAAAAA\"",
        ],
    );
    same(r#"{"type":"fixed","name":"F","size":0}"#, &[], "\"\"");
    same(r#"{"type":"enum","name":"E","symbols":["A","B"]}"#, &[2], "\"B\"");
}

#[test]
fn unions_are_their_value_except_in_avros_encoding() {
    let schema = r#"["null","long",{"type":"record","name":"a.R","fields":[]},{"type":"array","items":["null","string"]},
        {"type":"enum","name":"E","namespace":"b","symbols":["X"]}]"#;
    same(schema, &[0], "null");
    check(schema, &[2, 6], ["3", "3", "{\"long\":3}"]);
    check(schema, &[4], ["{}", "{}", "{\"a.R\":{}}"]);
    check(
        schema,
        &[6, 4, 0, 2, 2, 0x61, 0],
        ["[null,\"a\"]", "[null,\"a\"]", "{\"array\":[null,{\"string\":\"a\"}]}"],
    );
    check(schema, &[8, 0], ["\"X\"", "\"X\"", "{\"b.E\":\"X\"}"]);
}

/// Entries of maps stand in the order of the message, each of them, and blocks follow each other.
#[test]
fn arrays_and_maps() {
    let schema = r#"{"type":"map","values":{"type":"array","items":"int"}}"#;
    let bytes = [
        &long(2)[..],
        &prefixed("z"),
        &[2, 2, 2, 4, 0],
        &prefixed("a"),
        &[0],
        // A block with its size in bytes.
        &long(-1),
        &long(4),
        &prefixed("é"),
        &[0],
        &[0],
    ];
    same(schema, &bytes.concat(), r#"{"z":[1,2],"a":[],"é":[]}"#);
    same(schema, &[0], "{}");
}

#[test]
fn dates_and_times() {
    let number = |word: &str, base: &str, value: i64, plain: &str| {
        let schema = format!(r#"{{"type":"{base}","logicalType":"{word}"}}"#);
        let raw = value.to_string();
        check(&schema, &long(value), [&format!("\"{plain}\""), &raw, &raw]);
    };
    number("date", "int", 19_782, "2024-02-29");
    number("date", "int", -1, "1969-12-31");
    number("date", "int", i32::MIN.into(), "-5877641-06-23");
    number("time-millis", "int", 86_399_999, "23:59:59.999");
    number("time-millis", "int", 90_000_000, "25:00:00.000");
    number("time-micros", "long", 1, "00:00:00.000001");
    number("timestamp-millis", "long", 1_709_251_199_999, "2024-02-29T23:59:59.999Z");
    number("timestamp-micros", "long", -1, "1969-12-31T23:59:59.999999Z");
    number("timestamp-nanos", "long", i64::MAX, "2262-04-11T23:47:16.854775807Z");
    number("local-timestamp-millis", "long", 0, "1970-01-01T00:00:00.000");
    number("local-timestamp-micros", "long", 1_709_251_199_999_999, "2024-02-29T23:59:59.999999");
    number("local-timestamp-nanos", "long", 1, "1970-01-01T00:00:00.000000001");
}

#[test]
fn decimals() {
    let bytes = r#"{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}"#;
    check(bytes, &prefixed([0x04, 0xd2]), ["\"12.34\"", "\"04d2\"", "\"\\u0004\u{d2}\""]);
    check(bytes, &prefixed([0xff]), ["\"-0.01\"", "\"ff\"", "\"\u{ff}\""]);
    check(bytes, &prefixed([]), ["\"0.00\"", "\"\"", "\"\""]);
    let fixed = r#"{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":9}"#;
    check(fixed, &[0xff, 0xff, 0xfb, 0x2e], ["\"-1234\"", "\"fffffb2e\"", "\"\u{ff}\u{ff}\u{fb}.\""]);
    let large = r#"{"type":"bytes","logicalType":"decimal","precision":60,"scale":10}"#;
    let plain = "\"1461501637330902918203684832716283019655932542976.0000000000\"";
    let unscaled = prefixed([&[0x02, 0x54, 0x0b, 0xe4, 0x00][..], &[0; 20]].concat());
    let raw = "\"02540be4000000000000000000000000000000000000000000\"";
    let avro = format!("\"\\u0002T\\u000B\u{e4}{}\"", "\\u0000".repeat(21));
    check(large, &unscaled, [plain, raw, &avro]);
    let big = r#"{"type":"bytes","logicalType":"big-decimal"}"#;
    let content = [prefixed([0x04, 0xd2]), long(2)].concat();
    check(big, &prefixed(content), ["\"12.34\"", "\"0404d204\"", "\"\\u0004\\u0004\u{d2}\\u0004\""]);
    let content = [prefixed([0x01]), long(-3)].concat();
    check(big, &prefixed(content), ["\"1E+3\"", "\"020105\"", "\"\\u0002\\u0001\\u0005\""]);
}

#[test]
fn uuids_and_durations() {
    let text = "0191e8a5-7c3b-7000-8000-00000000002a";
    let quoted = format!("\"{text}\"");
    same(r#"{"type":"string","logicalType":"uuid"}"#, &prefixed(text), &quoted);
    // Texts are what they are.
    same(r#"{"type":"string","logicalType":"uuid"}"#, &prefixed("none"), "\"none\"");
    let bytes = [0x41; 16];
    check(
        r#"{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}"#,
        &bytes,
        [
            "\"41414141-4141-4141-4141-414141414141\"",
            "\"41414141414141414141414141414141\"",
            "\"AAAAAAAAAAAAAAAA\"",
        ],
    );
    let duration = [14, 0, 0, 0, 3, 0, 0, 0, 250, 0, 0, 0];
    check(
        r#"{"type":"fixed","name":"P","size":12,"logicalType":"duration"}"#,
        &duration,
        [
            "\"P14M3DT0.250S\"",
            "\"0e00000003000000fa000000\"",
            "\"\\u000E\\u0000\\u0000\\u0000\\u0003\\u0000\\u0000\\u0000\u{fa}\\u0000\\u0000\\u0000\"",
        ],
    );
}

/// One that does not suit its type is as if it were not there.
#[test]
fn logical_types_of_other_types() {
    same(r#"{"type":"long","logicalType":"date"}"#, &long(1), "1");
    same(r#"{"type":"int","logicalType":"timestamp-millis"}"#, &long(1), "1");
    same(r#"{"type":"string","logicalType":"decimal","precision":4}"#, &prefixed("12"), "\"12\"");
    same(r#"{"type":"long","logicalType":"tomorrow"}"#, &long(1), "1");
    for wrong in [
        r#"{"type":"bytes","logicalType":"decimal"}"#,
        r#"{"type":"bytes","logicalType":"decimal","precision":0}"#,
        r#"{"type":"bytes","logicalType":"decimal","precision":2,"scale":3}"#,
        r#"{"type":"bytes","logicalType":"decimal","precision":2,"scale":-1}"#,
        r#"{"type":"fixed","name":"D","size":1,"logicalType":"decimal","precision":3}"#,
        r#"{"type":"fixed","name":"D","size":1,"logicalType":"duration"}"#,
        r#"{"type":"fixed","name":"D","size":1,"logicalType":"uuid"}"#,
    ] {
        let bytes = if wrong.contains("fixed") { vec![0x30] } else { prefixed([0x30]) };
        check(wrong, &bytes, ["\"30\"", "\"30\"", "\"0\""]);
    }
}

#[test]
fn a_big_decimal_that_is_none() {
    let files = Files::new();
    let path = files.write(
        "schema.avsc",
        r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"},
        {"name":"d","type":{"type":"bytes","logicalType":"big-decimal"}}]}"#,
    );
    let bare = ["--bare", "--schema", &path, "--hex", "020406ff"];
    let (out, err) = failed(&mut command(&bare), b"");
    assert_eq!(
        (out.as_str(), err.as_str()),
        ("", "ottla: --hex: R.d at byte 1: a big-decimal is bytes and an int\n")
    );
    assert_eq!(printed(command(&bare).arg("--raw"), b""), "{\"a\":1,\"d\":\"06ff\"}\n");
}

#[test]
fn indented() {
    let files = Files::new();
    let path = files.write("schema.avsc", r#"{"type":"record","name":"R","fields":[
        {"name":"a","type":["null","int"]},{"name":"l","type":{"type":"array","items":"int"}},
        {"name":"m","type":{"type":"map","values":"int"}},{"name":"e","type":{"type":"array","items":"int"}}]}"#);
    let arguments = ["--bare", "--schema", &path, "--pretty", "--hex", "020204020400020261020000", "--hex"];
    let expected =
        "{\n  \"a\": 1,\n  \"l\": [\n    1,\n    2\n  ],\n  \"m\": {\n    \"a\": 1\n  },\n  \"e\": []\n}\n";
    let shown = printed(command(&arguments).arg("020204020400020261020000"), b"");
    assert_eq!(shown, expected.repeat(2), "{shown}");
}

/// The path leads to what is wrong, through unions, arrays and maps.
#[test]
fn places_in_values() {
    let schema = r#"{"type":"record","name":"a.R","fields":[{"name":"l","type":{"type":"array","items":
        {"type":"map","values":["null","int",{"type":"enum","name":"E","symbols":["X"]}]}}}]}"#;
    let files = Files::new();
    let path = files.write("schema.avsc", schema);
    for (digits, words) in [
        ("04000202780404", "a.R.l[1][\"x\"]<a.E> at byte 6: an enum has no such symbol"),
        ("0400020278040a", "a.R.l[1][\"x\"]<a.E> at byte 6: an enum has no such symbol"),
        ("020202780600", "a.R.l[0][\"x\"] at byte 4: a union has no such branch"),
        ("0202020a", "a.R.l[0][\"\\n\"] at byte 4: the bytes end too early"),
        ("02020278000000ff", "a.R at byte 7: bytes are left after the value"),
        ("0202027802ffffffffff01", "a.R.l[0][\"x\"]<int> at byte 5: a number is out of the range of an int"),
        ("0202037a", "a.R.l[0] at byte 2: a length is negative"),
        ("020202ff", "a.R.l[0] at byte 2: a string is not UTF-8"),
        ("03", "a.R.l at byte 0: the bytes end too early"),
    ] {
        let (out, err) = failed(&mut command(&["--bare", "--schema", &path, "--hex", digits]), b"");
        assert_eq!((out.as_str(), err), ("", format!("ottla: --hex: {words}\n")), "{digits}");
    }
}
