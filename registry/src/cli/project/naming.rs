//! The subjects of files, and their levels.

use ottla_formats::avro::Name;
use ottla_formats::compatibility::Level;
use ottla_formats::json::{self, Value};

use super::config::{Config, Entry, Naming};
use super::scope::{Globs, Wrong};

/// The rules of a project, ready to be asked.
#[derive(Debug)]
pub struct Names {
    entries: Vec<Globs>,
}

/// A subject of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub subject: String,
    /// The level, where the project says one.
    pub level: Option<Level>,
    /// Where the name comes from, for people.
    pub why: String,
    /// Where the level comes from, for people.
    pub level_why: &'static str,
}

impl Names {
    /// Reads the globs of the rules.
    pub fn new(base: &str, config: &Config) -> Result<Self, Wrong> {
        let globs = |entry: &toml::Spanned<Entry>| {
            Globs::new(base, entry.get_ref().files.as_deref().unwrap_or_default())
        };
        Ok(Self { entries: config.subjects.iter().map(globs).collect::<Result<_, _>>()? })
    }

    /// The entries that match none of these files: where they are said.
    pub fn unmatched(&self, config: &Config, files: &[&str]) -> Vec<usize> {
        let all = config.subjects.iter().zip(&self.entries);
        let unmatched = all.filter(|(_, globs)| !files.iter().any(|file| globs.contain(file)));
        unmatched.map(|(entry, _)| entry.span().start).collect()
    }

    /// The subjects of a file. `full_name`: of its outermost type, if that has one. The error says what is missing.
    ///
    /// Of the entries that match a file, the first one that says something counts; but all subjects and topics count, each with
    /// the level of its own entry, if that has one.
    pub fn of(&self, config: &Config, file: &str, full_name: Option<&str>) -> Result<Vec<Named>, String> {
        let all = config.subjects.iter().zip(&self.entries);
        let entries: Vec<&Entry> =
            all.filter(|(_, g)| g.contain(file)).map(|(entry, _)| entry.get_ref()).collect();
        let naming = entries.iter().find_map(|entry| entry.naming).or(config.naming);
        let explicit: Vec<&&Entry> =
            entries.iter().filter(|entry| entry.subject.is_some() || entry.topic.is_some()).collect();
        let mut subjects: Vec<(String, String, Option<Level>)> = Vec::new();
        for entry in &explicit {
            let (subject, why) = match (&entry.subject, &entry.topic) {
                (Some(subject), _) => (subject.clone(), "said in [[subjects]]".to_owned()),
                (None, topic) => of_topic(topic.as_deref().unwrap_or_default(), entry, naming, full_name)?,
            };
            match subjects.iter_mut().find(|(known, ..)| *known == subject) {
                None => subjects.push((subject, why, entry.level)),
                // It may be said again, and only then with a level.
                Some((.., own)) => *own = own.or(entry.level),
            }
        }
        let mut named: Vec<Named> = Vec::new();
        for (subject, why, own) in subjects {
            let (level, level_why) = level(config, own, &entries);
            named.push(Named { subject, level, why, level_why });
        }
        if named.is_empty() {
            let (level, level_why) = level(config, None, &entries);
            let subject = of_record(naming, full_name)?;
            named.push(Named { subject, level, why: "the full name".to_owned(), level_why });
        }
        Ok(named)
    }
}

fn of_topic(
    topic: &str,
    entry: &Entry,
    naming: Option<Naming>,
    full_name: Option<&str>,
) -> Result<(String, String), String> {
    if naming == Some(Naming::TopicRecord) {
        let name = full_name.ok_or("its outermost type has no name that the subject could have")?;
        return Ok((format!("{topic}-{name}"), format!("topic {topic} and the full name")));
    }
    let (end, what) = if entry.key == Some(true) { ("key", "keys") } else { ("value", "values") };
    Ok((format!("{topic}-{end}"), format!("the {what} of topic {topic}")))
}

fn of_record(naming: Option<Naming>, full_name: Option<&str>) -> Result<String, String> {
    match naming {
        None | Some(Naming::Record) => full_name.map(str::to_owned).ok_or_else(|| {
            "its outermost type has no name that the subject could have: give it one in [[subjects]]"
                .to_owned()
        }),
        Some(naming) => {
            Err(format!("naming is {}, and no entry of [[subjects]] gives it a topic", naming.name()))
        }
    }
}

fn level(config: &Config, own: Option<Level>, entries: &[&Entry]) -> (Option<Level>, &'static str) {
    // What is said of another subject of the file is not about this one.
    let general = entries.iter().filter(|entry| entry.subject.is_none() && entry.topic.is_none());
    match (own.or_else(|| general.into_iter().find_map(|entry| entry.level)), config.level) {
        (Some(level), _) => (Some(level), "said in [[subjects]]"),
        (None, Some(level)) => (Some(level), "the level of the project"),
        (None, None) => (None, "that of the baseline, else BACKWARD"),
    }
}

/// The full name of the outermost type of a text, which need not be a valid schema.
pub fn full_name(text: &str) -> Option<String> {
    let (value, _) = json::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let is_named = matches!(text("type"), Some("record" | "error" | "enum" | "fixed"));
    let name = text("name").filter(|_| is_named)?;
    Some(Name::resolve(name, text("namespace"), None).full().to_owned())
}
