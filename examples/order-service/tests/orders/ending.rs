//! SIGTERM and SIGKILL under load.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use ottla_tests::http::CallError;
use ottla_tests::server::Server;

use crate::stage::{Stage, id, order, try_post, until};

/// Posts from several clients until there is nobody any more, and gives the ids of orders that were acknowledged; those that
/// were under way when the connection went may be in the topic or not.
struct Load {
    clients: Vec<std::thread::JoinHandle<Vec<String>>>,
    placed: Arc<AtomicUsize>,
}

impl Load {
    fn on(server: &Server) -> Self {
        let placed = Arc::<AtomicUsize>::default();
        let clients = (0..16).map(|_| {
            let (mut client, placed) = (server.client(), placed.clone());
            std::thread::spawn(move || {
                let mut ids = Vec::new();
                loop {
                    match try_post(&mut client, &[], &order()) {
                        Ok(answer) => {
                            assert_eq!(answer.status, 202, "{}", answer.text());
                            ids.push(id(&answer));
                            placed.fetch_add(1, Relaxed);
                        }
                        Err(CallError::Connect(_)) => return ids,
                        Err(CallError::Lost(_)) => {}
                    }
                }
            })
        });
        Self { clients: clients.collect(), placed }
    }

    fn ids(self) -> Vec<String> {
        self.clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    }
}

#[test]
fn asked_to_end_it_answers_what_is_under_way() {
    let Some(stage) = Stage::set("terminated") else { return };
    let mut server = stage.start(&["--drain-delay=300ms"]);
    let load = Load::on(&server);
    until("some orders", || load.placed.load(Relaxed) > 200);
    server.signal(rustix::process::Signal::TERM);
    // Not ready any more, but it still takes orders, until it was noticed.
    let mut client = server.client();
    until("not ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 503));
    assert_eq!(try_post(&mut client, &[], &order()).expect("an answer").status, 202);
    let status = server.wait().expect("an end");
    assert!(status.success(), "{status}: {}", server.log());

    let told = load.placed.load(Relaxed);
    let ids = load.ids();
    let found: HashSet<_> = stage.records().into_iter().map(|record| record.key).collect();
    assert!(told > 200 && ids.iter().all(|id| found.contains(id)), "an order that was acknowledged is lost");
}

#[test]
fn killed_it_has_lost_nothing_that_was_acknowledged() {
    let Some(stage) = Stage::set("killed") else { return };
    let mut acknowledged = Vec::new();
    for _ in 0..3 {
        let mut server = stage.start(&[]);
        let load = Load::on(&server);
        until("some orders", || load.placed.load(Relaxed) > 100);
        server.kill();
        acknowledged.extend(load.ids());
    }
    std::thread::sleep(Duration::from_millis(100));
    let records = stage.records();
    let found: HashSet<_> = records.iter().map(|record| record.key.clone()).collect();
    assert!(acknowledged.len() > 300 && acknowledged.iter().all(|id| found.contains(id)));
    assert_eq!(found.len(), records.len(), "nothing was sent twice");
}
