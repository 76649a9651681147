//! Types of other libraries in derived types.

#![deny(warnings, clippy::all)]

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ottla::Event;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Event, Debug, PartialEq)]
struct Foreign {
    day: NaiveDate,
    time: NaiveTime,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    id: Uuid,
    price: Decimal,
    days: Vec<NaiveDate>,
    #[event(logical = "timestamp-millis")]
    millis: DateTime<Utc>,
    #[event(logical = "time-millis")]
    short: Option<NaiveTime>,
    #[event(logical = "decimal(9, 2)")]
    exact: Decimal,
}

#[test]
fn types_of_other_libraries() {
    assert_eq!(
        Foreign::descriptor().text(),
        concat!(
            r#"{"type":"record","name":"Foreign","fields":[{"name":"day","type":{"type":"int","logicalType":"date"}},"#,
            r#"{"name":"time","type":{"type":"long","logicalType":"time-micros"}},"#,
            r#"{"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},"#,
            r#"{"name":"local","type":{"type":"long","logicalType":"local-timestamp-micros"}},"#,
            r#"{"name":"id","type":{"type":"string","logicalType":"uuid"}},"#,
            r#"{"name":"price","type":{"type":"bytes","logicalType":"big-decimal"}},"#,
            r#"{"name":"days","type":{"type":"array","items":{"type":"int","logicalType":"date"}}},"#,
            r#"{"name":"millis","type":{"type":"long","logicalType":"timestamp-millis"}},"#,
            r#"{"name":"short","type":["null",{"type":"int","logicalType":"time-millis"}]},"#,
            r#"{"name":"exact","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}"#,
        ),
    );
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day");
    let time = NaiveTime::from_hms_milli_opt(1, 2, 3, 4).expect("a time");
    let value = Foreign {
        day,
        time,
        at: day.and_time(time).and_utc(),
        local: day.and_time(time),
        id: Uuid::from_u128(0x1234_5678_9abc_def0),
        price: Decimal::new(-12345, 3),
        days: vec![day, day],
        millis: day.and_time(time).and_utc(),
        short: Some(time),
        exact: Decimal::new(1234, 2),
    };
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("all of it can be written");
    assert_eq!(Foreign::decode(&bytes).expect("its own bytes"), value);

    let mut buffer = Vec::new();
    let error =
        Foreign { exact: Decimal::new(12345, 3), ..value }.encode(&mut buffer).expect_err("too exact");
    assert!(buffer.is_empty() && error.to_string().contains("decimal"), "{error}");
}
