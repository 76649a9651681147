//! The queue of writes: while the database takes its time, as many wait as may, and the others are told so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use ottla_registry::domain::Defaults;
use ottla_registry::engine::{Engine, Options};
use ottla_registry::http::{App, Limit, Observe, Service, Settings};

use crate::support::faulty::{Fault, Faulty};

/// Counts what ran into the queue's limit.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Observe for Counter {
    fn request(&self, _: Option<usize>, _: &Method, _: StatusCode, _: Duration) {}
    fn verdict(&self, _: bool) {}
    fn limited(&self, limit: Limit) {
        assert_eq!(limit, Limit::Queue);
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

async fn ask(service: Service, method: &str, target: String, body: String) -> (u16, String) {
    let body = Full::new(Bytes::from(body));
    let request = Request::builder().method(method).uri(target).body(body).unwrap();
    let answer = service.answer(request).await;
    let status = answer.status().as_u16();
    if status == 503 {
        assert_eq!(answer.headers()["retry-after"], "1");
    }
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_full_queue_is_told_and_reads_go_on() {
    let log = Faulty::private();
    let options = Options { queue: 3, ..Options::default() };
    let engine = Arc::new(Engine::over(log.clone(), Defaults::default(), options).await.unwrap());
    let counter = Arc::new(Counter::default());
    let app = App::new(engine.clone(), Settings::default(), counter.clone());
    let service = Service::new(Arc::new(app));
    let register = |subject: usize| {
        let target = format!("/subjects/s{subject}/versions");
        tokio::spawn(ask(service.clone(), "POST", target, r#"{"schema":"\"int\""}"#.into()))
    };

    log.fail_next(Fault::Held);
    let mut accepted = vec![register(0)];
    log.held().await;
    accepted.extend((1..=3).map(register));
    while engine.queue_depth() < 3 {
        tokio::task::yield_now().await;
    }
    for subject in 4..8 {
        let refused = register(subject).await.unwrap();
        let body = r#"{"error_code":50302,"message":"The server is overloaded"}"#;
        assert_eq!(refused, (503, body.to_owned()));
    }
    assert_eq!(counter.0.load(Ordering::SeqCst), 4);
    // The writes that wait are not seen yet, and hold up no question.
    assert_eq!(ask(service.clone(), "GET", "/subjects".into(), String::new()).await, (200, "[]".into()));

    log.release();
    for task in accepted {
        assert_eq!(task.await.unwrap().0, 200);
    }
    let all = r#"["s0","s1","s2","s3"]"#;
    assert_eq!(ask(service.clone(), "GET", "/subjects".into(), String::new()).await, (200, all.into()));
    assert_eq!(register(9).await.unwrap().0, 200);
}
