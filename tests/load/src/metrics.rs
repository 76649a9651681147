//! What a server says of itself on `/metrics`.

use crate::check;
use crate::client::{Call, Connection, Target};
use crate::error::Error;

/// One reading.
#[derive(Debug, Clone)]
pub(crate) struct Metrics(String);

impl Metrics {
    /// Asks the server.
    pub(crate) async fn read(target: &Target) -> Result<Self, Error> {
        let answer = Connection::new(target).call(&Call::get("/metrics")).await?;
        check::status(&answer, 200)?;
        Ok(Self(String::from_utf8_lossy(&answer.body).into_owned()))
    }

    /// A sample without labels; one that is missing counts as zero.
    pub(crate) fn get(&self, name: &str) -> f64 {
        let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok();
        self.0.lines().find_map(value).unwrap_or_default()
    }

    /// How much a sample has grown since an earlier reading.
    pub(crate) fn since(&self, earlier: &Self, name: &str) -> f64 {
        self.get(name) - earlier.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_found_by_their_whole_name() {
        let metrics = Metrics("# TYPE a counter\na_total 3\na 2.5\na{x=\"y\"} 7\n".into());
        assert_eq!((metrics.get("a"), metrics.get("a_total"), metrics.get("b")), (2.5, 3.0, 0.0));
    }
}
