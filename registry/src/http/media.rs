//! Media types: which one an answer has, and which ones a request may have.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use super::error::ApiError;

/// The media type of answers to requests that ask for none in particular.
pub const MEDIA_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// The media types of answers, the preferred one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Media {
    /// `application/vnd.schemaregistry.v1+json`
    #[default]
    V1,
    /// `application/vnd.schemaregistry+json`
    Unversioned,
    /// `application/json`
    Json,
}

impl Media {
    const ALL: [Self; 3] = [Self::V1, Self::Unversioned, Self::Json];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => MEDIA_TYPE,
            Self::Unversioned => "application/vnd.schemaregistry+json",
            Self::Json => "application/json",
        }
    }

    /// The value of `Content-Type`.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    /// The best answer to what a request accepts; `None` if there is none.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        // A request whose own type makes no sense is refused in plain JSON, whatever it accepts.
        if headers.get(CONTENT_TYPE).is_some_and(|value| content_type(value).is_none()) {
            return Some(Self::Json);
        }
        let mut accepted = headers.get_all(ACCEPT).iter();
        let first = accepted.next().map_or(b"".as_slice(), HeaderValue::as_bytes);
        // What nearly all clients send.
        if (matches!(first, b"*/*" | b"") || first == MEDIA_TYPE.as_bytes()) && accepted.next().is_none() {
            return Some(Self::V1);
        }
        let mut ranges = Vec::new();
        for value in headers.get_all(ACCEPT) {
            for range in value.to_str().ok()?.split(',').filter(|range| !range.trim().is_empty()) {
                ranges.push(Range::parse(range)?);
            }
        }
        // Of equal qualities the first counts, which is the server's preference.
        let mut best = None;
        for media in Self::ALL {
            let quality = if ranges.is_empty() { 1000 } else { quality(&ranges, media) };
            if quality > 0 && best.is_none_or(|(_, best)| quality > best) {
                best = Some((media, quality));
            }
        }
        best.map(|(media, _)| media)
    }
}

/// Refuses a request whose body would be of another type than JSON, even if it has no body.
pub fn check_content_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let range = content_type(value).ok_or_else(|| ApiError::bad_request("Bad Request"))?;
    let known = Media::ALL.iter().map(|media| media.name()).chain(["application/octet-stream"]);
    if known.into_iter().any(|name| range.covers(name).is_some()) {
        Ok(())
    } else {
        Err(ApiError::unsupported_media_type())
    }
}

/// What a `Content-Type` says; nothing if it makes no sense.
fn content_type(value: &HeaderValue) -> Option<Range<'_>> {
    value.to_str().ok().and_then(Range::parse).filter(|range| !range.has_wildcard())
}

/// The quality that the most specific range gives a media type, in thousandths.
fn quality(ranges: &[Range<'_>], media: Media) -> u16 {
    let covering = ranges.iter().filter_map(|range| Some((range.covers(media.name())?, range.quality)));
    covering.max().map_or(0, |(_, quality)| quality)
}

/// An element of `Accept`, or a `Content-Type`. Parameters other than `q` are not looked at.
#[derive(Debug)]
struct Range<'a> {
    ty: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next()?;
        // Old Java clients send a lone `*`.
        let (ty, subtype) = if name == "*" { ("*", "*") } else { name.split_once('/')? };
        let mut range = Self { ty, subtype, quality: 1000 };
        for parameter in parts.filter(|p| !p.is_empty()) {
            let (key, value) = parameter.split_once('=')?;
            if key.trim().eq_ignore_ascii_case("q") {
                range.quality = thousandths(value.trim())?;
            }
        }
        (is_token(ty) && is_token(subtype)).then_some(range)
    }

    fn has_wildcard(&self) -> bool {
        self.ty == "*" || self.subtype == "*"
    }

    /// How specifically the range names a media type: 2 fully, 1 by its main type, 0 not at all; `None` if not.
    fn covers(&self, name: &str) -> Option<u8> {
        let (ty, subtype) = name.split_once('/')?;
        if self.ty == "*" && self.subtype == "*" {
            Some(0)
        } else if !self.ty.eq_ignore_ascii_case(ty) {
            None
        } else if self.subtype == "*" {
            Some(1)
        } else {
            self.subtype.eq_ignore_ascii_case(subtype).then_some(2)
        }
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// A quality between 0 and 1.
fn thousandths(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let quality: f32 = text.parse().ok().filter(|q| plain && (0.0..=1.0).contains(q))?;
    Some((quality * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn accept() {
        for (accept, expected) in [
            ("", Some(Media::V1)),
            ("*/*", Some(Media::V1)),
            ("*/*;q=0.1", Some(Media::V1)),
            ("application/*", Some(Media::V1)),
            ("image/png, */*", Some(Media::V1)),
            ("application/json", Some(Media::Json)),
            ("APPLICATION/JSON;charset=utf-8", Some(Media::Json)),
            ("application/vnd.schemaregistry+json", Some(Media::Unversioned)),
            (
                "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json",
                Some(Media::V1),
            ),
            ("application/json, application/vnd.schemaregistry.v1+json", Some(Media::V1)),
            ("application/json, */*;q=0.5", Some(Media::Json)),
            ("application/json;q=0.5, */*", Some(Media::V1)),
            ("application/vnd.schemaregistry.v1+json;q=0, */*", Some(Media::Unversioned)),
            ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Some(Media::V1)),
            ("text/html", None),
            ("*/*;q=0", None),
            ("garbage", None),
            ("application/json;q=x", None),
        ] {
            assert_eq!(Media::negotiate(&headers(ACCEPT, &[accept])), expected, "{accept}");
        }
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Media::V1));
        assert_eq!(Media::negotiate(&headers(ACCEPT, &["text/html", "application/json"])), Some(Media::Json));
    }

    #[test]
    fn content_type() {
        for (value, status) in [
            ("application/json", None),
            ("application/json; charset=UTF-8", None),
            ("application/vnd.schemaregistry+json", None),
            ("application/vnd.schemaregistry.v1+json;charset=utf-8", None),
            ("application/octet-stream", None),
            ("text/plain", Some(415)),
            ("application/x-www-form-urlencoded", Some(415)),
            ("garbage", Some(400)),
            ("", Some(400)),
            ("application/", Some(400)),
        ] {
            let headers = headers(CONTENT_TYPE, &[value]);
            let media = if status == Some(400) { Media::Json } else { Media::V1 };
            assert_eq!(Media::negotiate(&headers), Some(media), "{value:?}");
            let checked = check_content_type(&headers);
            assert_eq!(checked.err().map(|e| e.status.as_u16()), status, "{value:?}");
        }
    }
}
