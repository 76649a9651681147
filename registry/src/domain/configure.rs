//! Changing configurations and modes.

use super::command::{Command, Decision};
use super::delete::{gone, refuse_read_only};
use super::find::Deleted;
use super::metadata::{Metadata, RuleSet};
use super::mode::Mode;
use super::record::Record;
use super::rejection::Rejection;
use super::settings::{Config, Policy};
use super::state::State;
use super::subject::Subject;
use ottla_formats::compatibility::Level;

/// A wanted change of a configuration: for each field `None` keeps it, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct ConfigUpdate {
    pub alias: Option<Option<String>>,
    pub alias_for_deks: Option<Option<String>>,
    pub normalize: Option<Option<bool>>,
    pub validate_fields: Option<Option<bool>>,
    pub validate_new_schemas: Option<Option<bool>>,
    pub validate_rules: Option<Option<bool>>,
    pub compatibility_level: Option<Option<Level>>,
    pub compatibility_policy: Option<Option<Policy>>,
    pub compatibility_group: Option<Option<String>>,
    pub default_metadata: Option<Option<Metadata>>,
    pub override_metadata: Option<Option<Metadata>>,
    pub default_rule_set: Option<Option<RuleSet>>,
    pub override_rule_set: Option<Option<RuleSet>>,
}

/// Changes the configuration of a scope; tells what is set then.
#[derive(Debug, Clone)]
pub struct PutConfig {
    /// A subject, or a context as a whole.
    pub scope: Subject,
    /// What to change.
    pub update: ConfigUpdate,
}

/// Removes the configuration of a scope; tells what was set.
#[derive(Debug, Clone)]
pub struct DeleteConfig {
    /// A subject, or a context as a whole.
    pub scope: Subject,
}

/// Changes the mode of a scope.
#[derive(Debug, Clone)]
pub struct PutMode {
    /// A subject, or a context as a whole.
    pub scope: Subject,
    /// The mode; none clears it.
    pub mode: Option<Mode>,
    /// Also to IMPORT while there are schemas?
    pub force: bool,
}

/// Removes the mode of a scope; tells what was set.
#[derive(Debug, Clone)]
pub struct DeleteMode {
    /// A subject, or a context as a whole.
    pub scope: Subject,
    /// Those of the subjects in the context too?
    pub recursive: bool,
}

impl ConfigUpdate {
    /// The configuration with the change.
    pub fn apply(&self, config: &Config) -> Config {
        fn pick<T: Clone>(update: &Option<Option<T>>, old: &Option<T>) -> Option<T> {
            update.as_ref().unwrap_or(old).clone()
        }
        Config {
            alias: pick(&self.alias, &config.alias),
            alias_for_deks: pick(&self.alias_for_deks, &config.alias_for_deks),
            normalize: pick(&self.normalize, &config.normalize),
            validate_fields: pick(&self.validate_fields, &config.validate_fields),
            validate_new_schemas: pick(&self.validate_new_schemas, &config.validate_new_schemas),
            validate_rules: pick(&self.validate_rules, &config.validate_rules),
            compatibility_level: pick(&self.compatibility_level, &config.compatibility_level),
            compatibility_policy: pick(&self.compatibility_policy, &config.compatibility_policy),
            compatibility_group: pick(&self.compatibility_group, &config.compatibility_group),
            default_metadata: pick(&self.default_metadata, &config.default_metadata),
            override_metadata: pick(&self.override_metadata, &config.override_metadata),
            default_rule_set: pick(&self.default_rule_set, &config.default_rule_set),
            override_rule_set: pick(&self.override_rule_set, &config.override_rule_set),
        }
    }
}

impl Command for PutConfig {
    type Outcome = Config;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<Config>, Rejection> {
        let Self { scope, update } = self;
        for rules in [&update.default_rule_set, &update.override_rule_set].into_iter().flatten().flatten() {
            rules.validate().map_err(Rejection::InvalidRuleSet)?;
        }
        if !scope.is_valid_scope() {
            return Err(Rejection::InvalidSubject(scope.clone()));
        }
        refuse_read_only(state, scope)?;
        let old = state.config(scope);
        let config = update.apply(old.unwrap_or(&Config::default()));
        let mut decision = Decision::unchanged(config.clone());
        if old != Some(&config) {
            decision.records.push(Record::Config { scope: scope.clone(), value: Some(config) });
        }
        Ok(decision)
    }
}

impl Command for DeleteConfig {
    type Outcome = Config;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<Config>, Rejection> {
        let scope = &self.scope;
        let Some(config) = state.config(scope).cloned() else {
            if is_top(scope) {
                return Ok(Decision::unchanged(Config::default()));
            }
            return Err(Rejection::SubjectNotFound(scope.clone()));
        };
        refuse_read_only(state, scope)?;
        let records = vec![Record::Config { scope: scope.clone(), value: None }];
        Ok(Decision { records, outcome: config })
    }
}

impl Command for PutMode {
    type Outcome = ();

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<()>, Rejection> {
        let Self { scope, mode, force } = self;
        if !scope.is_valid_scope() {
            return Err(Rejection::InvalidSubject(scope.clone()));
        }
        if !state.defaults().mode_mutability {
            return Err(Rejection::ModeFixed);
        }
        let mut decision = Decision::unchanged(());
        if *mode == Some(Mode::Import) && !force && state.effective_mode(scope) != Mode::Import {
            decision.records = make_room(state, scope)?;
        }
        if state.mode(scope) != *mode {
            decision.records.push(Record::Mode { scope: scope.clone(), value: *mode });
        }
        Ok(decision)
    }
}

impl Command for DeleteMode {
    type Outcome = Option<Mode>;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<Option<Mode>>, Rejection> {
        let Self { scope, recursive } = self;
        if !state.defaults().mode_mutability {
            return Err(Rejection::ModeFixed);
        }
        let own = state.mode(scope);
        let mut scopes: Vec<&Subject> = own.map(|_| scope).into_iter().collect();
        if *recursive && scope.is_whole() {
            scopes.extend(state.modes.keys().filter(|s| !s.is_whole() && s.context() == scope.context()));
        }
        if own.is_none() && !recursive && !is_top(scope) {
            return Err(Rejection::SubjectNotFound(scope.clone()));
        }
        let records = scopes.into_iter().map(|s| Record::Mode { scope: s.clone(), value: None }).collect();
        Ok(Decision { records, outcome: own.or(is_top(scope).then_some(Mode::ReadWrite)) })
    }
}

/// Is it the default context or all contexts, whose settings can be removed though none are set?
fn is_top(scope: &Subject) -> bool {
    scope.is_whole() && (scope.context().is_default() || scope.context().is_global())
}

/// An import needs an empty scope: live subjects forbid it, soft-deleted versions go for good.
fn make_room(state: &State, scope: &Subject) -> Result<Vec<Record>, Rejection> {
    let prefix =
        if is_top(scope) { ":*:".to_owned() } else { Subject::whole(scope.context().clone()).to_string() };
    let in_scope = |s: &Subject| scope.is_whole() || s == scope;
    let subjects = state.subjects(&prefix, Deleted::Included);
    let subjects: Vec<_> = subjects.into_iter().filter(|(s, _)| in_scope(s)).collect();
    if subjects.iter().any(|(_, history)| history.has_live()) {
        return Err(Rejection::SubjectsExist);
    }
    let mut records = Vec::new();
    for (subject, history) in &subjects {
        for version in history.all().rev() {
            if state.is_referenced(subject, version.version, false, None) {
                return Err(Rejection::Referenced(subject.clone(), version.version));
            }
            records.push(gone(subject, version.version));
        }
    }
    Ok(records)
}
