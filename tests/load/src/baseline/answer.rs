//! A bare axum server that gives the same bytes from memory.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as Captured, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use clap::Args;
use hyper::StatusCode;
use tokio::net::TcpListener;

use crate::error::Error;
use crate::load::Question;

/// Flags of `ottla-load answer`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A file with a JSON object: paths and the answers to them
    #[arg(long)]
    answers: PathBuf,
}

/// Answers by the id or the subject in the path.
type Answers = Arc<HashMap<String, Bytes>>;

const MEDIA: HeaderValue = HeaderValue::from_static("application/vnd.schemaregistry.v1+json");

/// Writes the answers that questions got, for [`run`] to read.
pub(crate) fn write<'a>(file: &Path, questions: impl IntoIterator<Item = &'a Question>) -> Result<(), Error> {
    let answers: HashMap<_, _> =
        questions.into_iter().map(|q| (q.call.path.path(), String::from_utf8_lossy(&q.right))).collect();
    let text = serde_json::to_vec(&answers).map_err(|e| Error::io("answers")(e.into()))?;
    std::fs::write(file, text).map_err(Error::file(file))
}

/// Serves until it is ended.
pub(crate) fn run(options: &Options) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(Error::io("a runtime"))?.block_on(serve(&options.answers))
}

async fn serve(file: &Path) -> Result<(), Error> {
    let text = std::fs::read(file).map_err(Error::file(file))?;
    let answers: HashMap<String, String> =
        serde_json::from_slice(&text).map_err(|e| Error::file(file)(e.into()))?;
    let by_segment = answers.into_iter().filter_map(|(path, answer)| {
        let mut segments = path.split('/').skip(1);
        let key = match segments.next()? {
            "schemas" => segments.nth(1)?,
            "compatibility" => segments.nth(1)?,
            _ => segments.next()?,
        };
        Some((key.to_owned(), answer.into()))
    });
    let answers: Answers = Arc::new(by_segment.collect());
    let router = Router::new()
        .route("/schemas/ids/{id}", get(answer))
        .route("/subjects/{subject}/versions/latest", get(answer))
        .route("/compatibility/subjects/{subject}/versions/latest", post(answer_to_body))
        .with_state(answers);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(Error::io("a free port"))?;
    let address = listener.local_addr().map_err(Error::io("a free port"))?;
    let mut out = std::io::stdout();
    let told = writeln!(out, "ottla-load: listening on http://{address}").and_then(|()| out.flush());
    told.map_err(Error::io("standard output"))?;
    axum::serve(listener, router).await.map_err(Error::io("serving"))
}

async fn answer(State(answers): State<Answers>, Captured(key): Captured<String>) -> Response {
    match answers.get(&key) {
        Some(answer) => ([(CONTENT_TYPE, MEDIA)], answer.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Takes the body in, and does nothing with it.
async fn answer_to_body(answers: State<Answers>, key: Captured<String>, _: Bytes) -> Response {
    answer(answers, key).await
}
