//! Requests that a proxy and this server might read differently are refused: where one sees a single request and the
//! other two, somebody's request reaches somebody else.

use http::header::{HOST, TRANSFER_ENCODING};
use http::{Request, Version};

use crate::http::ApiError;

/// One `Host`, which HTTP/1.0 may leave out, and no way of transfer but `chunked`, once. What else is ambiguous is
/// refused by the parser, or ends the connection.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), ApiError> {
    let headers = request.headers();
    let hosts = headers.get_all(HOST).iter().count();
    if hosts > 1 || hosts == 0 && request.version() > Version::HTTP_10 {
        return Err(ApiError::bad_request("Exactly one Host header is needed"));
    }
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    if let Some(encoding) = encodings.next()
        && (encodings.next().is_some() || !encoding.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        return Err(ApiError::bad_request("No Transfer-Encoding but chunked is read"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ambiguous_is_refused() {
        let host = ("Host", "x");
        for (version, headers, fine) in [
            (Version::HTTP_11, vec![host], true),
            (Version::HTTP_10, vec![], true),
            (Version::HTTP_11, vec![], false),
            (Version::HTTP_11, vec![host, host], false),
            (Version::HTTP_10, vec![host, ("host", "y")], false),
            (Version::HTTP_11, vec![host, ("Transfer-Encoding", "Chunked")], true),
            (Version::HTTP_11, vec![host, ("Transfer-Encoding", "gzip, chunked")], false),
            (Version::HTTP_11, vec![host, ("Transfer-Encoding", "chunked, chunked")], false),
            (
                Version::HTTP_11,
                vec![host, ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
                false,
            ),
        ] {
            let mut request = Request::builder().version(version);
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            assert_eq!(check(&request.body(()).expect("a request")).is_ok(), fine, "{version:?} {headers:?}");
        }
    }
}
