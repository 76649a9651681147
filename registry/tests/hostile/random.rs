//! Any requests at all, one after the other: none is answered with 5xx, each refusal has its shape, whatever is listed can
//! be asked for, and the log says the same as the state.

mod bodies;
mod requests;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use ottla_registry::domain::Defaults;
use ottla_registry::engine::{Engine, Options};
use ottla_registry::http::{App, Service, Settings};
use ottla_registry::log::sqlite::SqliteLog;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;

use requests::Asked;

const SEQUENCES: u32 = 200;
const REQUESTS: usize = 150;
const SEED: [u8; 32] = *b"any request at all, and no panic";

type Checked = Result<(), TestCaseError>;

/// What an answer was.
struct Answer {
    status: u16,
    media: String,
    body: Bytes,
}

/// A registry, and the log beneath it.
struct Registry {
    log: Arc<SqliteLog>,
    engine: Arc<Engine>,
    service: Service,
}

impl Registry {
    async fn new() -> Self {
        let log = Arc::new(SqliteLog::in_memory().await.unwrap());
        let engine = Engine::over(log.clone(), Defaults::default(), Options::default()).await.unwrap();
        let engine = Arc::new(engine);
        let app = App::new(engine.clone(), Settings::default(), Arc::new(()));
        Self { log, engine, service: Service::new(Arc::new(app)) }
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Result<Answer, TestCaseError> {
        let response: Response<_> = self.service.answer(request).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.as_bytes().to_vec());
        let media = String::from_utf8(header("content-type").unwrap_or_default()).unwrap();
        if header("x-request-id").is_none_or(|id| id.is_empty()) {
            return Err(TestCaseError::fail("no request id"));
        }
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Ok(Answer { status, media, body })
    }

    async fn get(&self, target: &str) -> Result<Value, TestCaseError> {
        let answer = self.ask(Request::get(target).body(Full::default()).unwrap()).await?;
        if answer.status != 200 {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(TestCaseError::fail(format!("GET {target}: {text}")));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap())
    }
}

/// The answer is not our fault, and looks as it should.
fn check(answer: &Answer) -> Checked {
    let text = String::from_utf8_lossy(&answer.body);
    let wrong =
        |what: &str| TestCaseError::fail(format!("{what}: {} {} {text}", answer.status, answer.media));
    let json = serde_json::from_slice::<Value>(&answer.body);
    match answer.status {
        200 if answer.media == "text/plain" || json.is_ok() => Ok(()),
        204 if answer.body.is_empty() => Ok(()),
        400..500 => {
            let error = json.map_err(|_| wrong("no JSON"))?;
            let code = error["error_code"].as_u64().ok_or_else(|| wrong("no code"))?;
            let status = u64::from(answer.status);
            let message = error["message"].as_str().is_some_and(|m| !m.is_empty());
            let fine =
                (code == status || code / 100 == status) && message && error.as_object().unwrap().len() == 2;
            if fine && answer.media.ends_with("json") { Ok(()) } else { Err(wrong("not the shape")) }
        }
        _ => Err(wrong("status")),
    }
}

async fn run(requests: &[Asked], statuses: &mut BTreeMap<u16, usize>) -> Checked {
    let registry = Registry::new().await;
    for asked in requests {
        // What is no request at all never gets as far as the service.
        let Some(request) = asked.request() else { continue };
        let raw_text = asked.is_schema_text();
        let answer = registry.ask(request).await?;
        *statuses.entry(answer.status).or_default() += 1;
        if !(raw_text && answer.status == 200) {
            check(&answer).map_err(|e| TestCaseError::fail(format!("{asked:?}: {e}")))?;
        }
    }
    what_is_listed_is_there(&registry).await?;
    let replayed = Engine::over(registry.log.clone(), Defaults::default(), Options::default()).await.unwrap();
    if *replayed.snapshot() != *registry.engine.snapshot() {
        return Err(TestCaseError::fail("the log says something else than the state"));
    }
    Ok(())
}

async fn what_is_listed_is_there(registry: &Registry) -> Checked {
    for subject in registry.get("/subjects?deleted=true").await?.as_array().unwrap() {
        // The empty name stands for the whole default context too, and is not asked for its versions.
        let Some(name) = subject.as_str().filter(|s| !s.is_empty()).map(requests::escaped) else { continue };
        // An alias would lead elsewhere.
        let ask = Request::delete(format!("/config/{name}")).body(Full::default()).unwrap();
        registry.ask(ask).await?;
        let versions = registry.get(&format!("/subjects/{name}/versions?deleted=true")).await?;
        for version in versions.as_array().unwrap() {
            let stored = registry.get(&format!("/subjects/{name}/versions/{version}?deleted=true")).await?;
            assert_eq!(stored["subject"], *subject);
            let by_id = registry.get(&format!("/schemas/ids/{}?subject={name}", stored["id"])).await?;
            assert_eq!((&by_id["schema"], &by_id["guid"]), (&stored["schema"], &stored["guid"]));
            registry.get(&format!("/schemas/guids/{}", stored["guid"].as_str().unwrap())).await?;
        }
    }
    Ok(())
}

#[test]
fn any_requests() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: SEQUENCES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &SEED));
    let mut statuses = std::cell::RefCell::new(BTreeMap::new());
    let sequences = proptest::collection::vec(requests::request(), REQUESTS);
    let outcome =
        runner.run(&sequences, |sequence| runtime.block_on(run(&sequence, &mut statuses.borrow_mut())));
    if let Err(TestError::Fail(why, sequence)) = &outcome {
        panic!("{why}\nafter {sequence:#?}");
    }
    outcome.unwrap();
    println!("{:?}", statuses.get_mut());
    // Requests that are all refused would say little.
    let count = |status| statuses.borrow().get(&status).copied().unwrap_or(0);
    for status in [200, 204, 400, 404, 405, 406, 409, 415, 422] {
        assert!(count(status) > 0, "nothing was answered {status}");
    }
    assert!(count(200) > (SEQUENCES as usize * REQUESTS) / 10);
}

/// The strategy gives what is accepted too: a registration that is written and read back.
#[test]
fn the_seed_gives_one_sequence() {
    let sequence = |seed: [u8; 32]| {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let tree = proptest::collection::vec(requests::request(), 50).new_tree(&mut runner).unwrap();
        format!("{:?}", tree.current())
    };
    assert_eq!(sequence(SEED), sequence(SEED));
    assert_ne!(sequence(SEED), sequence([0; 32]));
}
