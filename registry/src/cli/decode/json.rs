//! JSON being written, on one line or indented.

use std::fmt::Display;

use ottla_formats::json::write_string;

/// JSON being written.
#[derive(Debug)]
pub(super) struct Json {
    out: String,
    is_pretty: bool,
    /// How many lists and objects are open.
    depth: usize,
    /// Nothing stands in the innermost one yet.
    is_empty: bool,
}

impl Json {
    pub(super) fn new(is_pretty: bool) -> Self {
        Self { out: String::new(), is_pretty, depth: 0, is_empty: true }
    }

    /// What was written.
    pub(super) fn as_str(&self) -> &str {
        &self.out
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.out.clear();
        (self.depth, self.is_empty) = (0, true);
    }

    /// Begins a list (`[`) or an object (`{`).
    pub(super) fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.is_empty = true;
    }

    /// Ends it.
    pub(super) fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.out.push(bracket);
        self.is_empty = false;
    }

    /// Comes before an item of a list.
    pub(super) fn item(&mut self) {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        self.line();
    }

    /// Comes before the value of a member.
    pub(super) fn key(&mut self, key: &str) {
        self.item();
        write_string(key, &mut self.out);
        self.out.push_str(if self.is_pretty { ": " } else { ":" });
    }

    /// A text, in quotes.
    pub(super) fn text(&mut self, text: &str) {
        write_string(text, &mut self.out);
    }

    /// What stands without quotes.
    pub(super) fn bare(&mut self, value: impl Display) {
        self.out.push_str(&value.to_string());
    }

    /// A number; in quotes, as Java's writer does it, if JSON has none for it.
    pub(super) fn float(&mut self, value: f64, digits: impl FnOnce() -> String) {
        if value.is_nan() {
            self.text("NaN");
        } else if value.is_infinite() {
            self.text(if value > 0.0 { "Infinity" } else { "-Infinity" });
        } else {
            self.out.push_str(&digits());
        }
    }

    fn line(&mut self) {
        if self.is_pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(json: &mut Json) {
        json.open('{');
        json.key("a\"b");
        json.open('[');
        for number in [1, 2] {
            json.item();
            json.bare(number);
        }
        json.close(']');
        json.key("e");
        json.open('{');
        json.close('}');
        json.key("f");
        json.float(f64::NEG_INFINITY, String::new);
        json.close('}');
    }

    #[test]
    fn on_one_line_and_indented() {
        let mut json = Json::new(false);
        write(&mut json);
        assert_eq!(json.as_str(), r#"{"a\"b":[1,2],"e":{},"f":"-Infinity"}"#);
        let mut json = Json::new(true);
        json.bare("gone");
        json.clear();
        write(&mut json);
        let expected = "{\n  \"a\\\"b\": [\n    1,\n    2\n  ],\n  \"e\": {},\n  \"f\": \"-Infinity\"\n}";
        assert_eq!(json.as_str(), expected);
    }
}
