//! Random logs: what the state keeps in its indexes is what its versions say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ottla_formats::Format;
use ottla_registry::domain::{
    Content, Context, Defaults, Deleted, Record, Reference, SchemaValue, Selector, State, Subject,
};
use proptest::prelude::*;

const SUBJECTS: [&str; 4] = ["a", "b", ":.ctx:a", ":.ctx:c"];

fn content(text: usize, reference: Option<(usize, i32)>) -> Arc<Content> {
    let references = reference.map(|(subject, version)| Reference {
        name: "N".into(),
        subject: SUBJECTS[subject].into(),
        version,
    });
    let references = references.into_iter().collect();
    Arc::new(Content::new(Format::Avro, format!("text {text}").into(), references, None, None))
}

fn record() -> impl Strategy<Value = Record> {
    let subject = || (0..SUBJECTS.len()).prop_map(|i| Subject::parse(SUBJECTS[i]));
    let reference = proptest::option::of((0..SUBJECTS.len(), 1..4i32));
    let put = (subject(), 1..6i32, 1..8i32, any::<bool>(), 0..5usize, reference);
    prop_oneof![
        6 => put.prop_map(|(subject, version, id, deleted, text, reference)| Record::Schema {
            subject,
            version,
            value: Some(SchemaValue { id, deleted, content: content(text, reference) }),
        }),
        2 => (subject(), 1..6i32).prop_map(|(subject, version)| Record::Schema { subject, version, value: None }),
        1 => (subject(), 0..6i32).prop_map(|(subject, up_to)| Record::DeleteSubject { subject, up_to }),
        1 => subject().prop_map(|subject| Record::ClearSubject { subject }),
    ]
}

fn state_of(records: &[Record]) -> State {
    let mut state = State::new(Defaults::default());
    for (seq, record) in (1..).zip(records) {
        state.apply(seq, 1_600_000_000_000 + seq as i64, record);
    }
    state
}

/// The versions by the plain meaning of the records.
fn model(records: &[Record]) -> BTreeMap<Subject, BTreeMap<i32, SchemaValue>> {
    let mut subjects: BTreeMap<Subject, BTreeMap<i32, SchemaValue>> = BTreeMap::new();
    for record in records {
        match record {
            Record::Schema { subject, version, value: Some(value) } => {
                subjects.entry(subject.clone()).or_default().insert(*version, value.clone());
            }
            Record::Schema { subject, version, value: None } => {
                subjects.entry(subject.clone()).or_default().remove(version);
            }
            Record::DeleteSubject { subject, up_to } => {
                let versions = subjects.entry(subject.clone()).or_default();
                versions.range_mut(..=up_to).for_each(|(_, v)| v.deleted = true);
            }
            Record::ClearSubject { subject } => {
                subjects.entry(subject.clone()).or_default().retain(|_, v| !v.deleted);
            }
            _ => {}
        }
    }
    subjects.retain(|_, versions| !versions.is_empty());
    subjects
}

proptest! {
    #[test]
    fn a_state_is_what_its_log_says(records in proptest::collection::vec(record(), 0..60)) {
        let state = state_of(&records);
        let model = model(&records);
        let listed: BTreeSet<Subject> =
            state.subjects(":*:", Deleted::Included).into_iter().map(|(s, _)| s).collect();
        prop_assert_eq!(&listed, &model.keys().cloned().collect());
        prop_assert_eq!(state.counts().subjects as usize, model.len());
        prop_assert_eq!(state.counts().versions as usize, model.values().map(BTreeMap::len).sum::<usize>());
        for (subject, versions) in &model {
            let latest = versions.iter().rev().find(|(_, v)| !v.deleted).map(|(n, _)| *n);
            prop_assert_eq!(state.version(subject, Selector::Latest, false).map(|v| v.version), latest);
            for (number, value) in versions {
                let version = state.version(subject, Selector::Number(*number), true).expect("a version");
                prop_assert_eq!((version.id, version.deleted), (value.id, value.deleted));
                prop_assert_eq!(&version.content, &value.content);
                prop_assert_eq!(state.version(subject, Selector::Number(*number), false).is_some(), !value.deleted);
            }
        }
    }

    #[test]
    fn ids_lead_to_versions_that_have_or_had_them(records in proptest::collection::vec(record(), 0..60)) {
        let state = state_of(&records);
        for context in [Context::default(), Context::new(".ctx")] {
            let given: BTreeSet<i32> = records.iter().filter_map(|r| match r {
                Record::Schema { subject, value: Some(v), .. } if *subject.context() == context => Some(v.id),
                _ => None,
            }).collect();
            let holdings = state.holdings(&context);
            prop_assert_eq!(holdings.map_or(0, |h| h.max_id()), given.last().copied().unwrap_or(0));
            for (subject, history) in state.subjects(&Subject::whole(context.clone()).to_string(), Deleted::Included) {
                for version in history.all() {
                    let found = state.find_id(version.id, Some(&subject)).expect("a holder");
                    prop_assert_eq!(found.subject.context(), &context);
                }
            }
        }
    }

    #[test]
    fn whoever_is_listed_as_a_referrer_refers(records in proptest::collection::vec(record(), 0..60)) {
        let state = state_of(&records);
        for subject in SUBJECTS.map(Subject::parse) {
            for number in 1..4 {
                for (referrer, version) in state.referrers_of(&subject, number) {
                    let refers = version.content.references.iter().any(|r| {
                        r.version == number && Subject::within(referrer.context(), &r.subject) == subject
                    });
                    prop_assert!(refers);
                }
            }
        }
    }

    #[test]
    fn equal_logs_give_equal_states(records in proptest::collection::vec(record(), 0..60), at in 0..60usize) {
        let whole = state_of(&records);
        // Cutting the log and going on from a clone changes nothing, and leaves the clone alone.
        let at = at.min(records.len());
        let head = state_of(&records[..at]);
        let mut rest = head.clone();
        for (seq, record) in (1..).zip(&records).skip(at) {
            rest.apply(seq, 1_600_000_000_000 + seq as i64, record);
        }
        prop_assert_eq!(&rest, &whole);
        prop_assert_eq!(&head, &state_of(&records[..at]));
    }
}
