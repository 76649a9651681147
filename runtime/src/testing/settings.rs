//! Configurations: level and normalisation.

use ottla_formats::compatibility::Level;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::state::State;
use crate::client::subject::Subject;

/// Settings that registries know, and this one does not.
const NOT_KNOWN: [&str; 11] = [
    "alias",
    "aliasForDeks",
    "compatibilityGroup",
    "compatibilityPolicy",
    "defaultMetadata",
    "defaultRuleSet",
    "overrideMetadata",
    "overrideRuleSet",
    "validateFields",
    "validateNewSchemas",
    "validateRules",
];

/// What is set for a scope.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Config {
    pub(super) level: Option<Level>,
    pub(super) normalize: Option<bool>,
}

impl State {
    /// What holds for a subject: what is set for it, else for its context, else for all. Of its own settings, those that
    /// are left open are those of the default context.
    pub(super) fn effective_config(&self, subject: &Subject) -> Config {
        let top = self.configs.get(&whole(".")).copied().unwrap_or_default();
        if let Some(own) = self.configs.get(subject).filter(|_| !subject.name.is_empty()) {
            return Config { normalize: own.normalize.or(top.normalize), ..*own };
        }
        let inherited = [whole(&subject.context), whole(".__GLOBAL")];
        inherited.iter().find_map(|scope| self.configs.get(scope)).copied().unwrap_or_default()
    }
}

/// `GET /config` and `GET /config/{subject}`
pub(super) fn config(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let scope = asked.subject();
    let config = match state.configs.get(&scope) {
        _ if asked.flag("defaultToGlobal") => state.effective_config(&scope),
        Some(config) => *config,
        None if is_top(&scope) => Config::default(),
        None => return Err(Refusal::no_config(&scope)),
    };
    Ok(Answer::Json(shown(config)))
}

/// `PUT /config` and `PUT /config/{subject}`
pub(super) fn update_config(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let update: Map<String, Value> = asked.read()?;
    let scope = asked.subject();
    state.refuse_read_only(&scope)?;
    let mut config = state.configs.get(&scope).copied().unwrap_or_default();
    for (name, value) in &update {
        match (name.as_str(), value) {
            ("compatibility", Value::Null) => config.level = None,
            ("compatibility", Value::String(level)) => {
                config.level = Some(level.parse().map_err(|_| Refusal::invalid_level())?);
            }
            ("normalize", Value::Null) => config.normalize = None,
            ("normalize", Value::Bool(normalize)) => config.normalize = Some(*normalize),
            ("compatibility", _) => return Err(Refusal::invalid_level()),
            ("normalize", _) => return Err(Refusal::bad_request("not a setting")),
            (name, _) if NOT_KNOWN.contains(&name) => return Err(Refusal::not_known(name)),
            _ => {}
        }
    }
    state.configs.insert(scope, config);
    let mut answer = json!({});
    if let Some(level) = config.level {
        answer["compatibility"] = level.name().into();
    }
    if let Some(normalize) = config.normalize {
        answer["normalize"] = normalize.into();
    }
    Ok(Answer::Json(answer))
}

/// `DELETE /config` and `DELETE /config/{subject}`
pub(super) fn delete_config(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let scope = asked.subject();
    if state.configs.contains_key(&scope) {
        state.refuse_read_only(&scope)?;
    }
    match state.configs.remove(&scope) {
        Some(config) => Ok(Answer::Json(shown(config))),
        None if is_top(&scope) => Ok(Answer::Json(shown(Config::default()))),
        None => Err(Refusal::no_subject(&scope)),
    }
}

fn shown(config: Config) -> Value {
    let mut shown = json!({"compatibilityLevel": config.level.unwrap_or_default().name()});
    if let Some(normalize) = config.normalize {
        shown["normalize"] = normalize.into();
    }
    shown
}

/// Is it a scope that always has settings?
pub(super) fn is_top(scope: &Subject) -> bool {
    scope.name.is_empty() && matches!(&*scope.context, "." | ".__GLOBAL")
}

/// The scope that a context is as a whole.
pub(super) fn whole(context: &str) -> Subject {
    Subject { context: context.into(), name: "".into() }
}
