//! Requests and answers.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal::Refusal;
use crate::client::subject::Subject;
use crate::client::{Guid, Response, Version};

const MEDIA: &str = "application/vnd.schemaregistry.v1+json";

/// A request that has a route.
pub(super) struct Asked {
    /// What stands in the places of the route, decoded.
    pub(super) names: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
}

/// What is answered.
#[derive(Debug)]
pub(super) enum Answer {
    Json(Value),
    Text(Arc<str>),
    Nothing,
}

impl Asked {
    pub(super) fn new(names: Vec<String>, target: &str, body: Bytes) -> Self {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")).into_owned(), decoded(&value.replace('+', " ")).into_owned())
        });
        Self { names, query: pairs.collect(), body }
    }

    /// The subject or scope that is named first; the default context as a whole if there is none.
    pub(super) fn subject(&self) -> Subject {
        Subject::parse(self.names.first().map_or("", String::as_str))
    }

    /// The version that is named after the subject.
    pub(super) fn version(&self) -> Result<Version, Refusal> {
        let text = self.names.get(1).map_or("", String::as_str);
        let trimmed = text.trim_matches(|c| c <= ' ');
        if trimmed.eq_ignore_ascii_case("latest") {
            return Ok(Version::Latest);
        }
        match trimmed.parse::<i32>() {
            Ok(number) if number >= 1 || number == -1 => Ok(number.into()),
            _ => Err(Refusal::invalid_version(text)),
        }
    }

    /// The schema id that is named.
    pub(super) fn id(&self) -> Result<i32, Refusal> {
        self.names.first().and_then(|id| id.parse().ok()).ok_or_else(Refusal::no_route)
    }

    /// The content hash that is named.
    pub(super) fn guid(&self) -> Result<Guid, Refusal> {
        let text = self.names.first().map_or("", String::as_str);
        Guid::parse(text).ok_or_else(|| Refusal::no_guid(text))
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.first(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The body as JSON.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let body: Option<T> =
            serde_json::from_slice(&self.body).map_err(|e| Refusal::bad_request(&e.to_string()))?;
        body.ok_or_else(|| Refusal::bad_request("a body is needed"))
    }

    /// The part of a listing that is asked for.
    pub(super) fn page<T: Into<Value>>(
        &self,
        all: impl Iterator<Item = T>,
        most: usize,
    ) -> Result<Answer, Refusal> {
        let number = |name| match self.first(name) {
            None | Some("") => Ok(None),
            Some(text) => text.parse::<i32>().map(Some).map_err(|_| Refusal::no_route()),
        };
        let offset = number("offset")?.unwrap_or_default();
        let offset =
            usize::try_from(offset).map_err(|_| Refusal::bad_request("offset must not be negative"))?;
        let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| (1..=most).contains(limit)).unwrap_or(most);
        Ok(Answer::Json(all.skip(offset).take(limit).map(Into::into).collect()))
    }
}

/// Decodes a name or a value.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// An answer as it is sent.
pub(super) fn response(answer: Result<Answer, Refusal>) -> Response {
    let (status, body) = match answer {
        Ok(Answer::Json(body)) => (200, body.to_string().into()),
        Ok(Answer::Text(text)) => (200, text.as_bytes().to_vec().into()),
        Ok(Answer::Nothing) => (204, Bytes::new()),
        Err(refusal) => (refusal.status, refusal.body().to_string().into()),
    };
    let headers =
        if status == 204 { Vec::new() } else { vec![("content-type".to_owned(), MEDIA.to_owned())] };
    Response { status, headers, body }
}
