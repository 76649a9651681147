//! Structured logs, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Is it a filter? Levels, and directives such as `info,ottla_registry::log=debug`.
pub fn filter(text: &str) -> Result<String, String> {
    let filter = EnvFilter::builder().parse(text).map_err(|e| e.to_string())?;
    // A word that is no level would otherwise pass as the name of a module.
    if filter.max_level_hint().is_none_or(|level| level == tracing::level_filters::LevelFilter::TRACE)
        && !text.to_ascii_lowercase().contains("trace")
    {
        return Err("expected error, warn, info, debug or trace".to_owned());
    }
    Ok(text.to_owned())
}

/// Starts logging, for the rest of the process.
pub fn start(filter: &str, format: LogFormat) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        // A line that cannot be written, as on a full disk, is lost: telling so would fail just the same, and panic.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn filters() {
        for text in ["error", "info", "TRACE", "warn,ottla_registry::log=debug", "ottla::access=info", "off"]
        {
            assert!(filter(text).is_ok(), "{text}");
        }
        for text in ["loud", "info,x=loud", "="] {
            assert!(filter(text).is_err(), "{text}");
        }
    }
}
