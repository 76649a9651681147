//! What applies to a subject: its own settings, or else those of what it belongs to.

use std::borrow::Cow;

use ottla_formats::compatibility::Level;

use super::history::History;
use super::mode::Mode;
use super::settings::Config;
use super::state::State;
use super::subject::{Context, Subject};

impl State {
    /// What is set in a scope itself.
    pub fn config(&self, scope: &Subject) -> Option<&Config> {
        self.configs.get(scope).map(|c| &**c)
    }

    /// The mode that is set in a scope itself.
    pub fn mode(&self, scope: &Subject) -> Option<Mode> {
        self.modes.get(scope).copied()
    }

    /// The configuration that applies to a subject, or to a context as a whole.
    ///
    /// The first that is set of the subject, its context and `:.__GLOBAL:` answers alone. Only what a subject's own
    /// configuration leaves open is taken from elsewhere, and then always from the default context: that is how
    /// the registry that this one replaces does it.
    pub fn effective_config(&self, subject: &Subject) -> Cow<'_, Config> {
        if subject.is_whole() {
            return self.inherited_config(subject.context());
        }
        let Some(own) = self.config(subject) else { return self.inherited_config(subject.context()) };
        let Some(top) = self.config(&Subject::whole(Context::default())) else { return Cow::Borrowed(own) };
        let mut config = own.clone();
        config.normalize = config.normalize.or(top.normalize);
        config.validate_fields = config.validate_fields.or(top.validate_fields);
        config.validate_new_schemas = config.validate_new_schemas.or(top.validate_new_schemas);
        config.validate_rules = config.validate_rules.or(top.validate_rules);
        config.compatibility_policy = config.compatibility_policy.or(top.compatibility_policy);
        config.compatibility_group = config.compatibility_group.or_else(|| top.compatibility_group.clone());
        Cow::Owned(config)
    }

    /// The configuration of a context, or of all.
    fn inherited_config(&self, context: &Context) -> Cow<'_, Config> {
        let scopes = [context.clone(), Context::global()].map(Subject::whole);
        match scopes.iter().find_map(|s| self.config(s)) {
            Some(config) => Cow::Borrowed(config),
            None => Cow::Owned(Config::default()),
        }
    }

    /// The mode that applies to a subject, or to a context as a whole.
    pub fn effective_mode(&self, subject: &Subject) -> Mode {
        let context = Subject::whole(subject.context().clone());
        let own = self.mode(subject).or_else(|| self.mode(&context));
        own.or_else(|| self.mode(&Subject::whole(Context::global()))).unwrap_or_default()
    }

    /// The level of a configuration: where none is set, the one that the server was started with.
    pub fn level(&self, config: &Config) -> Level {
        config.compatibility_level.unwrap_or(self.defaults.compatibility)
    }

    /// With how many versions of a subject a new schema is compared, at most.
    pub fn versions_compared(&self, subject: &Subject) -> usize {
        match self.history(subject).map_or(0, History::len) {
            versions @ (0 | 1) => versions,
            versions if self.level(&self.effective_config(subject)).is_transitive() => versions,
            _ => 1,
        }
    }

    /// The subject that answers for another one: the alias that is set for it, one hop, or the subject itself.
    pub fn resolve_alias(&self, subject: &Subject) -> Subject {
        match self.config(subject).and_then(|c| c.alias.as_deref()).filter(|a| !a.is_empty()) {
            Some(alias) => Subject::within(subject.context(), alias),
            None => subject.clone(),
        }
    }
}
