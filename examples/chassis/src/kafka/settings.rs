//! Any setting of librdkafka, from flags and files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rdkafka::error::KafkaError;

use super::Reserved;

/// What librdkafka calls otherwise than the clients in Java do, and understands by both names. Here all go by the second.
const ALIASES: [(&str, &str); 9] = [
    ("metadata.broker.list", "bootstrap.servers"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
    ("sasl.mechanisms", "sasl.mechanism"),
    ("fetch.message.max.bytes", "max.partition.fetch.bytes"),
    ("queue.buffering.max.ms", "linger.ms"),
    ("message.send.max.retries", "retries"),
    ("compression.codec", "compression.type"),
    ("request.required.acks", "acks"),
    ("message.timeout.ms", "delivery.timeout.ms"),
];

/// Settings in the order in which they were given. `Debug` shows only their names: values may be secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Settings(Vec<(String, String)>);

/// What is wrong with settings. It never tells a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A line is no setting.
    #[error("line {0} is not KEY=VALUE")]
    Syntax(usize),
    /// A file cannot be read.
    #[error("{}: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// It is not the user's to set.
    #[error("{key} is not to be set: {instead}")]
    Reserved {
        /// The setting.
        key: String,
        /// What to do instead.
        instead: String,
    },
    /// The client does not take it.
    #[error("settings of Kafka clients: {0}")]
    Client(String),
}

/// A client that cannot be made. What librdkafka says about a setting quotes its value.
impl From<KafkaError> for SettingsError {
    fn from(error: KafkaError) -> Self {
        Self::Client(match error {
            KafkaError::ClientConfig(_, reason, key, value) if !value.is_empty() => {
                format!("{key}: {}", reason.replace(&value, "..."))
            }
            KafkaError::ClientConfig(_, reason, ..) => reason,
            other => other.to_string(),
        })
    }
}

impl Settings {
    pub(super) fn read(file: &Path) -> Result<Self, SettingsError> {
        let failed = |reason: String| SettingsError::File { file: file.to_owned(), reason };
        let text = std::fs::read_to_string(file).map_err(|e| failed(e.to_string()))?;
        text.parse().map_err(|error: SettingsError| failed(error.to_string()))
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(super) fn refuse<'r>(
        &self,
        mut reserved: impl Iterator<Item = &'r Reserved>,
    ) -> Result<(), SettingsError> {
        let found = reserved.find(|(name, _)| self.0.iter().any(|(key, _)| key == name));
        let Some((key, flag)) = found else { return Ok(()) };
        let instead = flag.map_or("the service depends on it".to_owned(), |flag| format!("use {flag}"));
        Err(SettingsError::Reserved { key: (*key).to_owned(), instead })
    }
}

/// One setting a line; empty lines and those that begin with `#` say nothing.
impl FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let lines = text.lines().map(str::trim).enumerate();
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let settings = lines.map(|(at, line)| match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => {
                Ok((name(key.trim()).to_owned(), value.trim().to_owned()))
            }
            _ => Err(SettingsError::Syntax(at + 1)),
        });
        settings.collect::<Result<_, _>>().map(Self)
    }
}

/// The name that a setting goes by.
fn name(key: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == key).map_or(key, |(_, name)| name)
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_lines() {
        let settings: Settings =
            "# tuning\nlinger.ms = 0\n\nsasl.password=p=w#1\n".parse().expect("settings");
        assert_eq!(settings.iter().collect::<Vec<_>>(), [("linger.ms", "0"), ("sasl.password", "p=w#1")]);
        assert_eq!(format!("{settings:?}"), r#"["linger.ms", "sasl.password"]"#);
        for (text, line) in [("secret", 1), ("a=b\n=secret", 2)] {
            let error = text.parse::<Settings>().expect_err(text);
            assert_eq!(error, SettingsError::Syntax(line));
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn settings_have_one_name() {
        let settings: Settings =
            "linger.ms=1\nqueue.buffering.max.ms=2\ncompression.codec=lz4".parse().expect("settings");
        let named = [("linger.ms", "1"), ("linger.ms", "2"), ("compression.type", "lz4")];
        assert_eq!(settings.iter().collect::<Vec<_>>(), named);
        let settings: Settings = "request.required.acks = 1".parse().expect("settings");
        assert!(settings.refuse([("acks", None)].iter()).is_err());
    }

    #[test]
    fn what_the_service_needs_is_not_to_be_set() {
        let settings: Settings = "acks=1".parse().expect("settings");
        assert_eq!(settings.refuse([("linger.ms", None)].iter()), Ok(()));
        let refused = settings.refuse([("acks", None)].iter()).expect_err("reserved");
        assert_eq!(refused.to_string(), "acks is not to be set: the service depends on it");
        let refused = settings.refuse([("acks", Some("--acks"))].iter()).expect_err("reserved");
        assert_eq!(refused.to_string(), "acks is not to be set: use --acks");
    }
}
