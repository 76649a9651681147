//! What was said, in short: a line for each file and baseline, and one for each finding.

use std::process::Output;

use serde_json::Value;

/// What a run said. Of what is no JSON every line.
pub fn shown(output: &Output, is_plain: bool) -> String {
    let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
    let mut lines = vec![format!("exit {code}")];
    let out = String::from_utf8(output.stdout.clone()).expect("text");
    match serde_json::from_str::<Value>(&out) {
        Ok(report) if !is_plain => lines.extend(of_report(&report)),
        _ => lines.extend(out.lines().map(|line| format!("> {line}").trim_end().to_owned())),
    }
    let said = String::from_utf8(output.stderr.clone()).expect("text");
    lines.extend(said.lines().map(|line| format!("! {line}").trim_end().to_owned()));
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn of_report(report: &Value) -> Vec<String> {
    let list = |name: &str| report[name].as_array().expect("a list").clone();
    let checks = list("checks").iter().map(of_check).collect::<Vec<_>>();
    // Five thousand lines would say no more than the first ones and their number.
    let rest = checks.len().saturating_sub(20);
    let mut lines: Vec<String> = checks.into_iter().take(20).collect();
    if rest > 0 {
        lines.push(format!("and {rest} more"));
        lines.push(report["summary"]["text"].as_str().expect("a text").to_owned());
    }
    lines.extend(list("findings").iter().map(of_finding));
    lines
}

fn of_check(check: &Value) -> String {
    let text = |name: &str| check[name].as_str().unwrap_or("-").to_owned();
    let mut line = format!("{} {} {} {}", text("file"), text("subject"), text("outcome"), text("baseline"));
    if let Some(level) = check["level"].as_str() {
        line.push_str(&format!(" ({level})"));
    }
    let versions: Vec<&str> =
        check["compared"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !versions.is_empty() {
        line.push_str(&format!(" <- {}", versions.join(" ")));
    }
    if let Some(reason) = check["reason"].as_str() {
        line.push_str(&format!(" | {reason}"));
    }
    line
}

fn of_finding(finding: &Value) -> String {
    let place = &finding["place"];
    let mut words = Vec::new();
    words.extend(
        Some(&finding["severity"]).filter(|s| *s != "error").and_then(Value::as_str).map(str::to_owned),
    );
    words.extend(finding["rule"].as_str().map(str::to_owned));
    if let Some(file) = place["file"].as_str() {
        words.push(format!("{file}:{}:{}", place["line"], place["column"]));
    }
    let names = [&place["pointer"], &finding["subject"], &finding["baseline"], &finding["version"]];
    let texts = names.into_iter().chain([&finding["direction"]]).filter_map(Value::as_str);
    words.extend(texts.filter(|text| !text.is_empty()).map(str::to_owned));
    if let Some(owner) = finding["waived"]["owner"].as_str() {
        words.push(format!("waived by {owner}"));
    }
    format!("{} | {}", words.join(" "), finding["message"].as_str().unwrap_or_default())
}
