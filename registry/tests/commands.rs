//! Random sequences of commands, as clients send them: what the registry promises holds after every one, and the log, read
//! back from its texts, gives the same state.

use std::collections::HashMap;

use ottla_formats::compatibility::Level;
use ottla_registry::domain::configure::{ConfigUpdate, DeleteConfig, DeleteMode, PutConfig, PutMode};
use ottla_registry::domain::delete::{DeleteSubject, DeleteVersion};
use ottla_registry::domain::proposal::Proposal;
use ottla_registry::domain::register::Register;
use ottla_registry::domain::{
    Command, Context, Decision, Defaults, Deleted, GivenReference, Guid, Metadata, Mode, Record, Rejection,
    Selector, State, Subject,
};
use ottla_registry::log::codec::{Decoder, encode};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const SUBJECTS: [&str; 4] = ["a", "b", ":.c:a", ":.c:d"];
const SCOPES: [&str; 5] = ["a", ":.c:a", ":.c:", ":.__GLOBAL:", ""];
const LEVELS: [Level; 3] = [Level::None, Level::Full, Level::BackwardTransitive];
const MODES: [Mode; 4] = [Mode::ReadWrite, Mode::ReadOnly, Mode::Import, Mode::ReadWrite];

/// Records that differ in a field with a default, in one without, and in their names.
const TEXTS: [&str; 6] = [
    r#""string""#,
    r#"{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}"#,
    r#"{"type":"record","name":"A","fields":[{"name":"x","type":"int"},{"name":"y","type":"int","default":0}]}"#,
    r#"{"type":"record","name":"A","fields":[{"name":"x","type":"int"},{"name":"z","type":"int"}]}"#,
    r#"{"type":"record","name":"B","fields":[{"name":"a","type":"A"}]}"#,
    r#"{"type":"record","name":"A","fields":[{"type":"int","name":"x"}],"p":1}"#,
];

#[derive(Debug, Clone)]
enum Asked {
    Register(Register),
    DeleteVersion(DeleteVersion),
    DeleteSubject(DeleteSubject),
    PutConfig(PutConfig),
    DeleteConfig(DeleteConfig),
    PutMode(PutMode),
    DeleteMode(DeleteMode),
}

fn subject() -> impl Strategy<Value = Subject> {
    (0..SUBJECTS.len()).prop_map(|i| Subject::parse(SUBJECTS[i]))
}

fn scope() -> impl Strategy<Value = Subject> {
    (0..SCOPES.len()).prop_map(|i| Subject::parse(SCOPES[i]))
}

fn registration() -> impl Strategy<Value = Register> {
    let reference = proptest::option::weighted(0.2, (0..SUBJECTS.len(), -1..3_i32));
    let metadata = proptest::option::weighted(0.2, 0..2_u8);
    let import = proptest::option::weighted(0.2, (0..12_i32, 0..4_i32));
    (subject(), 0..TEXTS.len(), reference, metadata, import, any::<bool>()).prop_map(
        |(subject, text, reference, metadata, import, normalize)| {
            let references = reference.into_iter().map(|(named, version)| GivenReference {
                name: Some("A".into()),
                subject: Some(SUBJECTS[named].into()),
                version: Some(version),
            });
            let metadata = metadata.map(|n| {
                let mut metadata = Metadata::default();
                metadata.properties.insert("owner".to_owned(), n.to_string());
                metadata
            });
            let proposal = Proposal {
                text: Some(TEXTS[text].into()),
                references: references.collect(),
                metadata,
                id: import.map(|(id, _)| id),
                ..Proposal::default()
            };
            let mut register = Register::new(subject, proposal);
            register.version = import.map_or(0, |(_, version)| version);
            register.normalize = normalize;
            register
        },
    )
}

fn asked() -> impl Strategy<Value = Asked> {
    let selector = prop_oneof![Just(Selector::Latest), (1..5_i32).prop_map(Selector::Number)];
    let level = proptest::option::of((0..LEVELS.len()).prop_map(|i| LEVELS[i]));
    let mode = proptest::option::of((0..MODES.len()).prop_map(|i| MODES[i]));
    prop_oneof![
        8 => registration().prop_map(Asked::Register),
        2 => (subject(), selector, any::<bool>()).prop_map(|(subject, selector, permanent)| {
            Asked::DeleteVersion(DeleteVersion { subject, selector, permanent })
        }),
        2 => (subject(), any::<bool>()).prop_map(|(subject, permanent)| {
            Asked::DeleteSubject(DeleteSubject { subject, permanent })
        }),
        1 => (scope(), level).prop_map(|(scope, level)| {
            let update = ConfigUpdate { compatibility_level: Some(level), ..ConfigUpdate::default() };
            Asked::PutConfig(PutConfig { scope, update })
        }),
        1 => scope().prop_map(|scope| Asked::DeleteConfig(DeleteConfig { scope })),
        1 => (scope(), mode, any::<bool>()).prop_map(|(scope, mode, force)| {
            Asked::PutMode(PutMode { scope, mode, force })
        }),
        2 => (scope(), any::<bool>()).prop_map(|(scope, recursive)| {
            Asked::DeleteMode(DeleteMode { scope, recursive })
        }),
    ]
}

/// A registry without a server, and all that it has promised so far.
#[derive(Default)]
struct Registry {
    state: Option<State>,
    records: Vec<Record>,
    /// What an id was given to.
    ids: HashMap<(Context, i32), Guid>,
    imported: bool,
}

impl Registry {
    fn state(&self) -> State {
        self.state.clone().unwrap_or_else(|| State::new(Defaults::default()))
    }

    /// Decides a command; twice, because the engine may have to. What is written is what was decided.
    fn run<C: Command>(&mut self, command: &C) -> Result<C::Outcome, Rejection> {
        let mut state = self.state();
        let first = command.decide(&state, 7).map(|d| d.records);
        let Decision { records, outcome } = command.decide(&state, 7)?;
        assert_eq!(first.as_ref(), Ok(&records), "the same question is decided differently");
        for record in &records {
            state.apply(state.head() + 1, 7, record);
        }
        self.records.extend(records);
        self.state = Some(state);
        Ok(outcome)
    }

    fn ask(&mut self, asked: &Asked) {
        let before = self.state();
        match asked {
            Asked::Register(register) => self.register(register, &before),
            Asked::DeleteVersion(delete) => {
                if let Ok(version) = self.run(delete) {
                    let gone =
                        self.state().version(&delete.subject, Selector::Number(version), false).is_none();
                    assert!(gone, "a deleted version is live");
                }
            }
            Asked::DeleteSubject(delete) => {
                if self.run(delete).is_ok() {
                    assert!(!self.state().has_versions(&delete.subject, delete.permanent));
                }
            }
            Asked::PutConfig(put) => drop(self.run(put)),
            Asked::DeleteConfig(delete) => drop(self.run(delete)),
            Asked::PutMode(put) => drop(self.run(put)),
            Asked::DeleteMode(delete) => drop(self.run(delete)),
        }
    }

    fn register(&mut self, register: &Register, before: &State) {
        let imports = register.proposal.id.is_some();
        let Ok(known) = self.run(register) else { return };
        self.imported |= imports;
        let after = self.state();
        let stored = after.version(&register.subject, Selector::Number(known.version), false);
        let stored = stored.expect("what was registered is there");
        // An import may put another text in the place of a version; a look-up of the old text still finds the old id.
        assert!(
            self.imported || stored.id == known.id,
            "the answer names another id than the one that is stored"
        );
        let context = register.subject.context().clone();
        let guid = stored.content.guid;
        let given = *self.ids.entry((context.clone(), known.id)).or_insert(guid);
        assert!(self.imported || given == guid, "id {} was given twice", known.id);
        let wrote = after.head() > before.head();
        if wrote && !imports {
            let taken = before.version(&register.subject, Selector::Number(known.version), true);
            assert!(taken.is_none(), "version {} was given twice", known.version);
            // Only what refers to the latest version of something may mean something else the next time.
            if register.proposal.references.iter().any(|r| r.version == Some(-1)) {
                return;
            }
            let mut again = Register::new(register.subject.clone(), register.proposal.clone());
            again.normalize = register.normalize;
            let found = self.run(&again).expect("what is registered can be registered again");
            assert_eq!((found.id, found.version), (known.id, known.version));
            assert_eq!(self.state().head(), after.head(), "registering again wrote something");
        }
    }

    /// What the log amounts to, read back from the texts that it is kept in.
    fn replayed(&self) -> State {
        let mut decoder = Decoder::default();
        let mut state = State::new(Defaults::default());
        for (seq, record) in (1..).zip(&self.records) {
            let entry = encode(record).expect("a record that can be written");
            let read = decoder.decode(&entry.key, entry.value.as_deref()).expect("and read");
            state.apply(seq, 7, &read);
        }
        state
    }
}

/// Every reference of a live version leads somewhere, unless it came in by import.
fn references_lead_somewhere(state: &State) {
    for (subject, history) in state.subjects(":*:", Deleted::Hidden) {
        for reference in history.live().flat_map(|v| &v.content.references) {
            let named = Subject::within(subject.context(), &reference.subject);
            let found = state.version(&named, Selector::Number(reference.version), true);
            assert!(found.is_some(), "{subject} refers to {named}, which is gone");
        }
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 1000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    })]

    #[test]
    fn promises_are_kept(commands in proptest::collection::vec(asked(), 1..40)) {
        let mut registry = Registry::default();
        for command in &commands {
            registry.ask(command);
            if !registry.imported {
                references_lead_somewhere(&registry.state());
            }
        }
        prop_assert_eq!(registry.replayed(), registry.state());
    }
}
