//! Registrations, decided without a server: what is worked out ahead and what the writer decides are the same.

use ottla_registry::domain::delete::{DeleteSubject, DeleteVersion};
use ottla_registry::domain::lookup::Known;
use ottla_registry::domain::proposal::Proposal;
use ottla_registry::domain::register::{Considered, Register};
use ottla_registry::domain::{Command, Defaults, Rejection, Selector, State, Subject};

const V1: &str = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}"#;
const V2: &str = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":"int","default":0}]}"#;
const BROKEN: &str = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}"#;

struct Registry(State);

impl Registry {
    fn new() -> Self {
        Self(State::new(Defaults::default()))
    }

    fn run<C: Command>(&mut self, command: &C) -> Result<C::Outcome, Rejection> {
        let decision = command.decide(&self.0, 1)?;
        for record in &decision.records {
            self.0.apply(self.0.head() + 1, 1, record);
        }
        Ok(decision.outcome)
    }

    fn register(&mut self, subject: &str, text: &str) -> Result<Known, Rejection> {
        self.run(&asking(subject, text))
    }
}

fn asking(subject: &str, text: &str) -> Register {
    let proposal = Proposal { text: Some(text.into()), ..Proposal::default() };
    Register::new(Subject::parse(subject), proposal)
}

fn placed(known: Result<Known, Rejection>) -> (i32, i32) {
    let known = known.expect("a registration");
    (known.id, known.version)
}

#[test]
fn equal_content_has_one_id_in_a_context() {
    let mut registry = Registry::new();
    assert_eq!(placed(registry.register("s", V1)), (1, 1));
    assert_eq!(placed(registry.register("s", V1)), (1, 1));
    assert_eq!(placed(registry.register("t", V1)), (1, 1));
    assert_eq!(placed(registry.register(":.c:s", V2)), (1, 1));
    assert_eq!(placed(registry.register("s", V2)), (2, 2));
    assert_eq!(placed(registry.register("s", V1)), (1, 1));
    assert_eq!(registry.0.counts().schemas, 3);
}

#[test]
fn what_is_soft_deleted_comes_back_as_a_new_version_and_what_is_gone_under_a_new_id() {
    let mut registry = Registry::new();
    placed(registry.register("s", V1));
    let subject = Subject::parse("s");
    let delete = |permanent| DeleteSubject { subject: subject.clone(), permanent };
    assert_eq!(registry.run(&delete(false)), Ok(vec![1]));
    assert_eq!(placed(registry.register("s", V1)), (1, 2));
    assert_eq!(registry.run(&delete(true)), Err(Rejection::SubjectNotSoftDeleted(subject.clone())));
    assert_eq!(registry.run(&delete(false)), Ok(vec![2]));
    assert_eq!(registry.run(&delete(true)), Ok(vec![2]));
    assert_eq!(placed(registry.register("s", V1)), (2, 1));
}

#[test]
fn what_was_worked_out_ahead_is_not_trusted_when_the_history_has_changed() {
    let mut registry = Registry::new();
    placed(registry.register("s", V1));
    let Ok(Considered::ToWrite(ahead)) = asking("s", V2).consider(&registry.0) else { panic!("to write") };
    // In the meantime the only version goes, and one comes that the candidate cannot follow.
    let version =
        DeleteVersion { subject: Subject::parse("s"), selector: Selector::Latest, permanent: false };
    assert_eq!(registry.run(&version), Ok(1));
    placed(registry.register("s", BROKEN));
    assert!(matches!(registry.run(&*ahead), Err(Rejection::Incompatible(..))));
}

#[test]
fn a_schema_that_the_writer_meets_again_is_not_registered_twice() {
    let mut registry = Registry::new();
    let Ok(Considered::ToWrite(one)) = asking("s", V1).consider(&registry.0) else { panic!("to write") };
    let Ok(Considered::ToWrite(two)) = asking("s", V1).consider(&registry.0) else { panic!("to write") };
    assert_eq!(placed(registry.run(&*one)), (1, 1));
    assert_eq!(placed(registry.run(&*two)), (1, 1));
    assert_eq!(registry.0.counts().versions, 1);
}
