//! What the generator knows of the types of other crates: which defaults these have a value for.

use std::fs;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ottla::logical::{
    Convert, Date, Decimal, LocalTimestampMicros, LocalTimestampMillis, TimeMicros, TimeMillis,
    TimestampMicros, TimestampMillis,
};

/// Is there code for a field of this type with this default?
fn is_generated(ty: &str, default: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.avsc");
    let text = format!(
        r#"{{"type": "record", "name": "R", "fields": [{{"name": "f", "type": {ty}, "default": {default}}}]}}"#
    );
    fs::write(&path, text).expect("a file");
    let options = ottla_codegen::Options::new().chrono(true).rust_decimal(true);
    match ottla_codegen::generate(&[path], &options) {
        Ok(_) => true,
        Err(errors) => {
            assert!(errors.to_string().contains("has no value for"), "{errors}");
            false
        }
    }
}

/// The first and last value that chrono has, and those beyond.
macro_rules! check {
    ($($theirs:ty, $ours:ident: $kind:literal $word:literal, $first:expr, $last:expr;)*) => {$(
        let ty = format!(r#"{{"type": "{}", "logicalType": "{}"}}"#, $kind, $word);
        for (number, is_held) in [($first, true), ($last, true), ($first - 1, false), ($last + 1, false)] {
            let theirs: Result<$theirs, _> = Convert::from_avro($ours(number));
            assert_eq!(theirs.is_ok(), is_held, "{} {number}: {theirs:?}", $word);
            assert_eq!(is_generated(&ty, &number.to_string()), is_held, "{} {number}", $word);
        }
    )*};
}

#[test]
fn times_that_chrono_has() {
    const FIRST: i64 = -96_465_292;
    const LAST: i64 = 95_026_236;
    check! {
        NaiveDate, Date: "int" "date", FIRST as i32, LAST as i32;
        NaiveTime, TimeMillis: "int" "time-millis", 0, 86_399_999;
        NaiveTime, TimeMicros: "long" "time-micros", 0, 86_399_999_999;
        DateTime<Utc>, TimestampMillis: "long" "timestamp-millis", FIRST * 86_400_000, (LAST + 1) * 86_400_000 - 1;
        DateTime<Utc>, TimestampMicros: "long" "timestamp-micros", FIRST * 86_400_000_000, (LAST + 1) * 86_400_000_000 - 1;
        NaiveDateTime, LocalTimestampMillis: "long" "local-timestamp-millis", FIRST * 86_400_000, (LAST + 1) * 86_400_000 - 1;
        NaiveDateTime, LocalTimestampMicros: "long" "local-timestamp-micros", FIRST * 86_400_000_000, (LAST + 1) * 86_400_000_000 - 1;
    }
}

#[test]
fn decimals_that_rust_decimal_has() {
    const MOST: i128 = (1 << 96) - 1;
    for (unscaled, is_held) in [
        (MOST, true),
        (-MOST, true),
        (MOST + 1, false),
        (-MOST - 1, false),
        (MOST * 100, true),
        (MOST * 1000, false),
        (0, true),
    ] {
        let theirs: Result<rust_decimal::Decimal, _> =
            Convert::from_avro(Decimal::<10, 2>::from_unscaled(unscaled));
        assert_eq!(theirs.is_ok(), is_held, "{unscaled}: {theirs:?}");
        let default: String = unscaled.to_be_bytes().iter().map(|byte| format!("\\u00{byte:02x}")).collect();
        let ty = r#"{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}"#;
        assert_eq!(is_generated(ty, &format!("\"{default}\"")), is_held, "{unscaled}");
    }
}
