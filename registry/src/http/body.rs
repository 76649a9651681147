//! Request bodies: reading them within limits, and what they say.
//!
//! ```text
//! collect.rs   bytes from the network, within limits of size, time and memory
//! reader.rs    JSON as Jackson reads it, straight into the types below
//! schema.rs    RegisterRequest, TagsRequest: schemas with all that belongs to them
//! settings.rs  ConfigUpdate, ModeUpdate: what is set, cleared or kept
//! metadata.rs  metadata and rule sets
//! ```

mod collect;
mod metadata;
mod reader;
mod schema;
mod settings;
#[cfg(test)]
mod tests;

pub use collect::{Unread, collect};
pub use reader::{Mistake, Reader};
pub use schema::{EntityKind, RegisterRequest, SchemaTags, TagsRequest};
pub use settings::{ConfigUpdate, ModeUpdate, Update};

use super::error::ApiError;

/// Something that a request body can say.
pub trait Request: Sized {
    /// Reads it; the next value is not `null`.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake>;
}

/// Reads a whole body. Nothing, blanks and `null` are all no body.
pub(super) fn parse<T: Request>(body: &[u8], method: &str) -> Result<T, ApiError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => {
            let valid = std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default();
            let mistake = Mistake::new("the body is not UTF-8", valid.len());
            return Err(ApiError::bad_request(mistake.describe(valid)));
        }
    };
    let mut reader = Reader::new(text);
    if reader.is_at_end() {
        return Err(ApiError::missing_body(method));
    }
    let read = (|| {
        let request = if reader.null()? { None } else { Some(T::read(&mut reader)?) };
        reader.end()?;
        Ok(request)
    })();
    match read {
        Ok(Some(request)) => Ok(request),
        Ok(None) => Err(ApiError::missing_body(method)),
        Err(mistake) => Err(ApiError::bad_request(Mistake::describe(&mistake, text))),
    }
}
