//! What a scenario keeps of earlier answers, to be named as `${name}` in later steps.

use std::collections::BTreeMap;

use serde_json::Value;

/// Values by name.
#[derive(Debug, Default)]
pub struct Variables(BTreeMap<String, Value>);

impl Variables {
    /// Keeps a value. All of them are ids, and no id may come twice.
    pub fn keep(&mut self, name: &str, value: &Value) -> Result<(), String> {
        if let Some((other, _)) = self.0.iter().find(|(_, v)| *v == value) {
            return Err(format!("capture {name}: {value} is ${{{other}}} already; a new id was expected"));
        }
        self.0.insert(name.to_owned(), value.clone());
        Ok(())
    }

    /// The value that a text stands for as a whole.
    pub fn whole(&self, text: &str) -> Option<&Value> {
        self.0.get(text.strip_prefix("${")?.strip_suffix('}')?)
    }

    /// The text with values in the place of names; unknown ones stay.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, from) = rest.split_at(start);
            filled.push_str(before);
            let name = from.find('}').map(|end| &from[..=end]);
            match name.and_then(|name| Some((name, self.whole(name)?))) {
                Some((name, Value::String(value))) => {
                    filled.push_str(value);
                    rest = &from[name.len()..];
                }
                Some((name, value)) => {
                    filled.push_str(&value.to_string());
                    rest = &from[name.len()..];
                }
                None => {
                    filled.push_str("${");
                    rest = &from[2..];
                }
            }
        }
        filled + rest
    }
}
