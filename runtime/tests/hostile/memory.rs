//! However the counts lie, what is allocated is bounded by the message and by [`Limits::memory`].

use allocation_counter::measure;
use ottla::codec::{DecodeError, Fault, Limits};
use ottla::{BorrowedEvent, Event};

use crate::{evolved, limits, long, sorted, types, with};

/// Lists double their room, and for a moment there are the old and the new; maps leave some of theirs free. So this many
/// times the limit.
const TIMES: usize = 4;

/// Text is copied, each with room for what the heap asks for it; boxes on the way; and the error itself.
const FOR_EACH_BYTE: usize = 64;
const ALWAYS: usize = 16 << 10;

/// Decodes a message, and tells how many bytes were allocated at the worst moment.
fn peak(decode: impl FnOnce() -> Option<DecodeError>) -> (usize, Option<DecodeError>) {
    let mut error = None;
    let info = measure(|| error = decode());
    (usize::try_from(info.bytes_max).expect("some bytes"), error)
}

fn owned(message: &[u8], limits: Limits) -> Option<DecodeError> {
    types::Hostile::decode_within(message, limits).err()
}

fn in_order(message: &[u8], limits: Limits) -> Option<DecodeError> {
    sorted::Hostile::decode_within(message, limits).err()
}

/// The memory limit is what the items may take; nothing may take much more.
fn check(message: &[u8], what: &str) -> Option<Fault> {
    // The schema is read when the first error is explained, and kept.
    let _ = types::Hostile::descriptor().schema();
    let _ = sorted::Hostile::descriptor().schema();
    let mut fault = None;
    for memory in [0, 1 << 10, 1 << 16, 1 << 20, 16 << 20] {
        for decode in [owned, in_order] {
            let (peak, error) = peak(|| decode(message, limits(128, memory)));
            let allowed = TIMES * memory + FOR_EACH_BYTE * message.len() + ALWAYS;
            assert!(peak <= allowed, "{what}: {peak} of {allowed} bytes within {memory}: {error:?}");
            fault = error.map(|e| e.fault());
        }
    }
    let _ = <types::HostileRef<'_> as BorrowedEvent<'_>>::decode(message);
    fault
}

#[test]
fn counts_that_lie() {
    for field in ["texts", "numbers", "rows", "nest"] {
        for count in [1 << 10, 1 << 20, 1 << 31, 1 << 40, i64::MAX] {
            let fault = check(&with(field, &long(count)), &format!("{count} {field}"));
            assert_eq!(fault, Some(Fault::End), "{count} {field}");
            // With the size of the block, which nobody needs.
            let block = [long(-count), long(3)].concat();
            let fault = check(&with(field, &block), &format!("{count} {field} with a size"));
            assert_eq!(fault, Some(Fault::End), "{count} {field} with a size");
        }
        let fault = check(&with(field, &[long(i64::MIN), long(0)].concat()), field);
        assert_eq!(fault, Some(Fault::Negative), "{field}");
    }
}

#[test]
fn lengths_that_lie() {
    for field in ["text", "bytes"] {
        for length in [1 << 10, 1 << 31, 1 << 40, i64::MAX] {
            assert_eq!(check(&with(field, &long(length)), field), Some(Fault::End), "{length} {field}");
        }
        assert_eq!(check(&with(field, &long(-1)), field), Some(Fault::Negative), "{field}");
    }
    for field in ["texts", "numbers"] {
        let bytes = [long(1), long(i64::MAX), vec![0; 64]].concat();
        assert_eq!(check(&with(field, &bytes), field), Some(Fault::End), "{field}");
    }
}

/// Items that are there, and take much more memory than bytes.
#[test]
fn items_that_grow() {
    let count = 50_000;
    let items = |item: &[u8]| [long(count), item.repeat(count as usize), vec![0]].concat();
    assert_eq!(check(&with("texts", &items(&[0])), "empty texts"), None);
    assert_eq!(check(&with("rows", &items(&[0, 0, 0, 0])), "rows of nothing"), None);
    let with_entry = [0, 0, 0, 2, 0, 0, 0];
    assert_eq!(check(&with("rows", &items(&with_entry)), "rows with a map each"), None);
    let key = |at: i64| [long(3), format!("{:03x}", at % 4096).into_bytes(), long(at)].concat();
    let entries: Vec<u8> = (0..count).flat_map(key).collect();
    check(&with("numbers", &[long(count), entries, vec![0]].concat()), "entries of a map");
    // Blocks of one item, so that nothing is known before.
    let blocks = [[2, 0].repeat(count as usize), vec![0]].concat();
    assert_eq!(check(&with("texts", &blocks), "blocks of one text"), None);
}

/// Boxes are not items; there are no more of them than bytes.
#[test]
fn trees() {
    fn tree(depth: usize) -> Vec<u8> {
        match depth {
            0 => vec![0, 0],
            _ => [&[2][..], &tree(depth - 1), &[2], &tree(depth - 1)].concat(),
        }
    }
    assert_eq!(check(&with("tree", &tree(14)), "a tree"), None);
}

/// Defaults are no part of the message, so they count like items.
#[test]
fn defaults_that_grow() {
    let text = r#"{"type":"record","name":"Hostile","namespace":"com.example","fields":[
        {"name":"rows","type":{"type":"array","items":{"type":"record","name":"Row","fields":[]}}}]}"#;
    let writer = ottla::schema::parse(text, ottla::schema::Mode::Strict).expect("a schema");
    let plan = evolved::Hostile::plan(writer).expect("a plan");
    for memory in [0, 1 << 10, 1 << 16, 1 << 20] {
        for count in [1, 100, 10_000, 1 << 20, 1 << 40] {
            let message = [long(count), vec![0]].concat();
            let decode =
                || evolved::Hostile::decode_resolved_within(&message, &plan, limits(128, memory)).err();
            let (peak, error) = peak(decode);
            let allowed = TIMES * memory + ALWAYS;
            assert!(peak <= allowed, "{count}: {peak} of {allowed} bytes within {memory}: {error:?}");
        }
    }
    let message = [long(100), vec![0]].concat();
    let rows = evolved::Hostile::decode_resolved(&message, &plan).expect("rows").rows;
    assert!(rows.len() == 100 && rows.iter().all(|row| row.labels == ["one", "two", "three"]));
}

/// Each default counts with its bytes, whether it is text or something else, and the place is that of the message.
#[test]
fn defaults_count_with_their_bytes() {
    let writer = |fields: &str| {
        let text =
            format!(r#"{{"type":"record","name":"Row","namespace":"com.example","fields":[{fields}]}}"#);
        ottla::schema::parse(&text, ottla::schema::Mode::Strict).expect("a schema")
    };
    let schema = evolved::Row::descriptor().schema().expect("a schema");
    let mut default = Vec::new();
    evolved::Row::new().encode(&mut default).expect("it can be written");
    assert!(schema.to_text().contains("comment") && default.len() > 1000);
    for (fields, message, counted) in [
        ("", &[][..], default.len()),
        // Items of a list count in addition, as they do where they are written.
        (r#"{"name":"gone","type":"int"},{"name":"a","type":["null","string"]}"#, &[2, 0], default.len() - 1),
    ] {
        let plan = evolved::Row::plan(writer(fields)).expect("a plan");
        let labels = 3 * size_of::<String>();
        let decode = |memory| evolved::Row::decode_resolved_within(message, &plan, limits(128, memory));
        assert_eq!(decode(counted + labels), Ok(evolved::Row::new()));
        let error = decode(counted + labels - 1).expect_err("too much");
        assert_eq!((error.fault(), error.offset()), (Fault::Memory, message.len()), "{error}");
        let error = decode(10).expect_err("too much");
        assert_eq!((error.fault(), error.offset()), (Fault::Memory, message.len()), "{error}");
    }
}

/// Where the fields begin of a record in another order is kept as long as it is read.
#[test]
fn fields_in_another_order() {
    let text = r#"{"type":"record","name":"Row","namespace":"com.example","fields":[
        {"name":"labels","type":{"type":"array","items":"string"}},
        {"name":"comment","type":"string"},
        {"name":"a","type":["null","string"]}]}"#;
    let writer = ottla::schema::parse(text, ottla::schema::Mode::Strict).expect("a schema");
    let rows = ottla::schema::parse(
        &format!(
            r#"{{"type":"record","name":"Hostile","namespace":"com.example","fields":[
            {{"name":"rows","type":{{"type":"array","items":{text}}}}}]}}"#
        ),
        ottla::schema::Mode::Strict,
    );
    let (row, rows) =
        (evolved::Row::plan(writer).expect("a plan"), evolved::Hostile::plan(rows.expect("a schema")));
    let rows = rows.expect("a plan");
    // No labels, no comment, nothing.
    let message = [0, 0, 0];
    // The end is a place as well.
    let needed = 4 * size_of::<&[u8]>();
    let decode = |memory| evolved::Row::decode_resolved_within(&message, &row, limits(128, memory));
    assert!(decode(needed).is_ok());
    assert_eq!(decode(needed - 1).map_err(|error| error.fault()), Err(Fault::Memory));
    let many = [long(100), message.repeat(100), vec![0]].concat();
    let items = 100 * size_of::<evolved::Row>();
    let decode = |memory| evolved::Hostile::decode_resolved_within(&many, &rows, limits(128, memory));
    assert_eq!(decode(items + needed).expect("rows").rows.len(), 100);
    assert_eq!(decode(items + needed - 1).map_err(|error| error.fault()), Err(Fault::Memory));
}
