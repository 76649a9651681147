//! JSON for people: what is short stands on one line, so that a field is a line of a diff.

use ottla_formats::json::{Value, write_string};

/// How long a line may be that holds a whole object or list.
const WIDTH: usize = 100;

/// How deep a text may be nested that is written as JSON in a lock, which is nested itself.
pub(super) const MAX_DEPTH: usize = 150;

/// Appends a value that begins at the end of a line; further lines are indented. It is nested [`MAX_DEPTH`] times at most.
pub(super) fn write(value: &Value<'_>, indent: usize, out: &mut String) {
    let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    let mut line = String::new();
    if on_one_line(value, WIDTH.saturating_sub(column), &mut line) {
        out.push_str(&line);
        return;
    }
    match value {
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                new_line(at, indent + 2, out);
                write(element, indent + 2, out);
            }
            new_line(0, indent, out);
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (key, value)) in members.iter().enumerate() {
                new_line(at, indent + 2, out);
                write_string(key, out);
                out.push_str(": ");
                write(value, indent + 2, out);
            }
            new_line(0, indent, out);
            out.push('}');
        }
        scalar => scalar.write(out),
    }
}

/// Ends a line, behind all but the first with a comma, and begins the next one.
pub(super) fn new_line(at: usize, indent: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Appends a value, unless it is longer than a line or holds a list of objects: each of those has a line of its own.
fn on_one_line(value: &Value<'_>, most: usize, out: &mut String) -> bool {
    match value {
        Value::Array(elements) => {
            if elements.iter().any(|element| matches!(element, Value::Object(_))) {
                return false;
            }
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                if !on_one_line(element, most, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (key, value)) in members.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_string(key, out);
                out.push_str(": ");
                if !on_one_line(value, most, out) {
                    return false;
                }
            }
            out.push('}');
        }
        scalar => scalar.write(out),
    }
    out.len() <= most
}

/// Is a value nested so deep, or less?
pub(super) fn is_within(value: &Value<'_>, depth: usize) -> bool {
    match value {
        Value::Array(elements) => depth > 0 && elements.iter().all(|element| is_within(element, depth - 1)),
        Value::Object(members) => depth > 0 && members.iter().all(|(_, value)| is_within(value, depth - 1)),
        _ => true,
    }
}
