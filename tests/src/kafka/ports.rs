//! Ports that nobody takes by chance.

use std::net::TcpListener;

use crate::random::Random;

/// Below those that systems hand out by themselves: a broker keeps its port through a restart, when nobody listens on it.
const FROM: u16 = 20_000;
const RANGE: u64 = 12_000;

/// Ports that are free now.
pub(super) fn free<const N: usize>() -> Result<[u16; N], String> {
    let mut random = Random::new(u64::from(std::process::id()) ^ now());
    let mut found = Vec::with_capacity(N);
    for _ in 0..1_000 {
        let port = FROM + random.below(RANGE) as u16;
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            found.push(listener);
        }
        if found.len() == N {
            let port = |at: usize| found[at].local_addr().map(|a| a.port()).map_err(|e| e.to_string());
            let mut ports = [0; N];
            for (at, place) in ports.iter_mut().enumerate() {
                *place = port(at)?;
            }
            return Ok(ports);
        }
    }
    Err("no port is free".to_owned())
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |s| s.as_nanos() as u64)
}
