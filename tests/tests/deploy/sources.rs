//! What the programs have, read from their sources: metrics, their labels, and variables.
//!
//! To start the programs would not tell: a metric with labels is not shown before it was counted up once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file or folder of the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// The text of a file of the repository.
pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Where the services say what they count, and the registry does.
const SERVICES: &[&str] = &[
    "examples/chassis/src/http/observe.rs",
    "examples/order-service/src/metrics.rs",
    "examples/inventory-service/src/metrics.rs",
];
const REGISTRY: &[&str] =
    &["registry/src/metrics.rs", "registry/src/metrics/requests.rs", "registry/src/metrics/process.rs"];

/// The names of all samples that can be scraped.
pub fn metrics() -> BTreeSet<String> {
    let services = SERVICES.iter().flat_map(|file| registered(&read(file)));
    let registry = REGISTRY.iter().flat_map(|file| told(&read(file)));
    // Of Prometheus itself.
    services.chain(registry).chain(["up", "ALERTS"].map(str::to_owned)).collect()
}

/// `.register("name", help, self.field.clone())`, where the field says what kind it is, under a prefix.
fn registered(source: &str) -> Vec<String> {
    let prefix = source.split("sub_registry_with_prefix(\"").nth(1).and_then(|rest| rest.split('"').next());
    let calls = source.split(".register(").skip(1).filter(|call| call.trim_start().starts_with('"'));
    let samples = calls.flat_map(|call| {
        let name = call.split('"').nth(1).expect("a name");
        let name = prefix.map_or(name.to_owned(), |prefix| format!("{prefix}_{name}"));
        let before = call.split(".clone()").next().expect("a text");
        let field = before.rsplit('.').next().expect("a field");
        let field = format!("{field}: ");
        let ty = source.lines().find_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("pub ").unwrap_or(line).strip_prefix(&field)
        });
        let ty = ty.unwrap_or_else(|| panic!("{name} has no field"));
        let kind = ty.strip_prefix("Family<").and_then(|labels| labels.split(", ").nth(1)).unwrap_or(ty);
        if kind.starts_with("Counter") { vec![format!("{name}_total")] } else { samples(&name, kind) }
    });
    samples.collect()
}

/// `"ottla_name"`, and after it, sooner or later, what kind it is.
fn told(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().expect("a text");
    let mut names = Vec::new();
    for (at, _) in code.match_indices('"') {
        let name = code[at + 1..].split('"').next().expect("a text");
        if name.starts_with("ottla_") || name.starts_with("process_") {
            let kind = code[at..].split("Kind::").nth(1).expect("a kind");
            names.extend(samples(name, kind));
        }
    }
    names
}

fn samples(name: &str, kind: &str) -> Vec<String> {
    if kind.starts_with("Histogram") {
        return ["bucket", "sum", "count"].map(|part| format!("{name}_{part}")).to_vec();
    }
    assert!(kind.starts_with("Gauge") || kind.starts_with("Counter"), "{name} is what? {kind:.20}");
    vec![name.to_owned()]
}

/// The labels that samples have.
pub fn labels() -> BTreeSet<String> {
    let sources = SERVICES.iter().map(|file| read(file)).collect::<String>();
    let sets = sources.split("EncodeLabelSet)]").skip(1).flat_map(|rest| {
        let body = rest.split('{').nth(1).and_then(|rest| rest.split('}').next()).expect("a struct");
        body.lines().filter_map(field).map(str::to_owned).collect::<Vec<_>>()
    });
    let registry = REGISTRY.iter().map(|file| read(file)).collect::<String>();
    let pairs = registry.split("&[(\"").skip(1).flat_map(|rest| {
        let list = rest.split(']').next().expect("a text");
        let names = list.split("(\"").filter_map(|pair| pair.split('"').next());
        names.map(str::to_owned).collect::<Vec<_>>()
    });
    // Of Prometheus itself.
    let others = ["instance", "job", "le", "alertstate"].map(str::to_owned);
    sets.chain(pairs).chain(others).collect()
}

/// The name in a line such as `pub name: Type,`.
fn field(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (name, _) = line.strip_prefix("pub ").unwrap_or(line).split_once(": ")?;
    name.chars().all(|c| c.is_ascii_lowercase() || c == '_').then_some(name)
}

/// The variables that programs read: one for each flag.
pub fn variables() -> BTreeSet<String> {
    let chassis = ["kafka.rs", "kafka/topics.rs", "registry.rs", "server.rs", "logs.rs"];
    let chassis = chassis.map(|file| read(&format!("examples/chassis/src/{file}"))).concat();
    let serve = read("registry/src/cli/serve.rs");
    let mut variables: BTreeSet<String> = serve
        .split("env = \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    for (service, prefix) in [("order-service", "ORDER_SERVICE"), ("inventory-service", "INVENTORY_SERVICE")]
    {
        let own = read(&format!("examples/{service}/src/options.rs"));
        assert!(own.contains(&format!("name = \"{service}\"")), "variables begin with the command's name");
        let flags = flags(&own).into_iter().chain(flags(&chassis));
        variables.extend(flags.map(|flag| format!("{prefix}_{}", flag.to_ascii_uppercase())));
    }
    variables
}

/// The field after each `#[arg(long ...)]`.
fn flags(source: &str) -> Vec<&str> {
    let attributes = source.split("#[arg(").skip(1).filter(|rest| rest.trim_start().starts_with("long"));
    attributes.filter_map(|rest| rest.split(")]\n").nth(1)?.lines().find_map(field)).collect()
}

#[test]
fn sources_are_understood() {
    let (metrics, labels, variables) = (metrics(), labels(), variables());
    for name in [
        "http_requests_total",
        "http_request_duration_seconds_bucket",
        "orders_in_flight",
        "orders_refused_total",
        "inventory_consumer_lag_seconds",
        "ottla_http_limited_total",
        "ottla_log_batch_commands_sum",
        "ottla_subjects",
        "process_threads",
    ] {
        assert!(metrics.contains(name), "{name} is not among {metrics:?}");
    }
    for name in ["orders_produced", "orders_in_flight_total", "ottla_http_request_duration_seconds"] {
        assert!(!metrics.contains(name), "{name}");
    }
    for name in ["status", "reason", "partition", "cause", "limit", "verdict"] {
        assert!(labels.contains(name), "{name} is not among {labels:?}");
    }
    for name in ["OTTLA_MAX_BODY", "ORDER_SERVICE_KAFKA", "INVENTORY_SERVICE_INSTANCE"] {
        assert!(variables.contains(name), "{name} is not among {variables:?}");
    }
}
