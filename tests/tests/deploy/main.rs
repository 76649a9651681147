//! `Dockerfile` and `deploy/`: do they name what there is? Nothing here needs Docker.
//!
//! ```text
//! sources.rs   what the programs have: metrics, labels, variables
//! promql.rs    what an expression names
//! compose.rs   the containers        images.rs   the images, and their health check
//! ```

mod compose;
mod images;
mod promql;
mod sources;

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use sources::{path, read};

const DASHBOARD: &str = "deploy/grafana/dashboards/orders.json";

/// Every expression has to name metrics and labels that there are.
fn check(expressions: &[(String, String)]) {
    assert!(expressions.len() > 10, "there are only {}", expressions.len());
    let (metrics, labels) = (sources::metrics(), sources::labels());
    for (place, expression) in expressions {
        let names = promql::names(expression);
        assert!(!names.metrics.is_empty(), "{place}: {expression} names no metric");
        let unknown: Vec<_> = names.metrics.difference(&metrics).collect();
        assert!(unknown.is_empty(), "{place}: there are no {unknown:?}");
        let unknown: Vec<_> = names.labels.difference(&labels).collect();
        assert!(unknown.is_empty(), "{place}: no metric has labels {unknown:?}");
    }
}

#[test]
fn alerts_name_metrics_that_there_are() {
    let rules = read("deploy/prometheus/rules.yml");
    let alerts: Vec<_> = rules.split("- alert: ").skip(1).collect();
    let expressions = alerts.iter().map(|alert| {
        let name = alert.lines().next().expect("a name").to_owned();
        let rest = alert.split_once("expr: ").expect("an expression").1;
        (name, rest.split("\n        for: ").next().expect("an expression").to_owned())
    });
    let expressions: Vec<_> = expressions.collect();
    check(&expressions);
    let tested = read("deploy/prometheus/rules_test.yml");
    for (alert, (name, _)) in alerts.iter().zip(&expressions) {
        for part in ["\n        for: ", "severity: ", "\n          summary: ", "\n          description: "] {
            assert!(alert.contains(part), "{name} has no {}", part.trim());
        }
        assert!(
            tested.contains(&format!("alertname: {name}")) || tested.contains(&format!("=\"{name}\"")),
            "{name}"
        );
    }
    // Descriptions name metrics as well, and the tests have samples.
    let metrics = sources::metrics();
    for word in [rules, tested].concat().split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let begins =
            ["http_", "inventory_", "orders_", "ottla_"].iter().any(|prefix| word.starts_with(prefix));
        assert!(!begins || metrics.contains(word), "there is no {word}");
    }
}

#[test]
fn the_dashboard_names_metrics_and_a_source_that_there_are() {
    let dashboard: Value = serde_json::from_str(&read(DASHBOARD)).expect("JSON");
    let provisioned = read("deploy/grafana/provisioning/datasources/prometheus.yml");
    let uid = provisioned.lines().find_map(|line| line.trim().strip_prefix("uid: ")).expect("a uid");
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        let title = panel["title"].as_str().expect("a title");
        assert!(ids.insert(panel["id"].as_u64()), "{title} has the id of another");
        let edge = panel["gridPos"]["x"].as_u64().zip(panel["gridPos"]["w"].as_u64()).map(|(x, w)| x + w);
        assert!(edge.is_some_and(|edge| edge <= 24), "{title} sticks out");
        assert!(panel["type"] == "row" || panel["targets"].is_array(), "{title} shows nothing");
    }
    let targets = targets(&dashboard);
    check(
        &targets
            .iter()
            .map(|target| (target.panel.to_owned(), target.expression.to_owned()))
            .collect::<Vec<_>>(),
    );
    // A legend shows labels that its expression has kept.
    for target in &targets {
        let labels = promql::names(target.expression).labels;
        for name in target.legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            assert!(labels.contains(name), "{}: there is no {name} to show", target.panel);
        }
    }
    each(&dashboard, &mut |key, value| {
        if key == "datasource" {
            assert_eq!((value["type"].as_str(), value["uid"].as_str()), (Some("prometheus"), Some(uid)));
        }
    });
    let home = read("deploy/compose.yaml");
    assert!(
        home.contains("HOME_DASHBOARD_PATH: /var/lib/grafana/dashboards/orders.json"),
        "where is {DASHBOARD}?"
    );
}

/// Every member of every object.
fn each(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            see(key, value);
            each(value, see);
        }),
        Value::Array(values) => values.iter().for_each(|value| each(value, see)),
        _ => {}
    }
}

/// What a panel asks for.
struct Target<'d> {
    panel: &'d str,
    expression: &'d str,
    legend: &'d str,
}

fn targets(dashboard: &Value) -> Vec<Target<'_>> {
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let targets = panels.flat_map(|panel| {
        let title = panel["title"].as_str().expect("a title");
        panel["targets"].as_array().into_iter().flatten().map(move |target| Target {
            panel: title,
            expression: target["expr"].as_str().unwrap_or_else(|| panic!("{title} has no expression")),
            legend: target["legendFormat"].as_str().unwrap_or_else(|| panic!("{title} has no legend")),
        })
    });
    targets.collect()
}

/// What Prometheus itself says of its files. Debian's package is not among what `./test` installs: it takes 320 MB.
#[test]
fn promtool_is_content() {
    if Command::new("promtool").arg("--version").output().is_err() {
        println!("skipped: there is no promtool, which Debian's package prometheus has");
        return;
    }
    let folder = path("deploy/prometheus");
    for arguments in [["check", "config", "prometheus.yml"], ["test", "rules", "rules_test.yml"]] {
        let output =
            Command::new("promtool").args(arguments).current_dir(&folder).output().expect("promtool");
        let told =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(output.status.success(), "promtool {}: {told}", arguments.join(" "));
    }
}
