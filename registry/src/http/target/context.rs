//! `/contexts/{ctx}/…`: the same as without the prefix, but within a context.
//!
//! The prefix is read before anything is decoded, as the clients know it: an escaped colon in it is not seen here,
//! and becomes part of the name that is built.

use std::borrow::Cow;

use super::Refusal;

type Rewritten<'a> = (Vec<Cow<'a, str>>, String);

/// The path and query without the prefix; `None` if there is no prefix.
pub(super) fn rewrite<'a>(path: &[&'a str], query: &str) -> Result<Option<Rewritten<'a>>, Refusal> {
    let ["contexts", context, rest @ ..] = path else { return Ok(None) };
    let qualifier = qualifier(context)?;
    if rest.is_empty() {
        return Ok(Some((vec!["contexts".into(), qualifier.into()], query.to_owned())));
    }
    let path = qualify_path(rest, &qualifier);
    let query = match rest {
        ["schemas", "ids", ..] => qualify_parameter("subject", query, &qualifier),
        ["schemas" | "subjects", ..] => qualify_parameter("subjectPrefix", query, &qualifier),
        _ => query.to_owned(),
    };
    Ok(Some((path, query)))
}

/// `:.ctx:` for `ctx`, `.ctx` and `:.ctx:`.
fn qualifier(given: &str) -> Result<String, Refusal> {
    let name = given.strip_prefix(':').filter(|name| name.starts_with('.')).unwrap_or(given);
    let name = if name.len() < given.len() { name.strip_suffix(':').unwrap_or(name) } else { name };
    if name.contains(':') {
        return Err(Refusal::ColonInContext(given.to_owned()));
    }
    let dot = if name.starts_with('.') { "" } else { "." };
    Ok(format!(":{dot}{name}:"))
}

/// Qualifies the subject in a path: what follows `subjects` or `deks` anywhere, `config` or `mode` at its beginning.
fn qualify_path<'a>(path: &[&'a str], qualifier: &str) -> Vec<Cow<'a, str>> {
    let mut rewritten: Vec<Cow<'a, str>> = Vec::with_capacity(path.len() + 1);
    let mut is_subject = false;
    for (index, &segment) in path.iter().enumerate() {
        if is_subject && !is_qualified(segment) {
            rewritten.push(format!("{qualifier}{segment}").into());
            is_subject = false;
            continue;
        }
        rewritten.push(segment.into());
        is_subject = !is_subject
            && (matches!(segment, "subjects" | "deks") || index == 0 && matches!(segment, "config" | "mode"));
    }
    if let ["config" | "mode"] = path {
        rewritten.push(qualifier.to_owned().into());
    }
    rewritten
}

fn is_qualified(name: &str) -> bool {
    name.starts_with(":.") || name.starts_with(":*:")
}

/// Puts the qualifier before the first value of a parameter, which may be missing.
fn qualify_parameter(name: &str, query: &str, qualifier: &str) -> String {
    let mut value = None;
    let mut rewritten = String::with_capacity(query.len() + name.len() + qualifier.len() + 2);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            (key, given) if key == name => {
                value.get_or_insert(given);
            }
            _ => {
                rewritten.push_str(pair);
                rewritten.push('&');
            }
        }
    }
    let value = value.unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    rewritten.push_str(name);
    rewritten.push('=');
    if !is_qualified(&decoded) {
        // These two mean themselves in a path, but not in a query.
        rewritten.push_str(&qualifier.replace('&', "%26").replace('+', "%2B"));
    }
    rewritten.push_str(value);
    rewritten
}
