//! The request target: what is refused, what is cut off, what is decoded, and where `/contexts/{ctx}/…` leads.
//!
//! A plain target (no escapes, no matrix parameters, no context prefix) is used as it arrived, without a copy.

mod context;
mod decode;
#[cfg(test)]
mod tests;

use http::uri::PathAndQuery;

use super::query::Query;

/// No route is longer.
const MAX_SEGMENTS: usize = 8;

/// A path, split into decoded segments, and a query.
#[derive(Debug)]
pub struct Target {
    text: Text,
    segments: [Span; MAX_SEGMENTS],
    /// How many segments there are; more than [`MAX_SEGMENTS`] are counted, but not kept.
    count: usize,
    query: Span,
}

#[derive(Debug)]
enum Text {
    AsSent(PathAndQuery),
    Rebuilt(String),
}

#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// Why a target is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Two slashes in a row.
    #[error("Ambiguous URI empty segment")]
    EmptySegment,
    /// A segment that is `.` or `..`, but escaped.
    #[error("Ambiguous URI path segment")]
    EncodedDots,
    /// A control character or a backslash.
    #[error("Illegal character in URI")]
    IllegalCharacter,
    /// `%` without two hexadecimal digits.
    #[error("Bad escape in URI")]
    BadEscape,
    /// The decoded bytes are no UTF-8.
    #[error("Bad UTF-8 encoding in URI")]
    BadUtf8,
    /// The context of a `/contexts/…` prefix holds a colon.
    #[error("Context name '{0}' cannot contain a colon")]
    ColonInContext(String),
}

impl Target {
    /// Prepares the target of a request.
    pub fn prepare(sent: PathAndQuery) -> Result<Self, Refusal> {
        match Self::plain(&sent) {
            Some((segments, count, query)) => Ok(Self { text: Text::AsSent(sent), segments, count, query }),
            None => Self::rebuild(sent.path(), sent.query().unwrap_or_default()),
        }
    }

    /// How many segments the path has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A segment, decoded; empty if there is none.
    pub fn segment(&self, index: usize) -> &str {
        let span = self.segments.get(index).copied().unwrap_or_default();
        self.slice(span)
    }

    /// The query parameters.
    pub fn query(&self) -> Query<'_> {
        Query::new(self.slice(self.query))
    }

    fn slice(&self, span: Span) -> &str {
        let text = match &self.text {
            Text::AsSent(sent) => sent.as_str(),
            Text::Rebuilt(text) => text,
        };
        text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Splits a path that needs nothing but splitting.
    fn plain(sent: &PathAndQuery) -> Option<([Span; MAX_SEGMENTS], usize, Span)> {
        let (text, path) = (sent.as_str(), sent.path());
        let mut segments = [Span::default(); MAX_SEGMENTS];
        let mut count = 0;
        let mut start = 1;
        let rest = path.strip_prefix('/')?;
        if rest.starts_with("contexts/") || sent.query().is_some_and(|q| q.contains('%')) {
            return None;
        }
        for (at, byte) in rest.bytes().enumerate().chain([(rest.len(), b'/')]) {
            match byte {
                b'/' if at + 1 > start => {
                    *segments.get_mut(count)? = Span::of(start, at + 1);
                    count += 1;
                    start = at + 2;
                }
                // Nothing before this slash: fine at the very end, and only there.
                b'/' if at == rest.len() => {}
                b'/' | b'%' | b';' | b'\\' | 0x7F => return None,
                _ => {}
            }
        }
        let query =
            if text.len() > path.len() { Span::of(path.len() + 1, text.len()) } else { Span::default() };
        Some((segments, count, query))
    }

    /// Does all that a target may need.
    fn rebuild(path: &str, query: &str) -> Result<Self, Refusal> {
        let raw = raw_segments(path)?;
        if !decode::escapes_are_well_formed(query) {
            return Err(Refusal::BadEscape);
        }
        // A context in front is taken as it was sent, and yet has to be one that could be decoded.
        for segment in &raw {
            decode::push_segment(&mut String::new(), segment)?;
        }
        let rewritten = context::rewrite(&raw, query)?;
        let (raw, query) = match &rewritten {
            Some((raw, query)) => (raw.iter().map(|s| &**s).collect(), query.as_str()),
            None => (raw, query),
        };
        let mut text = String::with_capacity(path.len() + query.len());
        let mut segments = [Span::default(); MAX_SEGMENTS];
        for (index, segment) in raw.iter().enumerate() {
            let start = text.len();
            decode::push_segment(&mut text, segment)?;
            if let Some(span) = segments.get_mut(index) {
                *span = Span::of(start, text.len());
            }
        }
        let start = text.len();
        text.push_str(query);
        let query = Span::of(start, text.len());
        Ok(Self { text: Text::Rebuilt(text), segments, count: raw.len(), query })
    }
}

impl Span {
    /// Targets are far shorter than 4 GiB: `http::Uri` holds no more than 64 KiB.
    fn of(start: usize, end: usize) -> Self {
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: short(start), end: short(end) }
    }
}

/// The segments of a path, still encoded, without matrix parameters and trailing slash.
///
/// An empty segment is refused, except as the namespace in `/associations/resources//name`: producers whose cluster
/// has no id ask for that.
fn raw_segments(path: &str) -> Result<Vec<&str>, Refusal> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        let name = segment.split_once(';').map_or(segment, |(name, _)| name);
        if name.is_empty() && !segments.ends_with(&["associations", "resources"]) {
            return Err(Refusal::EmptySegment);
        }
        segments.push(name);
    }
    Ok(segments)
}
