//! Framing: what is read and written, and what errors say.

use ottla::framing::{self, Frame, FramingError, Guid, Looks, Place, Problem, SchemaRef, Side};
use proptest::prelude::*;

const GUID: Guid =
    Guid([0x04, 0xfe, 0xa7, 0x73, 0x4b, 0x2a, 0x66, 0x0a, 0xba, 0x8c, 0x4c, 0x1d, 0xae, 0xfb, 0x4f, 0x9c]);

fn refused(payload: &[u8]) -> FramingError {
    framing::parse(payload, Side::Value, ()).expect_err("bytes that are no message")
}

fn refused_header(value: &[u8]) -> FramingError {
    framing::parse(b"\0\0\0\0\x07body", Side::Key, &[("__key_schema_id", value)])
        .expect_err("a header that is none")
}

#[test]
fn the_three_ways_to_name_a_schema() {
    type Write = fn(&mut Vec<u8>);
    let ways: [(SchemaRef, Write, usize); 3] = [
        (SchemaRef::Id(0x0102_0304), |out| framing::write_id(out, 0x0102_0304), 5),
        (SchemaRef::Guid(GUID), |out| framing::write_guid(out, GUID), 17),
        (
            SchemaRef::Fingerprint(0x8f5c_393f_1ad5_7572),
            |out| framing::write_fingerprint(out, 0x8f5c_393f_1ad5_7572),
            10,
        ),
    ];
    for (schema, write, length) in ways {
        let mut payload = Vec::new();
        write(&mut payload);
        assert_eq!(payload.len(), length);
        payload.extend_from_slice(b"body");
        assert_eq!(framing::parse_payload(&payload), Ok(Frame { schema, body: b"body" }));
    }
    let mut object = Vec::new();
    framing::write_fingerprint(&mut object, 0x8f5c_393f_1ad5_7572);
    // The lowest byte comes first.
    assert_eq!(object, [0xc3, 0x01, 0x72, 0x75, 0xd5, 0x1a, 0x3f, 0x39, 0x5c, 0x8f]);
}

#[test]
fn headers_count_before_payloads_and_the_last_one_counts() {
    let payload = b"\0\0\0\0\x07body";
    let other = framing::id_bytes(9);
    let guid = framing::guid_bytes(GUID);
    let headers: Vec<(&str, &[u8])> =
        vec![("x", b"y"), ("__value_schema_id", &guid), ("__value_schema_id", &other)];
    let frame = framing::parse(payload, Side::Value, &headers);
    assert_eq!(frame, Ok(Frame { schema: SchemaRef::Id(9), body: payload }));
    let frame = framing::parse(payload, Side::Value, &headers[..2]);
    assert_eq!(frame, Ok(Frame { schema: SchemaRef::Guid(GUID), body: payload }));
    let frame = framing::parse(payload, Side::Key, |name: &str| {
        headers.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| *value)
    });
    assert_eq!(
        frame,
        Ok(Frame { schema: SchemaRef::Id(7), body: b"body" }),
        "that header is of the other side"
    );
}

#[test]
fn errors_show_the_first_bytes_and_what_they_look_like() {
    let or = "neither a schema id (00), a GUID (01) nor a single object (c3 01)";
    let cases: &[(&[u8], Looks, &str)] = &[
        (b" [1]", Looks::Json, "20 5b 31 5d and looks like JSON"),
        (b"<a/>", Looks::Xml, "3c 61 2f 3e and looks like XML"),
        (
            b"00000000070e",
            Looks::Hex,
            "30 30 30 30 30 30 30 30 30 37 30 65 and looks like a message in hexadecimal digits",
        ),
        (b"AAAAAAcO", Looks::Base64, "41 41 41 41 41 41 63 4f and looks like a message in Base64"),
        (
            b"caf\xc3\xa9 au lait, s'il",
            Looks::Text,
            "63 61 66 c3 a9 20 61 75 20 6c 61 69 74 2c 20 73 and looks like text",
        ),
        (b"Obj\x01\x04", Looks::ContainerFile, "4f 62 6a 01 04 and looks like an Avro object container file"),
        (b"\x1f\x8b\x08", Looks::Gzip, "1f 8b 08 and looks like gzip"),
        (b"\x28\xb5\x2f\xfd", Looks::Zstandard, "28 b5 2f fd and looks like Zstandard"),
        (b"\x02\x00\xff", Looks::Unknown, "02 00 ff"),
        (b"\xff", Looks::Unknown, "ff"),
    ];
    for (payload, looks, expected) in cases {
        let error = refused(payload);
        assert_eq!((error.problem(), error.looks()), (Problem::Magic, *looks), "{error}");
        assert_eq!(error.to_string(), format!("the payload begins with {expected}: {or}"));
    }
}

#[test]
fn long_text_is_text_wherever_it_is_cut() {
    for padding in 0..4 {
        let text = format!("{}{}", "x".repeat(250 + padding), "€".repeat(100));
        assert_eq!(refused(text.as_bytes()).looks(), Looks::Text, "{padding}");
    }
    assert_eq!(refused(b"half a character: \xe2\x82").looks(), Looks::Unknown);
}

#[test]
fn errors_of_what_is_cut_off_or_negative() {
    let cases: &[(&[u8], Problem, &str)] = &[
        (b"", Problem::Empty, "the payload is empty: a tombstone would have none at all"),
        (b"\0\0\0\x07", Problem::Short { needed: 5 }, "the payload ends after 4 of 5 bytes: 00 00 00 07"),
        (b"\x01\x04\xfe", Problem::Short { needed: 17 }, "the payload ends after 3 of 17 bytes: 01 04 fe"),
        (b"\xc3\x01\x05", Problem::Short { needed: 10 }, "the payload ends after 3 of 10 bytes: c3 01 05"),
        (
            b"\0\xff\xff\xff\xff\x01",
            Problem::NegativeId(-1),
            "the payload names schema id -1, which is negative",
        ),
    ];
    for (payload, problem, expected) in cases {
        let error = refused(payload);
        assert_eq!((error.place(), error.problem()), (Place::Payload, *problem));
        assert_eq!(error.to_string(), *expected);
    }
    let cases: &[(&[u8], &str)] = &[
        (b"", "the header __key_schema_id is empty"),
        (b"\x01\x04", "the header __key_schema_id ends after 2 of 17 bytes: 01 04"),
        (b"\0\x80\0\0\0", "the header __key_schema_id names schema id -2147483648, which is negative"),
        (
            b"\xc3\x01\x05",
            "the header __key_schema_id begins with c3 01 05: neither a schema id (00) nor a GUID (01)",
        ),
        (
            b"{}",
            "the header __key_schema_id begins with 7b 7d and looks like JSON: neither a schema id (00) nor a GUID (01)",
        ),
    ];
    for (value, expected) in cases {
        let error = refused_header(value);
        assert_eq!(error.place(), Place::Header(Side::Key));
        assert_eq!(error.to_string(), *expected);
    }
}

fn schema() -> impl Strategy<Value = SchemaRef> {
    prop_oneof![
        (0..=i32::MAX as u32).prop_map(SchemaRef::Id),
        any::<[u8; 16]>().prop_map(|guid| SchemaRef::Guid(Guid(guid))),
        any::<u64>().prop_map(SchemaRef::Fingerprint),
    ]
}

proptest! {
    /// Bytes that begin as messages do, to get further than the first byte.
    #[test]
    fn any_bytes_are_read_or_refused(
        start in prop_oneof![Just(vec![]), Just(vec![0]), Just(vec![1]), Just(vec![0xc3, 1]), Just(vec![0xc3])],
        rest in prop::collection::vec(any::<u8>(), 0..40),
        header in prop::option::of(prop::collection::vec(0..3_u8, 0..20)),
    ) {
        let payload = [start, rest].concat();
        let headers: Vec<(&str, Vec<u8>)> = header.iter().map(|value| ("__value_schema_id", value.clone())).collect();
        match framing::parse(&payload, Side::Value, &headers) {
            Ok(frame) => prop_assert!(payload.ends_with(frame.body)),
            Err(error) => {
                let of = header.as_ref().unwrap_or(&payload);
                prop_assert_eq!(error.first_bytes(), &of[..of.len().min(16)]);
                prop_assert_eq!(error.length(), of.len());
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn what_is_written_is_read(schema in schema(), body in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut payload = Vec::new();
        match schema {
            SchemaRef::Id(id) => framing::write_id(&mut payload, id),
            SchemaRef::Guid(guid) => framing::write_guid(&mut payload, guid),
            SchemaRef::Fingerprint(fingerprint) => framing::write_fingerprint(&mut payload, fingerprint),
        }
        payload.extend_from_slice(&body);
        prop_assert_eq!(framing::parse(&payload, Side::Key, ()), Ok(Frame { schema, body: &body }));
    }
}
