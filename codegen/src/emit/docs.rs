//! Docs. What a schema says is text, not Markdown: it comes out of rustdoc as it went in.

use proc_macro2::TokenStream;
use quote::quote;

/// One line that is Markdown already.
pub(super) fn line(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote!(#[doc = #text])
}

/// The schema's doc, and below it what we have to say.
pub(super) fn docs(doc: Option<&str>, ours: &str) -> TokenStream {
    let mut lines: Vec<String> = doc.into_iter().flat_map(str::lines).map(escape).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    while lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(ours.to_owned());
    let lines = lines.iter().map(|text| if text.is_empty() { String::new() } else { format!(" {text}") });
    quote!(#(#[doc = #lines])*)
}

/// Text as Markdown that shows it: nothing is code (which would be tested), a link (which would be looked up), a list or
/// a heading.
fn escape(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(word).collect();
    let mut text = words.join(" ");
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if text.starts_with(['-', '+', '=']) {
        text.insert(0, '\\');
    } else if digits > 0 && text[digits..].starts_with(['.', ')']) {
        text.insert(digits, '\\');
    }
    text
}

fn word(word: &str) -> String {
    if word.contains("://") && !word.contains(['<', '>', '\\']) {
        let end = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
        let start = end.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
        return format!("{}<{}>{}", plain(&end[..start]), &end[start..], plain(&word[end.len()..]));
    }
    plain(word)
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_comes_out_as_it_went_in() {
        for (text, markdown) in [
            ("plain words.", "plain words."),
            ("    four spaces are no code", "four spaces are no code"),
            ("```rust", r"\`\`\`rust"),
            ("a [link] and `code`", r"a \[link\] and \`code\`"),
            ("- no list", r"\- no list"),
            ("12. no list", r"12\. no list"),
            ("2024 was a year", "2024 was a year"),
            ("see (https://example.com/a_b).", "see (<https://example.com/a_b>)."),
            ("# no heading", r"\# no heading"),
            ("<script>", r"\<script\>"),
        ] {
            assert_eq!(escape(text), markdown);
        }
    }
}
