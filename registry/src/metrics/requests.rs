//! Requests: how many, and how long they took, by route, method and status.

use std::sync::OnceLock;
use std::time::Duration;

use http::{Method, StatusCode};

use super::MICROS;
use super::text::{Kind, Text};
use crate::engine::Histogram;
use crate::http::routes;

/// Upper bounds in microseconds.
const LATENCY: &[u64] = &[
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// Whatever is none of these is `other`, so that nobody can make labels up.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS];

/// Those that the registry answers with; whatever is none of these is `other`.
const STATUSES: [u16; 16] = [200, 204, 400, 403, 404, 405, 406, 408, 409, 413, 415, 422, 500, 501, 503, 504];

const OTHER: &str = "other";

/// A histogram for each route, method and status that was met.
#[derive(Debug)]
pub(super) struct Requests {
    /// By route, then method, then status; of each the last is whatever is none of the others.
    cells: Box<[OnceLock<Histogram>]>,
}

impl Requests {
    pub(super) fn new() -> Self {
        let routes = routes::templates().len() + 1;
        let cells = routes * (METHODS.len() + 1) * (STATUSES.len() + 1);
        Self { cells: (0..cells).map(|_| OnceLock::new()).collect() }
    }

    pub(super) fn record(
        &self,
        route: Option<usize>,
        method: &Method,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let route = route.unwrap_or(routes::templates().len());
        let method = METHODS.iter().position(|m| m == method).unwrap_or(METHODS.len());
        let status = STATUSES.iter().position(|s| *s == status.as_u16()).unwrap_or(STATUSES.len());
        let at = (route * (METHODS.len() + 1) + method) * (STATUSES.len() + 1) + status;
        let histogram = self.cells[at].get_or_init(|| Histogram::new(LATENCY));
        histogram.record(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX));
    }

    pub(super) fn write(&self, text: &mut Text) {
        let name = "ottla_http_requests_total";
        text.family(name, Kind::Counter, "Requests that were answered.");
        self.each(|labels, histogram| text.sample(name, labels, histogram.count() as f64));
        let name = "ottla_http_request_duration_seconds";
        text.family(name, Kind::Histogram, "From the head of a request to its answer.");
        self.each(|labels, histogram| text.histogram(name, labels, histogram, MICROS));
    }

    fn each(&self, mut see: impl FnMut(&[(&str, &str)], &Histogram)) {
        let mut cells = self.cells.iter();
        for route in routes::templates().chain([OTHER]) {
            for method in METHODS.iter().map(Method::as_str).chain([OTHER]) {
                for status in STATUSES.iter().map(u16::to_string).chain([OTHER.to_owned()]) {
                    if let Some(histogram) = cells.next().and_then(OnceLock::get) {
                        see(&[("route", route), ("method", method), ("status", &status)], histogram);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_comes_out_under_its_labels() {
        let requests = Requests::new();
        let one = Duration::from_micros(60);
        let id = routes::templates().position(|t| t == "/schemas/ids/{id}");
        requests.record(id, &Method::GET, StatusCode::OK, one);
        requests.record(id, &Method::GET, StatusCode::OK, one);
        requests.record(None, &Method::PATCH, StatusCode::IM_A_TEAPOT, one);
        let mut text = Text::default();
        requests.write(&mut text);
        let text = text.finish();
        for line in [
            r#"ottla_http_requests_total{route="/schemas/ids/{id}",method="GET",status="200"} 2"#,
            r#"ottla_http_requests_total{route="other",method="other",status="other"} 1"#,
            r#"ottla_http_request_duration_seconds_bucket{route="/schemas/ids/{id}",method="GET",status="200",le="0.00005"} 0"#,
            r#"ottla_http_request_duration_seconds_bucket{route="/schemas/ids/{id}",method="GET",status="200",le="0.0001"} 2"#,
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
        }
    }
}
