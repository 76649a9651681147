//! Numbers that say too little about what they are.

use ottla_formats::avro::{Kind, Schema, TypeId};
use ottla_formats::json::Value;

use super::linted::Linted;
use super::words::words;
use crate::rule::{DECIMAL_AS_DOUBLE, TIMESTAMP_WITHOUT_LOGICAL_TYPE};

/// Words for money, in the singular.
const MONEY: [&str; 26] = [
    "amount", "balance", "budget", "charge", "cost", "credit", "debit", "deposit", "discount", "fare", "fee",
    "money", "payment", "payout", "price", "refund", "revenue", "salary", "subtotal", "tax", "tip", "toll",
    "total", "turnover", "vat", "wage",
];

/// Words that end the name of a point in time.
const TIMES: [&str; 8] = ["at", "date", "datetime", "instant", "time", "timestamp", "ts", "when"];

/// A unit that ends such a name.
struct Unit {
    words: &'static [&'static str],
    /// There is none for seconds.
    logical: Option<&'static str>,
    /// Is that enough for a point in time, whatever stands before it? `about_us` is none.
    is_enough: bool,
}

const UNITS: [Unit; 6] = [
    Unit {
        words: &["ms", "msec", "millis", "milliseconds"],
        logical: Some("timestamp-millis"),
        is_enough: true,
    },
    Unit { words: &["usec", "micros", "microseconds"], logical: Some("timestamp-micros"), is_enough: true },
    Unit { words: &["nanos", "nanoseconds"], logical: Some("timestamp-nanos"), is_enough: true },
    Unit { words: &["us"], logical: Some("timestamp-micros"), is_enough: false },
    Unit { words: &["ns"], logical: Some("timestamp-nanos"), is_enough: false },
    Unit { words: &["s", "sec", "secs", "second", "seconds"], logical: None, is_enough: false },
];

/// Words that make of a time or a unit a length of time.
const LENGTHS: [&str; 30] = [
    "age",
    "backoff",
    "busy",
    "cpu",
    "delay",
    "down",
    "duration",
    "elapsed",
    "execution",
    "idle",
    "interval",
    "lag",
    "latency",
    "lead",
    "lifetime",
    "offset",
    "period",
    "processing",
    "response",
    "retention",
    "running",
    "service",
    "spent",
    "timeout",
    "took",
    "travel",
    "ttl",
    "up",
    "uptime",
    "wait",
];

/// Floats and doubles with a name like one of money.
pub(super) fn decimals(linted: &mut Linted<'_>) {
    if !linted.is_on(&DECIMAL_AS_DOUBLE) {
        return;
    }
    for field in linted.fields() {
        let words = words(&field.field.name);
        let mut money = words.iter().flat_map(|word| [word, singular(word)]);
        let Some(word) = money.find(|word| MONEY.contains(word)) else { continue };
        let is_float = |kind: &Kind| matches!(kind, Kind::Float | Kind::Double);
        let Some(kind) = within(linted.schema, field.field.ty, is_float) else { continue };
        let message =
            format!("{} is a {}, which cannot hold every {word} exactly", field.label(), kind.word());
        let fix = "use {\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 18, \"scale\": 2}; where the \
                   field was released, add it under another name, as its type cannot change";
        let spot = linted.spot(field, "type");
        linted.tell(&DECIMAL_AS_DOUBLE, spot, message, fix.to_owned());
    }
}

/// Whole numbers with a name like one of a point in time, and nothing that says how it is counted. Texts are left alone: a
/// time as in ISO 8601 says that itself.
pub(super) fn timestamps(linted: &mut Linted<'_>) {
    if !linted.is_on(&TIMESTAMP_WITHOUT_LOGICAL_TYPE) {
        return;
    }
    for field in linted.fields() {
        let Some(time) = point_in_time(&words(&field.field.name)) else { continue };
        let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long);
        let Some(kind) = within(linted.schema, field.field.ty, is_number) else { continue };
        let message =
            format!("{} is {} {} without a logical type", field.label(), article(kind), kind.word());
        let fix = fix(kind, time);
        let spot = linted.spot(field, "type");
        linted.tell(&TIMESTAMP_WITHOUT_LOGICAL_TYPE, spot, message, fix);
    }
}

fn article(kind: &Kind) -> &'static str {
    if matches!(kind, Kind::Int) { "an" } else { "a" }
}

/// What a name says about a point in time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    Date,
    /// With the logical type of its unit.
    Instant(&'static str),
    Seconds,
}

fn point_in_time(words: &[String]) -> Option<Time> {
    let (last, before) = words.split_last()?;
    let unit = UNITS.iter().find(|unit| unit.words.contains(&last.as_str()));
    let named = if unit.is_some() { before } else { words };
    let instant = match unit.map(|unit| unit.logical) {
        None => Time::Instant("timestamp-millis"),
        Some(Some(logical)) => Time::Instant(logical),
        Some(None) => Time::Seconds,
    };
    let is_length = words.iter().any(|word| LENGTHS.contains(&word.as_str()));
    // A date of birth is a date.
    let head = named.split(|word| word == "of").next().and_then(<[String]>::last);
    match head.map(|head| singular(head)) {
        Some("date") if unit.is_none() => Some(Time::Date),
        Some("time") => Some(instant).filter(|_| !is_length),
        Some(word) if TIMES.contains(&word) => Some(instant),
        _ => unit.filter(|unit| unit.is_enough && !is_length).map(|_| instant),
    }
}

fn fix(kind: &Kind, time: Time) -> String {
    let ty = |word: &str, logical: &str| format!("{{\"type\": \"{word}\", \"logicalType\": \"{logical}\"}}");
    let same_bytes = "the bytes stay the same";
    match (kind, time) {
        (_, Time::Seconds) => {
            let better = ty("long", "timestamp-millis");
            format!("there is no logical type for seconds: add a field of type {better}")
        }
        (Kind::Int, Time::Date) => format!("if it counts days, say so: {}; {same_bytes}", ty("int", "date")),
        (Kind::Int, Time::Instant(logical)) => {
            format!(
                "an int is too small to count more than seconds: add a field of type {}",
                ty("long", logical)
            )
        }
        (_, Time::Date) => {
            let millis = ty("long", "timestamp-millis");
            format!("if it counts milliseconds, say so: {millis}; {same_bytes}")
        }
        (_, Time::Instant(logical)) => {
            format!("if that is what it counts, say so: {}; {same_bytes}", ty("long", logical))
        }
    }
}

/// The first type without a logical type that a test takes: of a field, of the branches of its union, of its items or
/// values.
fn within(schema: &Schema, ty: TypeId, is: impl Fn(&Kind) -> bool) -> Option<&Kind> {
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match schema.kind(ty) {
            Kind::Union(branches) => open.extend(branches.iter().rev()),
            Kind::Array(inner) | Kind::Map(inner) => open.push(*inner),
            kind => {
                let logical = schema.ty(ty).attribute("logicalType").and_then(Value::as_str);
                if logical.is_none() && is(kind) {
                    return Some(kind);
                }
            }
        }
    }
    None
}

fn singular(word: &str) -> &str {
    word.strip_suffix("es")
        .filter(|word| word.ends_with('x'))
        .or_else(|| word.strip_suffix('s'))
        .unwrap_or(word)
}
