//! Container files: those that another library wrote, with every codec; and what is said of broken ones.

use apache_avro::types::{Record, Value};
use apache_avro::{Codec, DeflateSettings, Schema, Writer};

use crate::data::{Files, long, prefixed};
use crate::run::{command, failed, printed, run};

const READING: &str = r#"{"type":"record","name":"com.acme.Reading","fields":[{"name":"at","type":
    {"type":"long","logicalType":"timestamp-millis"}},{"name":"place","type":["null","string"]}]}"#;

fn codecs() -> [(&'static str, Codec); 3] {
    let deflate = Codec::Deflate(DeflateSettings::default());
    [("null", Codec::Null), ("deflate", deflate), ("snappy", Codec::Snappy)]
}

/// A file of readings, three to a block.
fn readings(codec: Codec, count: i64) -> Vec<u8> {
    let schema = Schema::parse_str(READING).unwrap();
    let mut writer = Writer::with_codec(&schema, Vec::new(), codec).unwrap();
    for number in 0..count {
        let mut record = Record::new(&schema).unwrap();
        record.put("at", Value::TimestampMillis(number));
        record.put("place", if number % 2 == 0 { None } else { Some(format!("place {number}")) });
        writer.append_value(record).unwrap();
        if number % 3 == 2 {
            writer.flush().unwrap();
        }
    }
    writer.into_inner().unwrap()
}

fn shown(numbers: impl Iterator<Item = i64>) -> String {
    let line = |number| {
        let place = if number % 2 == 0 { "null".to_owned() } else { format!("\"place {number}\"") };
        format!("{{\"at\":\"1970-01-01T00:00:00.{number:03}Z\",\"place\":{place}}}\n")
    };
    numbers.map(line).collect()
}

/// A file with what its header says, and its blocks: how many objects, and their bytes.
pub fn container(entries: &[(&str, &str)], blocks: &[(i64, &[u8])]) -> Vec<u8> {
    let mut file = b"Obj\x01".to_vec();
    file.extend(long(entries.len() as i64));
    for (key, value) in entries {
        file.extend(prefixed(key));
        file.extend(prefixed(value));
    }
    file.push(0);
    file.extend([7; 16]);
    for (count, bytes) in blocks {
        file.extend(long(*count));
        file.extend(prefixed(bytes));
        file.extend([7; 16]);
    }
    file
}

#[test]
fn every_codec_from_files_and_from_standard_input() {
    let files = Files::new();
    for (name, codec) in codecs() {
        let file = readings(codec, 100);
        let path = files.write("readings", &file);
        assert_eq!(printed(&mut command(&[&path]), b""), shown(0..100), "{name}");
        let twice = printed(&mut command(&["-", &path]), &file);
        assert_eq!(twice, shown((0..100).chain(0..100)), "{name}");
        let ended = run(&mut command(&["--verbose", &path]), b"");
        assert_eq!(ended.err, format!("{path}: a container file of com.acme.Reading, codec {name}\n"));
        assert_eq!(printed(&mut command(&[&path]), b""), shown(0..100), "{name}");
    }
    let empty = readings(Codec::Null, 0);
    assert_eq!(printed(&mut command(&[]), &empty), "");
}

#[test]
fn other_ways_to_show_objects() {
    let file = readings(Codec::Snappy, 2);
    let raw = "{\"at\":0,\"place\":null}\n{\"at\":1,\"place\":\"place 1\"}\n";
    assert_eq!(printed(&mut command(&["--raw"]), &file), raw);
    let tagged = "{\"at\":0,\"place\":null}\n{\"at\":1,\"place\":{\"string\":\"place 1\"}}\n";
    assert_eq!(printed(&mut command(&["--avro-json"]), &file), tagged);
    let first = "{\n  \"at\": 0,\n  \"place\": null\n}\n{\n  \"at\": 1,";
    assert!(printed(&mut command(&["--raw", "--pretty"]), &file).starts_with(first));
}

/// What the header may say in other ways: no codec, entries with the size of their block, in several blocks, unknown ones.
#[test]
fn headers() {
    let file =
        container(&[("avro.schema", "\"int\""), ("mine", "\u{0}")], &[(2, &[2, 4]), (0, &[]), (1, &[6])]);
    assert_eq!(printed(&mut command(&[]), &file), "1\n2\n3\n");
    let mut sized = b"Obj\x01".to_vec();
    for (key, value) in [("avro.codec", "null"), ("avro.schema", "\"int\"")] {
        let entry = [prefixed(key), prefixed(value)].concat();
        sized.extend([long(-1), long(entry.len() as i64), entry].concat());
    }
    sized.push(0);
    sized.extend([9; 16]);
    sized.extend([&long(1)[..], &prefixed([2]), &[9; 16]].concat());
    assert_eq!(printed(&mut command(&[]), &sized), "1\n");
}

#[test]
fn headers_that_cannot_be_read() {
    let zstandard = "the codec \"zstandard\" is not supported: null, deflate and snappy are";
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("avro.schema", "\"int\""), ("avro.codec", "zstandard")], zstandard),
        (&[("avro.codec", "null")], "the header has no schema (avro.schema)"),
        (&[("avro.schema", "{")], "the schema of the header: "),
        (&[("avro.schema", "\"Order\"")], "the schema of the header: "),
        (&[], "the header has no schema (avro.schema)"),
    ];
    for (entries, words) in cases {
        let (out, err) = failed(&mut command(&[]), &container(entries, &[]));
        assert_eq!(out, "");
        assert!(err.starts_with(&format!("ottla: standard input: {words}")), "{err}");
    }
}

/// What can be read is printed before it is said what cannot, and where.
#[test]
fn broken_blocks() {
    let header = [("avro.schema", "\"int\"")];
    let good = container(&header, &[(2, &[2, 4])]);
    let at = good.len();
    let with = |more: &[&[u8]]| [&good[..], &more.concat()].concat();
    let sync = [7; 16];
    let place = format!("the block at byte {at}");
    let cases: Vec<(Vec<u8>, &str, String)> = vec![
        (
            with(&[&[2, 2, 6], &[8; 16]]),
            "",
            format!("{place}: it does not end with the sync marker of the file"),
        ),
        (
            with(&[&[2, 2, 6], &sync[..15]]),
            "",
            format!("{place}: the file ends at byte {}, within a sync marker", at + 18),
        ),
        (with(&[&[2, 8, 6, 6]]), "", format!("{place}: the file ends at byte {}, within it", at + 4)),
        (with(&[&[2]]), "", format!("{place}: the file ends at byte {}, within a number", at + 1)),
        (with(&[&[1, 2, 6], &sync]), "", format!("{place}: it has -1 objects")),
        (with(&[&[2, 1, 6], &sync]), "", format!("{place}: its size is -1 bytes")),
        (with(&[&[0xff; 11]]), "", format!("{place}: byte {at}: a number takes more bytes than a long has")),
        (
            with(&[&[4, 4, 6, 0x80], &sync]),
            "3\n",
            format!("object 4, in {place}: int at byte 1: the bytes end too early"),
        ),
        (
            with(&[&[4, 6, 6, 8, 10], &sync]),
            "3\n4\n",
            format!("{place}: 1 bytes are left after its last object"),
        ),
    ];
    for (file, more, words) in cases {
        let (out, err) = failed(&mut command(&[]), &file);
        assert_eq!((out, err), (format!("1\n2\n{more}"), format!("ottla: standard input: {words}\n")));
    }
}

#[test]
fn blocks_that_are_not_compressed_as_they_should() {
    for (codec, block, words) in [
        ("deflate", &[0xff; 9][..], "it is not compressed by deflate: "),
        ("deflate", &[0x63], "its compressed bytes end too early"),
        ("snappy", &[1, 2, 3], "it is too short for a checksum, which follows snappy's bytes"),
        ("snappy", &[1, 0, 2, 0, 0, 0, 0], "its checksum is wrong"),
        ("snappy", &[9, 0, 2, 0, 0, 0, 0], "it is not compressed by snappy: "),
    ] {
        let file = container(&[("avro.schema", "\"int\""), ("avro.codec", codec)], &[(1, block)]);
        let (out, err) = failed(&mut command(&[]), &file);
        assert_eq!(out, "");
        let at = file.len() - block.len() - 18;
        let start = format!("ottla: standard input: the block at byte {at}: {words}");
        assert!(err.starts_with(&start), "{err} {start}");
    }
}

/// Cut anywhere, a file gives what its whole blocks hold, and an error unless it was cut between two of them.
#[test]
fn files_that_end_anywhere() {
    for (_, codec) in codecs() {
        let file = readings(codec, 9);
        let whole = shown(0..9);
        let block = whole.lines().take(3).map(|line| line.len() + 1).sum::<usize>();
        let mut complete = 0;
        for end in (4..file.len()).rev().step_by(5) {
            let ended = run(&mut command(&[]), &file[..end]);
            assert!(
                whole.starts_with(&ended.out) && ended.out.lines().count().is_multiple_of(3),
                "{end}: {ended:?}"
            );
            assert!(ended.out.len() <= 3 * block);
            match ended.code {
                Some(0) => complete += 1,
                code => {
                    assert!(code == Some(1) && ended.err.starts_with("ottla: standard input: "), "{ended:?}")
                }
            }
        }
        assert!(complete <= 4);
    }
}

/// A checksum guards the objects: of a file with a byte that is wrong no object is shown that is not in it. What the header
/// says of the schema is not guarded.
#[test]
fn files_with_a_wrong_byte() {
    let file = readings(Codec::Snappy, 9);
    let whole = shown(0..9);
    let header = readings(Codec::Snappy, 0).len();
    for at in (0..file.len()).step_by(2) {
        let mut broken = file.clone();
        broken[at] ^= 0x55;
        let ended = run(&mut command(&[]), &broken);
        assert!(matches!(ended.code, Some(0 | 1)), "{at}: {ended:?}");
        if at >= header {
            assert!(ended.code == Some(1) && whole.starts_with(&ended.out), "{at}: {ended:?}");
        }
    }
}

#[test]
fn a_broken_file_ends_it_or_is_passed_over() {
    let files = Files::new();
    let good = readings(Codec::Null, 3);
    let (bad, good) = (files.write("bad.avro", &good[..good.len() - 1]), files.write("good.avro", &good));
    let (out, err) = failed(&mut command(&[&bad, &good]), b"");
    assert!(out.is_empty() && err.starts_with(&format!("ottla: {bad}: the block at byte ")), "{err}");
    let (out, err) = failed(&mut command(&["--keep-going", &bad, &good]), b"");
    assert_eq!(out, shown(0..3));
    assert!(err.ends_with("\nottla: one message or file was passed over\n"), "{err}");
}
