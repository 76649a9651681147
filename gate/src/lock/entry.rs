//! A version of a lock's text.

use ottla_formats::Guid;
use ottla_formats::json::{Member, Number, Step, Value};

use super::{Reference, Version};

/// What is wrong with a value, and where in it.
pub(super) struct Fault {
    pub(super) path: Vec<Step>,
    pub(super) message: String,
}

/// A version, and where its text is.
pub(super) struct Entry {
    /// Without a text, if that is in a file.
    pub(super) version: Version,
    pub(super) has_text: bool,
}

type Result<T> = std::result::Result<T, Fault>;

/// How long names, reasons and paths may be, in bytes.
const MAX_NAME: usize = 10_000;

const KEYS: [&str; 10] =
    ["version", "id", "guid", "textGuid", "fingerprint", "references", "accepted", "schema", "text", "path"];

/// Reads a version.
pub(super) fn entry(value: &Value<'_>) -> Result<Entry> {
    let object = Object::of(value, "a version", &KEYS)?;
    let mut version = Version {
        version: object.number("version", 1, i32::MAX.into())? as i32,
        id: object
            .has("id")
            .then(|| object.number("id", 0, u32::MAX.into()))
            .transpose()?
            .map(|id| id as u32),
        guid: object.guid("guid")?,
        text_guid: object.has("textGuid").then(|| object.guid("textGuid")).transpose()?,
        fingerprint: fingerprint(&object)?,
        references: references(&object)?,
        accepted: accepted(&object)?,
        text: String::new(),
        path: None,
        position: None,
    };
    let bodies: Vec<&str> = ["schema", "text", "path"].into_iter().filter(|key| object.has(key)).collect();
    match bodies[..] {
        ["schema"] => version.text = object.get("schema").map(Value::to_text).unwrap_or_default(),
        ["text"] => version.text = object.any_text("text")?.to_owned(),
        ["path"] => version.path = Some(object.text("path")?.to_owned()),
        _ => return Err(object.fault("a version has one of schema, text and path")),
    }
    Ok(Entry { has_text: bodies[0] != "path", version })
}

fn fingerprint(object: &Object<'_, '_>) -> Result<u64> {
    let text = object.text("fingerprint")?;
    let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
    number
        .ok_or_else(|| object.at("fingerprint", "this is no fingerprint: 16 hexadecimal digits are expected"))
}

fn references(object: &Object<'_, '_>) -> Result<Vec<Reference>> {
    let Some(value) = object.get("references") else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| object.at("references", "a list is expected"))?;
    let read = |(at, value): (usize, &Value<'_>)| {
        let within = |mut fault: Fault| {
            fault.path.splice(0..0, [Step::from("references"), Step::from(at)]);
            fault
        };
        let inner = Object::of(value, "a reference", &["name", "subject", "version"]).map_err(within)?;
        Ok(Reference {
            name: inner.text("name").map_err(within)?.to_owned(),
            subject: inner.text("subject").map_err(within)?.to_owned(),
            version: inner.number("version", 1, i32::MAX.into()).map_err(within)? as i32,
        })
    };
    list.iter().enumerate().map(read).collect()
}

fn accepted(object: &Object<'_, '_>) -> Result<Option<String>> {
    let Some(value) = object.get("accepted") else { return Ok(None) };
    let within = |mut fault: Fault| {
        fault.path.insert(0, Step::from("accepted"));
        fault
    };
    let inner = Object::of(value, "what is accepted", &["reason"]).map_err(within)?;
    Ok(Some(inner.text("reason").map_err(within)?.to_owned()))
}

/// An object that has known keys only.
struct Object<'v, 'a> {
    what: &'static str,
    members: &'v [Member<'a>],
}

impl<'v, 'a> Object<'v, 'a> {
    fn of(value: &'v Value<'a>, what: &'static str, keys: &[&str]) -> Result<Self> {
        let fault = |path, message| Fault { path, message };
        let members =
            value.as_object().ok_or_else(|| fault(Vec::new(), "an object is expected".to_owned()))?;
        match members.iter().find(|(key, _)| !keys.contains(&key.as_ref())) {
            None => Ok(Self { what, members }),
            Some((key, _)) => {
                let path = vec![Step::Key(key.to_string().into())];
                Err(fault(path, format!("{what} has no {key:?}: {} are known", keys.join(", "))))
            }
        }
    }

    fn get(&self, key: &str) -> Option<&'v Value<'a>> {
        self.members.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn fault(&self, message: &str) -> Fault {
        Fault { path: Vec::new(), message: message.to_owned() }
    }

    fn at(&self, key: &'static str, message: &str) -> Fault {
        Fault { path: vec![Step::from(key)], message: message.to_owned() }
    }

    fn required(&self, key: &'static str) -> Result<&'v Value<'a>> {
        self.get(key).ok_or_else(|| self.fault(&format!("{} without {key:?}", self.what)))
    }

    /// A name, a reason or a path: one line, and not empty.
    fn text(&self, key: &'static str) -> Result<&'v str> {
        let text = self.any_text(key)?;
        let fits = text.len() <= MAX_NAME && !text.trim().is_empty() && !text.chars().any(char::is_control);
        if fits { Ok(text) } else { Err(self.at(key, "a text of one line is expected")) }
    }

    fn any_text(&self, key: &'static str) -> Result<&'v str> {
        self.required(key)?.as_str().ok_or_else(|| self.at(key, "a text is expected"))
    }

    fn number(&self, key: &'static str, least: i64, most: i64) -> Result<i64> {
        let value = self.required(key)?;
        let number = match value {
            Value::Number(Number::Int(number)) => Some(*number),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.at(key, &format!("a number from {least} to {most} is expected")))
    }

    fn guid(&self, key: &'static str) -> Result<Guid> {
        let text = self.text(key)?;
        // As it is written: one guid has one text.
        let guid = Guid::parse(text).filter(|guid| guid.to_string() == text);
        guid.ok_or_else(|| self.at(key, "this is no GUID as locks have them: 8-4-4-4-12 lower-case digits"))
    }
}
