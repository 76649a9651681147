//! Types of other libraries that stand for logical types.

use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ottla::logical::{Convert, ConvertError, TimestampMillis, TimestampNanos};

/// Each value of ours is the one of theirs, both ways.
#[track_caller]
fn check<Ours, Theirs>(ours: Ours, theirs: Theirs)
where
    Ours: Copy + Debug + PartialEq,
    Theirs: Convert<Ours> + Debug + PartialEq,
{
    assert_eq!(Theirs::from_avro(ours), Ok(theirs));
    assert_eq!(Theirs::from_avro(ours).and_then(|theirs| theirs.to_avro()), Ok(ours));
}

/// Ours has no counterpart, for this reason.
#[track_caller]
fn check_refuses<Ours, Theirs: Convert<Ours> + Debug>(ours: Ours, reason: &str) {
    assert_eq!(Theirs::from_avro(ours).expect_err("no counterpart").to_string(), reason);
}

#[test]
fn the_clock_of_the_system() {
    check(TimestampMillis(-1), UNIX_EPOCH - Duration::from_millis(1));
    check(TimestampNanos(1), UNIX_EPOCH + Duration::from_nanos(1));
    let late = UNIX_EPOCH + Duration::from_secs(10_000_000_000);
    let refused: Result<TimestampNanos, ConvertError> = late.to_avro();
    assert_eq!(
        refused.expect_err("beyond 2262").to_string(),
        "the point in time is beyond what timestamp-nanos holds"
    );
    let precise: Result<TimestampMillis, ConvertError> = (UNIX_EPOCH - Duration::from_nanos(1)).to_avro();
    assert_eq!(precise, Ok(TimestampMillis(-1)));
    assert!(<SystemTime as Convert<TimestampMillis>>::from_avro(TimestampMillis(0)).is_ok());
}

#[test]
fn errors_are_their_message() {
    assert_eq!(ConvertError::from("no such thing").to_string(), "no such thing");
    assert_eq!(ConvertError::from(format!("{} is too much", 5)).to_string(), "5 is too much");
    let number = "x".parse::<u8>().expect_err("no number");
    assert_eq!(ConvertError::of(number).to_string(), "invalid digit found in string");
}

#[cfg(feature = "chrono")]
mod chrono {
    use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
    use ottla::logical::{
        Convert, ConvertError, Date, LocalTimestampMicros, LocalTimestampMillis, LocalTimestampNanos,
        TimeMicros, TimeMillis, TimestampMicros, TimestampMillis, TimestampNanos,
    };
    use proptest::prelude::*;

    use super::{check, check_refuses};

    fn date(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn time(text: &str) -> NaiveTime {
        text.parse().expect(text)
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect(text)
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    #[test]
    fn dates() {
        check(Date(0), date("1970-01-01"));
        check(Date(19_782), date("2024-02-29"));
        check(Date(-719_529), date("-0001-12-31"));
        check(NaiveDate::MAX.to_avro().expect("within 32 bits"), NaiveDate::MAX);
        check(NaiveDate::MIN.to_avro().expect("within 32 bits"), NaiveDate::MIN);
        check_refuses::<_, NaiveDate>(Date(i32::MAX), "+5881580-07-11 is out of range");
        check_refuses::<_, NaiveDate>(Date(i32::MIN), "-5877641-06-23 is out of range");
    }

    #[test]
    fn times() {
        check(TimeMillis(86_399_999), time("23:59:59.999"));
        check(TimeMicros(86_399_999_999), time("23:59:59.999999"));
        check(TimeMicros(0), time("00:00:00"));
        assert_eq!(time("23:59:59.999999999").to_avro(), Ok(TimeMicros(86_399_999_999)));
        assert_eq!(time("23:59:59.999999999").to_avro(), Ok(TimeMillis(86_399_999)));
        check_refuses::<_, NaiveTime>(TimeMillis(86_400_000), "24:00:00.000 is no time of day");
        check_refuses::<_, NaiveTime>(TimeMillis(-1), "-00:00:00.001 is no time of day");
        check_refuses::<_, NaiveTime>(TimeMicros(i64::MAX), "2562047788:00:54.775807 is no time of day");
        check_refuses::<_, NaiveTime>(TimeMicros(i64::MIN), "-2562047788:00:54.775808 is no time of day");
        // Leap seconds.
        assert_eq!(time("12:59:60.5").to_avro(), Ok(TimeMillis(46_800_500)));
        let refused: Result<TimeMillis, ConvertError> = time("23:59:60.5").to_avro();
        assert_eq!(refused.expect_err("beyond the day").to_string(), "24:00:00.500000 is no time of day");
    }

    #[test]
    fn timestamps() {
        check(TimestampMillis(-1), utc("1969-12-31T23:59:59.999Z"));
        check(TimestampMicros(1_709_251_199_999_999), utc("2024-02-29T23:59:59.999999Z"));
        check(TimestampNanos(i64::MAX), utc("2262-04-11T23:47:16.854775807Z"));
        check(TimestampNanos(i64::MIN), utc("1677-09-21T00:12:43.145224192Z"));
        check(LocalTimestampMillis(-1), local("1969-12-31T23:59:59.999"));
        check(LocalTimestampMicros(1_709_251_199_999_999), local("2024-02-29T23:59:59.999999"));
        check(LocalTimestampNanos(i64::MIN), local("1677-09-21T00:12:43.145224192"));
        let precise = utc("1969-12-31T23:59:59.999999999Z");
        assert_eq!(precise.to_avro(), Ok(TimestampMillis(-1)));
        assert_eq!(precise.to_avro(), Ok(TimestampMicros(-1)));
        assert_eq!(precise.to_avro(), Ok(TimestampNanos(-1)));
    }

    #[test]
    fn timestamps_out_of_range() {
        const LAST: &str = "+292278994-08-17T07:12:55.807";
        check_refuses::<_, DateTime<Utc>>(TimestampMillis(i64::MAX), &format!("{LAST}Z is out of range"));
        check_refuses::<_, NaiveDateTime>(LocalTimestampMillis(i64::MAX), &format!("{LAST} is out of range"));
        check_refuses::<_, DateTime<Utc>>(
            TimestampMicros(i64::MIN),
            "-290308-12-21T19:59:05.224192Z is out of range",
        );
        let late: Result<TimestampNanos, ConvertError> = utc("2262-04-11T23:47:16.854775808Z").to_avro();
        assert_eq!(
            late.expect_err("beyond 64 bits").to_string(),
            "2262-04-11 23:47:16.854775808 UTC is out of range"
        );
        let late: Result<LocalTimestampNanos, ConvertError> = local("9999-01-01T00:00:00").to_avro();
        assert!(late.is_err());
        for extreme in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let micros: TimestampMicros = extreme.to_avro().expect("within 64 bits");
            assert_eq!(micros.0, extreme.timestamp_micros());
        }
    }

    proptest! {
        /// `chrono` agrees about the calendar and its texts.
        #[test]
        fn the_same_calendar(days in -96_000_000..95_000_000i32) {
            let theirs = NaiveDate::from_avro(Date(days)).expect("within range");
            let (year, month, day) = Date(days).to_ymd();
            prop_assert_eq!((theirs.year(), theirs.month(), theirs.day()), (year, month.into(), day.into()));
            prop_assert_eq!(theirs.to_string(), Date(days).to_string());
            prop_assert_eq!(theirs.to_avro(), Ok(Date(days)));
        }

        #[test]
        fn any_date(days: i32) {
            if let Ok(theirs) = NaiveDate::from_avro(Date(days)) {
                prop_assert_eq!(theirs.to_avro(), Ok(Date(days)));
            }
        }

        #[test]
        fn any_timestamp(number: i64) {
            let millis = TimestampMillis(number / 1_000_000);
            let theirs: DateTime<Utc> = Convert::from_avro(millis).expect("within range");
            prop_assert_eq!(theirs.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(), millis.to_string());
            prop_assert_eq!(theirs.to_avro(), Ok(millis));
            if let Ok(theirs) = <DateTime<Utc>>::from_avro(TimestampMicros(number)) {
                prop_assert_eq!(theirs.to_avro(), Ok(TimestampMicros(number)));
            }
            let theirs: NaiveDateTime = Convert::from_avro(LocalTimestampNanos(number)).expect("within range");
            prop_assert_eq!(theirs.format("%Y-%m-%dT%H:%M:%S%.9f").to_string(), LocalTimestampNanos(number).to_string());
            prop_assert_eq!(theirs.to_avro(), Ok(LocalTimestampNanos(number)));
            prop_assert_eq!(theirs.to_avro(), Ok(LocalTimestampNanos(number).to_millis()));
            prop_assert_eq!(theirs.to_avro(), Ok(LocalTimestampNanos(number).to_micros()));
        }
    }
}

#[cfg(feature = "uuid")]
mod uuid {
    use ottla::logical::{Convert, Uuid};

    #[test]
    fn uuids() {
        let text = "683fe050-43b8-75ca-3559-be688964cdcd";
        let ours: Uuid = text.parse().expect("a UUID");
        super::check(ours, text.parse::<::uuid::Uuid>().expect("a UUID"));
        assert_eq!(::uuid::Uuid::nil().to_avro(), Ok(Uuid::NIL));
    }
}

#[cfg(feature = "rust_decimal")]
mod rust_decimal {
    use ::rust_decimal::Decimal as Theirs;
    use ottla::logical::{BigDecimal, Convert, ConvertError, Decimal};
    use proptest::prelude::*;

    use super::{check, check_refuses};

    const TOO_LONG: &str = "the number has more digits than a rust_decimal::Decimal can hold";

    fn theirs(text: &str) -> Theirs {
        text.parse().expect(text)
    }

    fn ours<const P: u32, const S: u32>(text: &str) -> Result<Decimal<P, S>, String> {
        theirs(text).to_avro().map_err(|error: ConvertError| error.to_string())
    }

    #[test]
    fn decimals() {
        check(Decimal::<9, 2>::from_unscaled(1234), theirs("12.34"));
        check(Decimal::<9, 2>::from_unscaled(-5), theirs("-0.05"));
        check(Decimal::<9, 2>::from_unscaled(0), theirs("0.00"));
        // Equal numbers compare equal there whatever their scale, so the texts are compared as well.
        assert_eq!(
            Theirs::from_avro(Decimal::<9, 2>::from_unscaled(1200)).map(|theirs| theirs.to_string()),
            Ok("12.00".into())
        );
        assert_eq!(ours::<9, 2>("12"), Ok(Decimal::from_unscaled(1200)));
        assert_eq!(ours::<9, 2>("12.3400000"), Ok(Decimal::from_unscaled(1234)));
        assert_eq!(
            ours::<9, 2>("12.345"),
            Err("the number has more than 2 digits after the decimal point".into())
        );
        assert_eq!(ours::<9, 2>("10000000"), Err("the number has more than 9 digits".into()));
        assert_eq!(
            ours::<38, 0>("-79228162514264337593543950335"),
            Ok(Decimal::from_unscaled(-79_228_162_514_264_337_593_543_950_335))
        );
        assert_eq!(ours::<38, 38>("1"), Err("the number has more than 38 digits".into()));
    }

    #[test]
    fn decimals_that_do_not_fit() {
        check(Decimal::<38, 0>::from_unscaled(79_228_162_514_264_337_593_543_950_335), Theirs::MAX);
        check_refuses::<_, Theirs>(
            Decimal::<38, 0>::from_unscaled(79_228_162_514_264_337_593_543_950_336),
            TOO_LONG,
        );
        check_refuses::<_, Theirs>(Decimal::<38, 0>::from_unscaled(10i128.pow(37)), TOO_LONG);
        check_refuses::<_, Theirs>(Decimal::<38, 38>::from_unscaled(1), TOO_LONG);
        check_refuses::<_, Theirs>(Decimal::<38, 0>::from_unscaled(i128::MIN), TOO_LONG);
        // Zeros at the end make room.
        check(Decimal::<38, 38>::from_unscaled(5 * 10i128.pow(37)), theirs("0.5"));
        check(Decimal::<38, 30>::from_unscaled(-12 * 10i128.pow(28)), theirs("-0.12"));
        check(Decimal::<38, 38>::from_unscaled(0), Theirs::ZERO);
    }

    #[test]
    fn big_decimals() {
        for (number, text) in [
            (BigDecimal::new(1234, 2), "12.34"),
            (BigDecimal::new(1200, 2), "12.00"),
            (BigDecimal::new(-12, -3), "-12000"),
            (BigDecimal::new(0, i32::MIN), "0"),
            (BigDecimal::new(10i128.pow(38), 40), "0.0100000000000000000000000000"),
        ] {
            assert_eq!(Theirs::from_avro(number).map(|theirs| theirs.to_string()), Ok(text.into()), "{text}");
        }
        assert_eq!(theirs("12.00").to_avro(), Ok(BigDecimal::new(1200, 2)));
        for number in [
            BigDecimal::new(1, i32::MIN),
            BigDecimal::new(1, i32::MAX),
            BigDecimal::new(1, 29),
            BigDecimal::new(1, -29),
            BigDecimal::new(1, -(1 << 30)),
            BigDecimal::from_be_bytes(&[0x7f; 30], 0),
        ] {
            check_refuses_big(number);
        }
    }

    #[track_caller]
    fn check_refuses_big(number: BigDecimal) {
        check_refuses::<_, Theirs>(number, TOO_LONG);
    }

    proptest! {
        #[test]
        fn every_number_of_theirs_is_kept(mantissa in -79_228_162_514_264_337_593_543_950_335i128..=79_228_162_514_264_337_593_543_950_335, scale in 0u32..=28) {
            let number = Theirs::from_i128_with_scale(mantissa, scale);
            let big: BigDecimal = number.to_avro().expect("every number");
            let back = Theirs::from_avro(big).expect("the same number");
            prop_assert_eq!((back, back.scale()), (number, scale));
        }

        /// What passes is exact: both write the same number.
        #[test]
        fn what_fits_is_exact(unscaled: i128, cut in 0u32..120) {
            let decimal = Decimal::<38, 9>::from_unscaled(unscaled >> cut);
            if let Ok(theirs) = Theirs::from_avro(decimal) {
                prop_assert_eq!(theirs.to_string().parse(), Ok(decimal));
                prop_assert_eq!(theirs.to_avro(), Ok(decimal));
            }
        }
    }
}
