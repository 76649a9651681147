//! JSON of a bounded length on one line.

use ottla_formats::avro::{Field, Schema, TypeId};

use super::words::quoted;

/// How many characters a snippet has at most.
pub(super) const SNIPPET: usize = 500;

/// JSON on one line, without comments, with a blank behind `,` and `:`. What is longer than so many characters is cut.
pub(super) fn one_line(json: &str, most: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    let mut chars = json.chars().peekable();
    let (mut in_text, mut is_escaped) = (false, false);
    while let Some(char) = chars.next() {
        if !in_text && (char.is_ascii_whitespace() || (char == '/' && skip_comment(&mut chars))) {
            continue;
        }
        if count >= most {
            line.push('…');
            return line;
        }
        // A character of control would end the line.
        line.push(if char.is_control() { ' ' } else { char });
        count += 1;
        if in_text {
            in_text = is_escaped || char != '"';
            is_escaped = char == '\\' && !is_escaped;
        } else if char == '"' {
            in_text = true;
        } else if matches!(char, ',' | ':') {
            line.push(' ');
            count += 1;
        }
    }
    line
}

/// Skips the rest of a comment whose first character has been read, if it is one.
fn skip_comment(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    match chars.peek() {
        Some('/') => {
            while chars.next_if(|char| !matches!(char, '\n' | '\r')).is_some() {}
            true
        }
        Some('*') => {
            chars.next();
            let mut last = ' ';
            for char in chars.by_ref() {
                if last == '*' && char == '/' {
                    break;
                }
                last = char;
            }
            true
        }
        _ => false,
    }
}

/// A type as JSON.
pub(super) fn type_json(schema: &Schema, ty: TypeId, most: usize) -> String {
    one_line(&schema.type_to_short_text(ty, most), most)
}

/// A field as JSON: what resolution looks at.
pub(super) fn field_json(schema: &Schema, field: &Field) -> String {
    let ty = schema.type_to_short_text(field.ty, SNIPPET);
    let mut json = format!("{{\"name\":{},\"type\":{ty}", quoted(&field.name));
    if let Some(default) = &field.default {
        json.push_str(",\"default\":");
        default.write(&mut json);
    }
    if !field.aliases.is_empty() {
        json.push_str(&format!(",\"aliases\":{}", list_json(field.aliases.iter().map(String::as_str))));
    }
    json.push('}');
    one_line(&json, SNIPPET)
}

/// Names as a JSON list.
pub(super) fn list_json<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(quoted).collect();
    one_line(&format!("[{}]", names.join(",")), SNIPPET)
}
