//! The table as Markdown and as JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::bench::Bench;
use super::figure::{Row, Spread, Target, Unit};
use crate::machine::Machine;

/// A table for people.
pub(super) fn markdown(machine: &Machine, bench: &Bench, rows: &[Row]) -> String {
    let mut text = String::new();
    let Machine { processors, model, memory_gib, kernel, fsync_ms, postgres } = machine;
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{processors} processors ({model}), {memory_gib:.0} GiB, Linux {kernel}, one fsync {fsync_ms:.2} ms, {}.",
        postgres.as_ref().map_or("no PostgreSQL".to_owned(), |v| format!("PostgreSQL {v}"))
    );
    let others = bench.others();
    if others.median.is_finite() {
        let (most_times, at_most) = (others.median * 100.0, others.highest * 100.0);
        let _ = writeln!(
            text,
            "Client, server and database share them; other programs used {most_times:.0} % meanwhile, {at_most:.0} % at most."
        );
    }
    text.push('\n');
    text.push_str("| case | figure | spread | compared with | ratio | spread | target | reached | |\n");
    text.push_str("|---|---:|---|---|---:|---|---|---|---|\n");
    for row in rows {
        let unit = row.figure.unit;
        let figure = row.figure.spread();
        let against = row.against.as_ref().map_or(String::new(), |(what, figure)| {
            format!("{what}: {}{}", number(figure.spread().median), figure.unit.name())
        });
        let ratio = row.ratio();
        let _ = writeln!(
            text,
            "| {} | {}{} | {} | {against} | {} | {} | {} | {} | {} |",
            row.case,
            number(figure.median),
            unit.name(),
            range(figure, number),
            ratio.map_or(String::new(), |r| format!("{:.2}", r.median)),
            ratio.map_or(String::new(), |r| range(r, |n| format!("{n:.2}"))),
            row.target.map_or(String::new(), |t| target(t, unit)),
            row.reached().map_or("", |r| if r { "yes" } else { "**no**" }),
            row.note,
        );
    }
    text
}

/// The same for programs, with the value of every round.
pub(super) fn json(machine: &Machine, bench: &Bench, rows: &[Row]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "case": row.case, "figure": row.figure, "note": row.note,
                "compared_with": row.against.as_ref().map(|(what, figure)| json!({"what": what, "figure": figure})),
                "ratio": row.ratio(), "target": row.target, "reached": row.reached(),
            })
        })
        .collect();
    json!({"machine": machine, "used_by_others": bench.others(), "rows": rows}).to_string()
}

fn target(target: Target, unit: Unit) -> String {
    match target {
        Target::RatioAtMost(most) => format!("≤ {most}x"),
        Target::RatioAtLeast(least) => format!("≥ {least}x"),
        Target::AtMost(most) => format!("≤ {}{}", number(most), unit.name()),
        Target::Around(most) => format!("about {}{}", number(most), unit.name()),
    }
}

fn range(spread: Spread, number: impl Fn(f64) -> String) -> String {
    if spread.lowest == spread.highest {
        return String::new();
    }
    format!("{} to {}", number(spread.lowest), number(spread.highest))
}

/// Three digits, or all before the point, with a comma after the thousands.
fn number(n: f64) -> String {
    if n.abs() < 10.0 {
        return format!("{n:.2}");
    }
    if n.abs() < 100.0 {
        return format!("{n:.1}");
    }
    let digits = format!("{n:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (n, text) in [
            (0.0, "0.00"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1234.0, "1,234"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(number(n), text);
        }
    }
}
