//! What is counted.

use std::collections::BTreeMap;

use ottla_tests::server::Server;
use serde_json::json;

use crate::process::{over, register, start};
use crate::prometheus::{Family, read, sample};

/// Every family, as documented.
const FAMILIES: &[(&str, &str)] = &[
    ("ottla_build_info", "gauge"),
    ("ottla_compatibility_verdicts_total", "counter"),
    ("ottla_http_body_memory_bytes", "gauge"),
    ("ottla_http_connections", "gauge"),
    ("ottla_http_limited_total", "counter"),
    ("ottla_http_request_duration_seconds", "histogram"),
    ("ottla_http_requests_in_flight", "gauge"),
    ("ottla_http_requests_total", "counter"),
    ("ottla_log_append_duration_seconds", "histogram"),
    ("ottla_log_applied", "gauge"),
    ("ottla_log_batch_commands", "histogram"),
    ("ottla_log_batch_records", "histogram"),
    ("ottla_log_conflicts_total", "counter"),
    ("ottla_log_failed_appends_total", "counter"),
    ("ottla_log_head", "gauge"),
    ("ottla_log_head_queries_total", "counter"),
    ("ottla_log_rebuilds_total", "counter"),
    ("ottla_log_reconnects_total", "counter"),
    ("ottla_ready", "gauge"),
    ("ottla_schemas", "gauge"),
    ("ottla_subjects", "gauge"),
    ("ottla_trouble", "gauge"),
    ("ottla_versions", "gauge"),
    ("ottla_write_queue_depth", "gauge"),
    ("process_cpu_seconds_total", "counter"),
    ("process_max_fds", "gauge"),
    ("process_open_fds", "gauge"),
    ("process_resident_memory_bytes", "gauge"),
    ("process_start_time_seconds", "gauge"),
    ("process_threads", "gauge"),
    ("process_virtual_memory_bytes", "gauge"),
];

const LIMITS: &[&str] = &[
    "requests",
    "body_size",
    "body_memory",
    "body_time",
    "queue",
    "connections",
    "header_size",
    "header_time",
    "answer_time",
];

fn scrape(server: &Server) -> String {
    let answer = server.client().get("/metrics").unwrap();
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.text()
}

fn requests(families: &BTreeMap<String, Family>) -> BTreeMap<&str, f64> {
    families["ottla_http_requests_total"].samples.iter().map(|(s, value)| (s.as_str(), *value)).collect()
}

#[test]
fn every_family_is_there_from_the_start() {
    let text = scrape(&start(&[]));
    let families = read(&text);
    let found: Vec<(&str, &str)> = families.iter().map(|(n, f)| (n.as_str(), f.kind.as_str())).collect();
    assert_eq!(found, FAMILIES);
    for limit in LIMITS {
        assert_eq!(sample(&text, &format!("ottla_http_limited_total{{limit=\"{limit}\"}}")), 0.0);
    }
    assert_eq!(families["ottla_http_limited_total"].samples.len(), LIMITS.len());
    assert_eq!(sample(&text, &format!("ottla_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
    assert_eq!(sample(&text, "ottla_ready"), 1.0);
    assert_eq!(sample(&text, "ottla_http_connections"), 1.0);
    assert!(sample(&text, "process_resident_memory_bytes") > 1e6);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let started = sample(&text, "process_start_time_seconds");
    assert!((now - started).abs() < 60.0, "{started} is not near {now}");
}

#[test]
fn requests_are_counted_by_route_method_and_status() {
    let server = start(&["--max-body", "1KiB"]);
    let mut client = server.client();
    for number in 0..3 {
        assert_eq!(register(&mut client, "s", number).status, 200);
    }
    let refused = client.post("/subjects/s/versions", &json!({"schema": "\"string\""})).unwrap();
    assert_eq!(refused.status, 409);
    for (target, status) in [
        ("/schemas/ids/1", 200),
        ("/schemas/ids/2", 200),
        ("/schemas/ids/99", 404),
        ("/subjects/s/versions/latest", 200),
    ] {
        assert_eq!(client.get(target).unwrap().status, status);
    }
    for target in ["/nowhere", "/nowhere/else", "/subjects//"] {
        assert!(client.get(target).unwrap().status >= 400);
    }
    for method in ["PATCH", "BREW", "X\u{7f}"] {
        let _ = client.send(method, "/subjects", &[], None);
    }
    let large = client.post("/subjects/s", &json!({"schema": "x".repeat(2000)})).unwrap();
    assert_eq!(large.status, 413);
    let text = scrape(&server);
    let families = read(&text);
    let counted = requests(&families);
    for (route, method, status, count) in [
        ("/subjects/{subject}/versions", "POST", "200", 3.0),
        ("/subjects/{subject}/versions", "POST", "409", 1.0),
        ("/subjects/{subject}", "POST", "413", 1.0),
        ("/schemas/ids/{id}", "GET", "200", 2.0),
        ("/schemas/ids/{id}", "GET", "404", 1.0),
        ("/subjects/{subject}/versions/{version}", "GET", "200", 1.0),
        ("/subjects", "other", "405", 2.0),
        ("other", "GET", "404", 2.0),
        ("other", "GET", "400", 1.0),
    ] {
        let labels = format!("{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
        assert_eq!(
            counted.get(format!("ottla_http_requests_total{labels}").as_str()),
            Some(&count),
            "{labels}"
        );
        assert_eq!(sample(&text, &format!("ottla_http_request_duration_seconds_count{labels}")), count);
    }
    assert_eq!(counted.values().sum::<f64>(), 14.0);
    assert_eq!(sample(&text, "ottla_http_limited_total{limit=\"body_size\"}"), 1.0);
    assert_eq!(sample(&text, "ottla_http_requests_in_flight"), 0.0);
    // Scraping and probing are no requests to the registry.
    assert_eq!(requests(&read(&scrape(&server))), counted);
}

#[test]
fn contents_and_the_log_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    let mut server = over(&file).start().unwrap();
    let mut client = server.client();
    for (subject, number) in [("s", 1), ("s", 2), ("t", 1), ("t", 3)] {
        assert_eq!(register(&mut client, subject, number).status, 200);
    }
    assert_eq!(client.delete("/subjects/t").unwrap().text(), "[1,2]");
    for (compatible, schema) in [(true, "\"int\""), (false, "\"string\"")] {
        let answer = client.post("/compatibility/subjects/s/versions", &json!({ "schema": schema })).unwrap();
        assert_eq!(answer.json()["is_compatible"], compatible);
    }
    let text = scrape(&server);
    let contents = [("ottla_subjects", 2.0), ("ottla_versions", 4.0), ("ottla_schemas", 3.0)];
    for (name, value) in contents {
        assert_eq!(sample(&text, name), value, "{name}");
    }
    let head = sample(&text, "ottla_log_head");
    assert!(head >= 5.0, "{head}");
    assert_eq!(sample(&text, "ottla_log_applied"), head);
    assert_eq!(sample(&text, "ottla_log_append_duration_seconds_count"), 5.0);
    assert_eq!(sample(&text, "ottla_log_batch_commands_sum"), 5.0);
    assert_eq!(sample(&text, "ottla_log_batch_records_sum"), head);
    assert!(sample(&text, "ottla_compatibility_verdicts_total{verdict=\"incompatible\"}") >= 1.0);
    assert!(sample(&text, "ottla_compatibility_verdicts_total{verdict=\"compatible\"}") >= 1.0);
    assert!(server.terminate().unwrap().success());
    // What is held is known from the log; what was done is counted from the start.
    let text = scrape(&over(&file).start().unwrap());
    for (name, value) in contents {
        assert_eq!(sample(&text, name), value, "{name}");
    }
    assert_eq!(sample(&text, "ottla_log_head"), head);
    assert_eq!(sample(&text, "ottla_log_append_duration_seconds_count"), 0.0);
}

#[test]
fn the_reader_of_these_tests_is_strict() {
    let fine = "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"y\\\"\",z=\"\"} 1\n";
    assert_eq!(read(fine)["a_total"].samples.len(), 1);
    for (from, to) in [
        ("a_total{", "b_total{"),
        ("counter", "count"),
        ("# HELP a_total A.\n", ""),
        (" 1\n", " one\n"),
        (" 1\n", " 1"),
        (" 1\n", " 1\na_total{x=\"y\\\"\",z=\"\"} 2\n"),
        ("x=", "1x="),
        ("\",z", "\"z"),
        ("z=\"\"", "x=\"\""),
        ("z=\"\"", "z=\""),
        ("a_total", "a"),
    ] {
        let broken = fine.replace(from, to);
        assert!(std::panic::catch_unwind(|| read(&broken)).is_err(), "{broken}");
    }
    let histogram = "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n";
    assert_eq!(read(histogram)["h"].samples.len(), 4);
    for (from, to) in [
        ("+Inf", "2"),
        ("} 1", "} 5"),
        ("le=\"1\"", "le=\"+Inf\""),
        ("h_count 2", "h_count 3"),
        ("h_count 2\n", ""),
    ] {
        let broken = histogram.replace(from, to);
        assert!(std::panic::catch_unwind(|| read(&broken)).is_err(), "{broken}");
    }
}
