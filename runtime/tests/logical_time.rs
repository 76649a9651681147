//! Dates, times, timestamps, durations and UUIDs: their numbers, bytes and texts.

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::{Duration as StdDuration, SystemTime, UNIX_EPOCH};

use ottla::logical::{
    Date, Duration, LocalTimestampMicros, LocalTimestampMillis, LocalTimestampNanos, TimeMicros, TimeMillis,
    TimestampMicros, TimestampMillis, TimestampNanos, Uuid,
};
use proptest::prelude::*;

/// Each value has its text, and each text is read as the value.
fn check<T: Debug + Display + FromStr<Err: Debug> + PartialEq>(
    cases: impl IntoIterator<Item = (T, &'static str)>,
) {
    for (value, text) in cases {
        assert_eq!(value.to_string(), text);
        assert_eq!(text.parse::<T>().expect(text), value, "{text}");
        let name = std::any::type_name::<T>().rsplit("::").next().expect("a type has a name");
        assert_eq!(format!("{value:?}"), format!("{name}({text})"));
    }
}

/// Texts that are other ways to write a value.
fn check_reads<T: Debug + FromStr<Err: Debug> + PartialEq>(value: T, texts: &[&str]) {
    for text in texts {
        assert_eq!(text.parse::<T>().expect(text), value, "{text}");
    }
}

/// Texts that are refused, for the reason that follows the sign.
fn check_refuses<T: Debug + FromStr<Err: Display>>(cases: &str) {
    for case in cases.lines().map(str::trim).filter(|case| !case.is_empty()) {
        let (text, reason) = case.split_once(" => ").expect("a case is `text => reason`");
        match text.trim_matches('\'').parse::<T>() {
            Ok(value) => panic!("{text} is read as {value:?}"),
            Err(error) => assert!(error.to_string().ends_with(reason), "{error}"),
        }
    }
}

#[test]
fn dates() {
    check([
        (Date(0), "1970-01-01"),
        (Date(-1), "1969-12-31"),
        (Date(19_782), "2024-02-29"),
        (Date(2_932_896), "9999-12-31"),
        (Date(2_932_897), "+10000-01-01"),
        (Date(-719_162), "0001-01-01"),
        (Date(-719_528), "0000-01-01"),
        (Date(-719_529), "-0001-12-31"),
        (Date(i32::MAX), "+5881580-07-11"),
        (Date(i32::MIN), "-5877641-06-23"),
    ]);
    assert_eq!(Date::default(), Date(0));
    assert_eq!((i32::from(Date(7)), Date::from(7)), (7, Date(7)));
    assert!(Date(-1) < Date(1));
}

/// Every day of more than two rounds of the calendar, and that each follows the one before.
#[test]
fn every_day_of_a_thousand_years() {
    let (mut year, mut month, mut day) = (1600, 1, 1);
    for number in -135_140..230_102 {
        assert_eq!(Date(number).to_ymd(), (year, month, day));
        assert_eq!(Date::from_ymd(year, month, day), Some(Date(number)));
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            [usize::from(month) - 1];
        (year, month, day) = match (month, day) {
            (12, 31) => (year + 1, 1, 1),
            _ if day == last => (year, month + 1, 1),
            _ => (year, month, day + 1),
        };
    }
    assert_eq!((year, month, day), (2599, 12, 31));
}

#[test]
fn days_that_there_are_not() {
    for (year, month, day) in [
        (2023, 2, 29),
        (1900, 2, 29),
        (2024, 2, 30),
        (2024, 0, 1),
        (2024, 13, 1),
        (2024, 4, 31),
        (2024, 1, 0),
        (2024, 255, 255),
    ] {
        assert_eq!(Date::from_ymd(year, month, day), None, "{year}-{month}-{day}");
    }
    assert_eq!(Date::from_ymd(2000, 2, 29), Some(Date(11_016)));
    assert_eq!(Date::from_ymd(5_881_580, 7, 11), Some(Date(i32::MAX)));
    assert_eq!(Date::from_ymd(5_881_580, 7, 12), None);
    assert_eq!(Date::from_ymd(-5_877_641, 6, 23), Some(Date(i32::MIN)));
    assert_eq!(Date::from_ymd(-5_877_641, 6, 22), None);
    assert_eq!(Date::from_ymd(i32::MAX, 1, 1), None);
    assert_eq!(Date::from_ymd(i32::MIN, 12, 31), None);
}

#[test]
fn texts_that_are_no_date() {
    check_refuses::<Date>(
        "'' => a year has four digits, or a sign where four digits are not enough
         2024-2-29 => a date is written YYYY-MM-DD
         2024-02 => a date is written YYYY-MM-DD
         20240229 => years beyond 9999 have a sign
         2024-02-30 => the month has no such day
         2023-02-29 => the month has no such day
         2024-04-00 => the month has no such day
         2024-13-01 => there is no such month
         2024-00-01 => there is no such month
         24-01-01 => a year has four digits, or a sign where four digits are not enough
         -0000-01-01 => a year has four digits, or a sign where four digits are not enough
         +2024-01-01 => a year has four digits, or a sign where four digits are not enough
         +02024-01-01 => a year has four digits, or a sign where four digits are not enough
         10000-01-01 => years beyond 9999 have a sign
         +5881580-07-12 => the year is out of range
         -5877641-06-22 => the year is out of range
         +9999999999-01-01 => the year is out of range
         2024-02-29Z => more follows after its end
         ' 2024-02-29' => a year has four digits, or a sign where four digits are not enough
         ２０２４-02-29 => a year has four digits, or a sign where four digits are not enough",
    );
    let error = "x".repeat(1000).parse::<Date>().expect_err("no date");
    assert!(error.to_string().len() < 200, "{error}");
}

#[test]
fn times() {
    check([
        (TimeMillis(0), "00:00:00.000"),
        (TimeMillis(30_479_363), "08:27:59.363"),
        (TimeMillis(86_399_999), "23:59:59.999"),
    ]);
    check([(TimeMicros(0), "00:00:00.000000"), (TimeMicros(86_399_999_999), "23:59:59.999999")]);
    check_reads(TimeMillis(43_200_500), &["12:00:00.5", "12:00:00.50", "12:00:00.500000000000"]);
    check_reads(TimeMillis(43_200_000), &["12:00:00"]);
    check_refuses::<TimeMillis>(
        "24:00:00 => there is no such time of day
         23:60:00 => there is no such time of day
         23:59:60 => there is no such time of day
         23:59 => a time is written hh:mm:ss, with decimals after the seconds if need be
         -1:00:00 => a time is written hh:mm:ss, with decimals after the seconds if need be
         23:59:59. => digits follow the decimal point
         23:59:59.1234 => it is more precise than the type
         23:59:59,5 => more follows after its end",
    );
}

/// What is no time of day is shown and kept.
#[test]
fn times_beyond_a_day() {
    let cases = [
        (TimeMillis(86_400_000), "24:00:00.000"),
        (TimeMillis(-1), "-00:00:00.001"),
        (TimeMillis(i32::MAX), "596:31:23.647"),
        (TimeMillis(i32::MIN), "-596:31:23.648"),
    ];
    for (time, text) in cases {
        assert_eq!(time.to_string(), text);
        assert!(!time.is_in_day());
        assert_eq!(i32::from(time), time.0);
        assert!(text.parse::<TimeMillis>().is_err(), "{text}");
    }
    assert_eq!(TimeMicros(i64::MAX).to_string(), "2562047788:00:54.775807");
    assert_eq!(TimeMicros(i64::MIN).to_string(), "-2562047788:00:54.775808");
    assert_eq!(TimeMicros(i64::MIN).to_millis(), None);
    assert_eq!(TimeMicros(1_999).to_millis(), Some(TimeMillis(1)));
    assert_eq!(TimeMicros(-1).to_millis(), Some(TimeMillis(-1)));
    assert_eq!(TimeMicros::from(TimeMillis(i32::MIN)), TimeMicros(-2_147_483_648_000));
}

#[test]
fn timestamps() {
    check([
        (TimestampMillis(0), "1970-01-01T00:00:00.000Z"),
        (TimestampMillis(-1), "1969-12-31T23:59:59.999Z"),
        (TimestampMillis(253_402_300_799_999), "9999-12-31T23:59:59.999Z"),
        (TimestampMillis(-62_135_596_800_000), "0001-01-01T00:00:00.000Z"),
        (TimestampMillis(i64::MAX), "+292278994-08-17T07:12:55.807Z"),
        (TimestampMillis(i64::MIN), "-292275055-05-16T16:47:04.192Z"),
    ]);
    check([
        (TimestampMicros(1_709_251_199_999_999), "2024-02-29T23:59:59.999999Z"),
        (TimestampMicros(i64::MAX), "+294247-01-10T04:00:54.775807Z"),
        (TimestampMicros(i64::MIN), "-290308-12-21T19:59:05.224192Z"),
    ]);
    check([
        (TimestampNanos(-1), "1969-12-31T23:59:59.999999999Z"),
        (TimestampNanos(i64::MAX), "2262-04-11T23:47:16.854775807Z"),
        (TimestampNanos(i64::MIN), "1677-09-21T00:12:43.145224192Z"),
    ]);
    check([
        (LocalTimestampMillis(i64::MAX), "+292278994-08-17T07:12:55.807"),
        (LocalTimestampMillis(i64::MIN), "-292275055-05-16T16:47:04.192"),
    ]);
    check([(LocalTimestampMicros(1_709_251_199_999_999), "2024-02-29T23:59:59.999999")]);
    check([(LocalTimestampNanos(i64::MIN), "1677-09-21T00:12:43.145224192")]);
}

#[test]
fn other_texts_of_timestamps() {
    let noon = TimestampMillis(1_709_208_000_000);
    check_reads(
        noon,
        &[
            "2024-02-29T12:00:00Z",
            "2024-02-29T12:00:00.000000Z",
            "2024-02-29T12:00:00+00:00",
            "2024-02-29T14:00:00+02:00",
            "2024-02-28T18:29:00.0-17:31",
            "2024-02-29T12:00:00-00:00",
        ],
    );
    check_refuses::<TimestampMillis>(
        "2024-02-29T12:00:00 => it ends in Z or in an offset of the form +hh:mm
         2024-02-29 12:00:00Z => a T stands between date and time
         2024-02-29t12:00:00Z => a T stands between date and time
         2024-02-29T12:00:00z => it ends in Z or in an offset of the form +hh:mm
         2024-02-29T12:00:00+0200 => it ends in Z or in an offset of the form +hh:mm
         2024-02-29T12:00:00+24:00 => there is no such offset
         2024-02-29T12:00:00.0001Z => it is more precise than the type
         2024-02-30T12:00:00Z => the month has no such day
         2024-02-29T12:00:00ZZ => more follows after its end
         +292278994-08-17T07:12:55.808Z => 64 bits of its unit do not reach it
         +999999999-12-31T23:59:59.999Z => 64 bits of its unit do not reach it
         -999999999-01-01T00:00:00.000+23:59 => 64 bits of its unit do not reach it",
    );
    check_refuses::<TimestampNanos>("2262-04-11T23:47:16.854775808Z => 64 bits of its unit do not reach it");
    check_refuses::<LocalTimestampMillis>("2024-02-29T12:00:00Z => more follows after its end");
}

#[test]
fn precisions() {
    assert_eq!(TimestampMillis(-3).to_micros(), Some(TimestampMicros(-3_000)));
    assert_eq!(TimestampMillis(-3).to_nanos(), Some(TimestampNanos(-3_000_000)));
    assert_eq!(TimestampMicros(-3).to_nanos(), Some(TimestampNanos(-3_000)));
    assert_eq!(TimestampMillis(i64::MAX).to_micros(), None);
    assert_eq!(TimestampMillis(i64::MIN).to_nanos(), None);
    assert_eq!(TimestampMicros(i64::MAX / 1000 + 1).to_nanos(), None);
    assert_eq!(TimestampMicros(-1).to_millis(), TimestampMillis(-1));
    assert_eq!(TimestampMicros(1_999).to_millis(), TimestampMillis(1));
    assert_eq!(TimestampNanos(-1).to_millis(), TimestampMillis(-1));
    assert_eq!(TimestampNanos(-1_001).to_micros(), TimestampMicros(-2));
    assert_eq!(LocalTimestampNanos(i64::MIN).to_millis(), LocalTimestampMillis(-9_223_372_036_855));
    assert_eq!(LocalTimestampMillis(5).to_nanos(), Some(LocalTimestampNanos(5_000_000)));
}

#[test]
fn the_clock_of_the_system() {
    let before = SystemTime::now();
    let now = TimestampMicros::now();
    assert!(now >= TimestampMicros::try_from(before).expect("now is within range"));
    assert!(now <= TimestampMicros::try_from(SystemTime::now()).expect("now is within range"));

    let early = UNIX_EPOCH - StdDuration::from_nanos(1);
    assert_eq!(TimestampMillis::try_from(early), Ok(TimestampMillis(-1)));
    assert_eq!(TimestampNanos::try_from(early), Ok(TimestampNanos(-1)));
    assert_eq!(SystemTime::try_from(TimestampNanos(-1)), Ok(early));

    let late = UNIX_EPOCH + StdDuration::from_secs(10_000_000_000);
    assert_eq!(TimestampMillis::try_from(late), Ok(TimestampMillis(10_000_000_000_000)));
    let error = TimestampNanos::try_from(late).expect_err("beyond 2262");
    assert_eq!(error.to_string(), "the point in time is beyond what timestamp-nanos holds");
}

/// The clock of Linux has 64 bits of seconds, so it reaches whatever a timestamp holds.
#[cfg(target_os = "linux")]
#[test]
fn every_instant_on_the_clock_of_linux() {
    for number in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
        let system = SystemTime::try_from(TimestampMillis(number)).expect("within the clock");
        assert_eq!(TimestampMillis::try_from(system), Ok(TimestampMillis(number)));
        let system = SystemTime::try_from(TimestampNanos(number)).expect("within the clock");
        assert_eq!(TimestampNanos::try_from(system), Ok(TimestampNanos(number)));
    }
}

#[test]
fn durations() {
    check([
        (Duration::default(), "PT0S"),
        (Duration { months: 14, days: 3, millis: 250 }, "P14M3DT0.250S"),
        (Duration { months: 1, days: 0, millis: 0 }, "P1M"),
        (Duration { months: 0, days: 2, millis: 3_000 }, "P2DT3S"),
        (
            Duration { months: u32::MAX, days: u32::MAX, millis: u32::MAX },
            "P4294967295M4294967295DT4294967.295S",
        ),
    ]);
    check_reads(
        Duration { months: 14, days: 17, millis: 5_400_250 },
        &["P1Y2M2W3DT1H30M0.25S", "P14M17DT90M0.2500S"],
    );
    check_refuses::<Duration>(
        "P => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         PT => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1DT => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         1D => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1D2M => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1S => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         PT1D => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1D1D => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P-1D => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1DT1ST1S => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P1.5D => only seconds have decimals
         P1.0D => only seconds have decimals
         PT0.0001S => it is more precise than the type
         PT49H2562047788H => a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero
         P4294967296M => months, days and milliseconds have 32 bits each
         P400000000Y => months, days and milliseconds have 32 bits each
         PT4294967.296S => months, days and milliseconds have 32 bits each
         P99999999999D => months, days and milliseconds have 32 bits each",
    );
}

/// The bytes of `case/duration` of the corpus: three numbers, lowest byte first.
#[test]
fn bytes_of_durations() {
    let bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let duration = Duration { months: 0x0302_0100, days: 0x0706_0504, millis: 0x0b0a_0908 };
    assert_eq!(Duration::from_bytes(bytes), duration);
    assert_eq!(duration.to_bytes(), bytes);
    assert_eq!(<[u8; 12]>::from(Duration::from(bytes)), bytes);
}

#[test]
fn uuids() {
    let bytes =
        [0x68, 0x3f, 0xe0, 0x50, 0x43, 0xb8, 0x75, 0xca, 0x35, 0x59, 0xbe, 0x68, 0x89, 0x64, 0xcd, 0xcd];
    check([
        (Uuid::NIL, "00000000-0000-0000-0000-000000000000"),
        (Uuid([0xff; 16]), "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        (Uuid(bytes), "683fe050-43b8-75ca-3559-be688964cdcd"),
    ]);
    check_reads(
        Uuid(bytes),
        &["683FE050-43B8-75CA-3559-BE688964CDCD", "683Fe050-43b8-75CA-3559-bE688964cDcD"],
    );
    assert_eq!(&Uuid(bytes).encode(), b"683fe050-43b8-75ca-3559-be688964cdcd");
    assert_eq!(<[u8; 16]>::from(Uuid::from(bytes)), bytes);
    assert_eq!(format!("{:>40}", Uuid::NIL), "    00000000-0000-0000-0000-000000000000");
}

/// Every byte in every place is either right or refused.
#[test]
fn texts_that_are_no_uuid() {
    let good = *b"683fe050-43b8-75ca-3559-be688964cdcd";
    for place in 0..36 {
        for byte in 0..=255 {
            let mut text = good;
            text[place] = byte;
            let is_right = if good[place] == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
            assert_eq!(Uuid::parse_bytes(&text).is_some(), is_right, "{byte:#x} at {place}");
        }
    }
    for text in [
        "",
        "683fe05043b875ca3559be688964cdcd",
        "{683fe050-43b8-75ca-3559-be688964cdcd}",
        "683fe050-43b8-75ca-3559-be688964cdc",
    ] {
        assert_eq!(Uuid::parse_bytes(text.as_bytes()), None, "{text}");
    }
    let error = "1-1-1-1-1".parse::<Uuid>().expect_err("too short");
    assert_eq!(
        error.to_string(),
        "\"1-1-1-1-1\" is no UUID: it is written as 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between"
    );
}

/// A value's text is read as the value.
fn round_trip<T: Debug + Display + FromStr<Err: Debug> + PartialEq>(value: T) {
    assert_eq!(value.to_string().parse::<T>().expect("a text of its own is read"), value);
}

proptest! {
    #[test]
    fn texts_of_dates_and_times_are_read_back(int: i32, long: i64) {
        round_trip(Date(int));
        round_trip(TimeMillis(int.rem_euclid(86_400_000)));
        round_trip(TimeMicros(long.rem_euclid(86_400_000_000)));
        round_trip(TimestampMillis(long));
        round_trip(TimestampMicros(long));
        round_trip(TimestampNanos(long));
        round_trip(LocalTimestampMillis(long));
        round_trip(LocalTimestampMicros(long));
        round_trip(LocalTimestampNanos(long));
    }

    #[test]
    fn texts_of_durations_and_uuids_are_read_back(bytes: [u8; 12], uuid: [u8; 16]) {
        round_trip(Duration::from_bytes(bytes));
        prop_assert_eq!(Duration::from_bytes(bytes).to_bytes(), bytes);
        round_trip(Uuid(uuid));
        prop_assert_eq!(Uuid::parse_bytes(Uuid(uuid).to_string().to_uppercase().as_bytes()), Some(Uuid(uuid)));
    }

    #[test]
    fn days_follow_each_other(day in i32::MIN..i32::MAX) {
        let (year, month, day_of_month) = Date(day).to_ymd();
        prop_assert_eq!(Date::from_ymd(year, month, day_of_month), Some(Date(day)));
        let next = Date(day + 1).to_ymd();
        let follows = next == (year, month, day_of_month + 1)
            || day_of_month >= 28 && (next == (year, month + 1, 1) || month == 12 && next == (year + 1, 1, 1));
        prop_assert!(follows, "{next:?} follows {year}-{month}-{day_of_month}");
    }

    /// Whatever the text, nothing panics, and what is read is written in a way that means the same.
    #[test]
    fn any_text(text in "[-+0-9TPZ:.YMWDHS]{0,30}") {
        if let Ok(value) = text.parse::<Date>() { prop_assert_eq!(value.to_string(), text.clone()); }
        if let Ok(value) = text.parse::<TimeMicros>() { round_trip(value); }
        if let Ok(value) = text.parse::<TimestampNanos>() { round_trip(value); }
        if let Ok(value) = text.parse::<LocalTimestampMillis>() { round_trip(value); }
        if let Ok(value) = text.parse::<Duration>() { round_trip(value); }
        if let Ok(value) = text.parse::<Uuid>() { round_trip(value); }
    }

    #[test]
    fn any_text_at_all(text: String) {
        let _ = (text.parse::<Date>(), text.parse::<TimeMillis>(), text.parse::<TimestampMillis>());
        let _ = (text.parse::<Duration>(), text.parse::<Uuid>());
    }
}
