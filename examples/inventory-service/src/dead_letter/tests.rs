//! What the dead letter of a record says.

use rdkafka::Timestamp;
use rdkafka::message::{Header, Headers as _, OwnedHeaders, OwnedMessage};

use super::*;

const REPORTER: Reporter<'_> = Reporter { group: "inventory-service", instance: "one" };

type Pairs = Vec<(String, Option<Vec<u8>>)>;

fn record(headers: &[(&str, Option<&[u8]>)]) -> OwnedMessage {
    let carried = headers
        .iter()
        .fold(OwnedHeaders::new(), |headers, (key, value)| headers.insert(Header { key, value: *value }));
    let (key, value) = (Some(b"key".to_vec()), Some(b"value".to_vec()));
    let written = Timestamp::CreateTime(1_700_000_000_123);
    OwnedMessage::new(value, key, "order-events".to_owned(), written, 3, 45, Some(carried))
}

fn pairs(headers: &OwnedHeaders) -> Pairs {
    let pair = |header: Header<'_, &[u8]>| (header.key.to_owned(), header.value.map(<[u8]>::to_vec));
    headers.iter().map(pair).collect()
}

fn failed(record: &OwnedMessage, now: i64) -> OwnedHeaders {
    let failure = Failure { reason: Reason::InvalidOrder, message: "totalAmount is -1".to_owned() };
    headers(record, &failure, REPORTER, now, LeftOut::Nothing)
}

fn said(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some(value.as_bytes().to_vec()))).collect()
}

/// The dead letter as it is read from its topic.
fn letter(headers: OwnedHeaders) -> OwnedMessage {
    let (key, value) = (Some(b"key".to_vec()), Some(b"value".to_vec()));
    let written = Timestamp::CreateTime(1_700_000_009_999);
    OwnedMessage::new(value, key, "order-events-dlq".to_owned(), written, 0, 7, Some(headers))
}

#[test]
fn what_the_record_had_comes_first_and_untouched() {
    let strange: [(&str, Option<&[u8]>); 6] = [
        ("trace", Some(b"\xff\0\x80")),
        ("twice", Some(b"1")),
        ("empty", Some(b"")),
        ("null", None),
        ("twice", Some(b"2")),
        ("", Some(b"no name")),
    ];
    let record = record(&strange);
    let before = pairs(record.headers().expect("headers"));
    let after = pairs(&failed(&record, 1_700_000_001_000));
    assert_eq!(after[..strange.len()], before[..]);
    let expected = said(&[
        ("__connect.errors.topic", "order-events"),
        ("__connect.errors.partition", "3"),
        ("__connect.errors.offset", "45"),
        ("__connect.errors.connector.name", "inventory-service"),
        ("__connect.errors.task.id", "one"),
        ("__connect.errors.stage", "TASK_PUT"),
        ("__connect.errors.exception.class.name", "invalid_order"),
        ("__connect.errors.exception.message", "totalAmount is -1"),
        ("dead-letter.attempt", "1"),
        ("dead-letter.failed-at", "1700000001000"),
        ("dead-letter.first-failed-at", "1700000001000"),
        ("dead-letter.timestamp", "1700000000123"),
    ]);
    assert_eq!(after[strange.len()..], expected);
}

#[test]
fn a_record_needs_no_headers_and_no_timestamp() {
    let record = OwnedMessage::new(None, None, "t".to_owned(), Timestamp::NotAvailable, 0, 0, None);
    let told = DeadLetter::of(&letter(failed(&record, 5)));
    assert_eq!((told.topic.as_deref(), told.partition, told.offset), (Some("t"), Some(0), Some(0)));
    assert_eq!((told.timestamp, told.attempt), (None, Some(1)));
}

#[test]
fn attempts_are_counted_on_and_the_first_time_stays() {
    let mut headers = failed(&record(&[("from", Some(b"upstream"))]), 1_000);
    for attempt in 2..=4 {
        let now = 1_000 * i64::from(attempt);
        let back = original(Some(&headers)).expect("headers that can be read");
        let kept = pairs(&back).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        assert_eq!(kept, ["from", "dead-letter.attempt", "dead-letter.first-failed-at"]);
        let replayed = record(&[]).replace_headers(Some(back));
        headers = failed(&replayed, now);
        let told = DeadLetter::of(&letter(headers.clone()));
        assert_eq!(told.attempt, Some(attempt));
        assert_eq!((told.failed_at, told.first_failed_at), (Some(now), Some(1_000)));
    }
    let keys: Vec<_> = pairs(&headers).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), 13, "each is there once: {keys:?}");
}

#[test]
fn what_is_there_under_our_names_is_replaced() {
    let record = record(&[
        ("__connect.errors.topic", Some(b"upstream")),
        ("from", Some(b"upstream")),
        ("__connect.errors.topic", None),
        ("dead-letter.attempt", Some(b"many")),
        ("dead-letter.first-failed-at", Some(b"-5")),
        ("dead-letter.value-left-out", Some(b"true")),
    ]);
    let headers = failed(&record, 9);
    assert_eq!(pairs(&headers)[0], ("from".to_owned(), Some(b"upstream".to_vec())));
    assert_eq!(headers.count(), 13);
    let told = DeadLetter::of(&letter(headers));
    assert_eq!(told.topic.as_deref(), Some("order-events"));
    assert_eq!((told.attempt, told.first_failed_at, told.is_value_left_out), (Some(1), Some(9), false));
}

#[test]
fn an_attempt_is_never_too_many() {
    let record = record(&[("dead-letter.attempt", Some(u32::MAX.to_string().as_bytes()))]);
    assert_eq!(DeadLetter::of(&letter(failed(&record, 0))).attempt, Some(u32::MAX));
}

#[test]
fn a_long_message_is_cut_and_a_value_that_is_left_out_is_said_to_be() {
    let failure = Failure { reason: Reason::Undecodable, message: "ä".repeat(5_000) };
    let headers = headers(&record(&[]), &failure, REPORTER, 0, LeftOut::Value);
    let told = DeadLetter::of(&letter(headers));
    assert_eq!(told.message.map(|message| message.chars().count()), Some(LONGEST_MESSAGE));
    assert_eq!(told.reason.as_deref(), Some("undecodable"));
    assert!(told.is_value_left_out);
}

#[test]
fn a_stranger_among_the_dead_letters_tells_what_it_tells() {
    assert_eq!(DeadLetter::of(&letter(OwnedHeaders::new())), DeadLetter::default());
    let stranger = record(&[
        ("__connect.errors.topic", Some(b"\xff")),
        ("__connect.errors.partition", Some(b"99999999999")),
        ("__connect.errors.offset", Some(b"-1")),
        ("__connect.errors.exception.class.name", Some(b"java.lang.NullPointerException")),
    ]);
    let told = DeadLetter::of(&stranger);
    assert_eq!((told.topic, told.partition, told.offset), (None, None, None));
    assert_eq!(told.reason.as_deref(), Some("java.lang.NullPointerException"));
}

#[test]
fn reasons_are_words() {
    for reason in Reason::ALL {
        assert_eq!(reason.to_string().parse(), Ok(reason));
    }
    assert_eq!("Undecodable".parse::<Reason>(), Err(UnknownReason));
}
