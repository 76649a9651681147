//! `deploy/compose.yaml`: the containers.

use std::collections::BTreeSet;

use crate::sources::{path, read, variables};

const FILE: &str = "deploy/compose.yaml";

/// The containers, and the lines of each.
fn services(text: &str) -> Vec<(&str, Vec<&str>)> {
    let services = text.split("\nservices:\n").nth(1).expect("services");
    let services = services.split("\nvolumes:\n").next().expect("a text");
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in services.lines().filter(|line| !line.trim_start().starts_with('#')) {
        match line.strip_prefix("  ").and_then(|line| line.strip_suffix(':')) {
            Some(name) if !name.starts_with(' ') => found.push((name, Vec::new())),
            _ => found.last_mut().into_iter().for_each(|(_, lines)| lines.push(line.trim())),
        }
    }
    assert!(found.len() > 5, "{found:?}");
    found
}

/// The value of a key in the lines of a container.
fn value<'t>(lines: &[&'t str], key: &str) -> Option<&'t str> {
    lines.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

#[test]
fn variables_are_those_of_flags() {
    let known = variables();
    let texts = [FILE, "Dockerfile"].map(read).concat();
    let words = texts.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let prefixes = ["OTTLA_", "ORDER_SERVICE_", "INVENTORY_SERVICE_"];
    let named: BTreeSet<_> = words.filter(|w| prefixes.iter().any(|prefix| w.starts_with(prefix))).collect();
    assert!(named.len() > 10, "{named:?}");
    for variable in named {
        assert!(known.contains(variable), "no flag has the variable {variable}");
    }
}

#[test]
fn ports_are_published_on_loopback_only() {
    let text = read(FILE);
    let mut published = BTreeSet::new();
    for (service, lines) in services(&text) {
        let ports = value(&lines, "ports").unwrap_or_else(|| panic!("{service} has no ports on one line"));
        for port in ports.trim_matches(['[', ']']).split(", ") {
            let port = port.trim_matches('"').strip_prefix("127.0.0.1:");
            let (host, _) =
                port.and_then(|port| port.split_once(':')).unwrap_or_else(|| panic!("{service}: {ports}"));
            assert!(published.insert(host), "{host} is published twice");
        }
    }
}

#[test]
fn passwords_come_from_outside() {
    let text = read(FILE);
    let passwords: Vec<_> = text.lines().filter(|line| line.contains("_PASSWORD: ")).collect();
    assert_eq!(passwords.len(), 4, "{passwords:?}");
    for line in passwords {
        assert!(line.contains("_PASSWORD: ${") && line.contains(":?"), "{line}");
    }
    for url in text.split("postgres://").skip(1) {
        let (_, password) = url.split_once(':').expect("a password");
        assert!(password.starts_with("${"), "{password:.20}");
    }
}

#[test]
fn replicas_have_names_of_their_own_and_are_scraped() {
    let (text, scraped) = (read(FILE), read("deploy/prometheus/prometheus.yml"));
    let services = services(&text);
    let replicas: Vec<_> =
        services.iter().filter(|(name, _)| name.starts_with("inventory-service")).collect();
    let instances: BTreeSet<_> =
        replicas.iter().map(|(_, lines)| value(lines, "INVENTORY_SERVICE_INSTANCE")).collect();
    assert!(replicas.len() > 1 && instances.len() == replicas.len(), "{instances:?}");
    assert!(!instances.contains(&None), "a replica has no name");

    let targets = scraped.split('"').filter(|text| text.contains(':') && !text.contains('\n'));
    let targets: BTreeSet<_> = targets.filter(|target| !target.starts_with("127.0.0.1:")).collect();
    let ours = |(name, _): &&(&str, Vec<&str>)| name.contains("service") || *name == "registry";
    let port = |name: &str| if name == "registry" { 8081 } else { 8080 };
    let expected: Vec<_> =
        services.iter().filter(ours).map(|(name, _)| format!("{name}:{}", port(name))).collect();
    assert_eq!(targets, expected.iter().map(String::as_str).collect());
}

#[test]
fn files_that_are_mounted_are_there() {
    let text = read(FILE);
    let sources = text.split("- ./").skip(1).filter_map(|rest| rest.split(':').next());
    let sources: Vec<_> = sources.map(|name| path("deploy").join(name)).collect();
    assert!(sources.len() > 3 && sources.iter().all(|file| file.exists()), "{sources:?}");
}
