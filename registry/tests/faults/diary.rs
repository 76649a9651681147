//! What writers were told, and whether it is still so.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use ottla_tests::history::registry::{Content, Id, Version};
use ottla_tests::http::{Answer, Client};
use ottla_tests::random::Random;

use crate::api;

/// Here everything is deleted again.
const CHURN: &str = "churn";

/// What happened to a version after its registration was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    /// Somebody asked for its deletion, and got no answer or not the last one.
    InDoubt,
    DeletedForGood,
}

/// A registration that was acknowledged.
#[derive(Debug, Clone)]
struct Entry {
    subject: String,
    content: Content,
    id: Id,
    version: Version,
    fate: Fate,
}

/// What the writers of a round have in common.
#[derive(Debug, Default)]
pub struct Round {
    /// The number of the next content.
    pub contents: AtomicU32,
    /// How many registrations were acknowledged.
    pub acknowledged: AtomicUsize,
    /// Is it over?
    pub stop: AtomicBool,
}

/// All that is known of a database.
#[derive(Debug, Default)]
pub struct Diary {
    entries: Vec<Entry>,
    /// Registrations whose answer was lost.
    in_doubt: usize,
    /// What every id that was ever seen means.
    ids: BTreeMap<Id, Content>,
    /// What every version that was ever seen is, where nothing is deleted.
    versions: BTreeMap<(String, Version), Id>,
}

impl Diary {
    /// How many registrations were acknowledged, and how many answers were lost.
    pub fn counts(&self) -> (usize, usize) {
        (self.entries.len(), self.in_doubt)
    }

    /// Adds what a writer wrote down.
    pub fn add(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.in_doubt += other.in_doubt;
    }

    /// Registers until the round is over or the server is gone.
    pub fn write(url: &str, mut random: Random, round: &Round) -> Self {
        let (mut diary, mut client) = (Self::default(), Client::new(url).timeout(Duration::from_secs(30)));
        while !round.stop.load(Ordering::Relaxed) {
            // Some contents are registered by several writers at the same time, some under two subjects.
            let next = round.contents.fetch_add(u32::from(random.percent(80)), Ordering::Relaxed);
            let other = u32::from(random.percent(10));
            let subject = format!("s{}", (next + other) % 3);
            if !diary.register(&mut client, &subject, next, round) {
                break;
            }
        }
        diary
    }

    /// Registers and deletes for good, until the round is over or the server is gone.
    pub fn churn(url: &str, round: &Round) -> Self {
        let (mut diary, mut client) = (Self::default(), Client::new(url).timeout(Duration::from_secs(30)));
        while !round.stop.load(Ordering::Relaxed) {
            let content = 1_000_000 + round.contents.fetch_add(1, Ordering::Relaxed);
            let known = diary.entries.len();
            if !diary.register(&mut client, CHURN, content, round) {
                break;
            }
            if diary.entries.len() > known && !diary.delete_last(&mut client) {
                break;
            }
        }
        diary
    }

    /// False if the server is gone.
    fn register(&mut self, client: &mut Client, subject: &str, content: Content, round: &Round) -> bool {
        match client.post(&format!("/subjects/{subject}/versions"), &api::body(content)) {
            Ok(answer) if answer.status == 200 => {
                let (id, version) = (number(&answer, "id"), number(&answer, "version"));
                let subject = subject.to_owned();
                self.entries.push(Entry { subject, content, id, version, fate: Fate::Kept });
                round.acknowledged.fetch_add(1, Ordering::Relaxed);
                true
            }
            answer => {
                self.in_doubt += 1;
                is_away(answer)
            }
        }
    }

    /// False if the server is gone.
    fn delete_last(&mut self, client: &mut Client) -> bool {
        let Some(entry) = self.entries.last_mut() else { return true };
        entry.fate = Fate::InDoubt;
        for permanent in [false, true] {
            let target = format!("/subjects/{CHURN}/versions/{}?permanent={permanent}", entry.version);
            match client.delete(&target) {
                Ok(answer) if answer.status == 200 => {}
                answer => return is_away(answer),
            }
        }
        entry.fate = Fate::DeletedForGood;
        true
    }

    /// Checks everything that was ever acknowledged.
    pub fn check(&mut self, client: &mut Client) {
        let mut stored: BTreeMap<(String, Version), (Id, Content)> = BTreeMap::new();
        for (subject, version, id, content) in listing(client) {
            self.meet(id, content);
            if subject != CHURN {
                let known = *self.versions.entry((subject.clone(), version)).or_insert(id);
                assert_eq!(known, id, "version {version} of {subject} was given twice");
            }
            stored.insert((subject, version), (id, content));
        }
        for entry in self.entries.clone() {
            let Entry { subject, content, id, version, fate } = entry.clone();
            self.meet(id, content);
            let found = stored.get(&(subject, version)).copied();
            match fate {
                Fate::Kept => assert_eq!(found, Some((id, content)), "lost: {entry:?}"),
                // The number may have been given again, since nothing was left; the id is another.
                Fate::DeletedForGood => {
                    assert_ne!(found.map(|f| f.0), Some(id), "deleted for good: {entry:?}")
                }
                Fate::InDoubt => {}
            }
        }
        let mut last: BTreeMap<&str, Version> = BTreeMap::new();
        let kept = stored.keys().filter(|(subject, _)| subject != CHURN);
        for (subject, version) in kept {
            let before = last.insert(subject, *version).unwrap_or(0);
            assert_eq!(*version, before + 1, "a version of {subject} is missing");
        }
        assert!(stored.len() <= self.entries.len() + self.in_doubt, "nobody has written all of this");
    }

    /// An id means one content, for ever.
    fn meet(&mut self, id: Id, content: Content) {
        let known = *self.ids.entry(id).or_insert(content);
        assert_eq!(known, content, "id {id} was given twice");
    }
}

/// Everything that a server holds: subject, version, id and content.
fn listing(client: &mut Client) -> Vec<(String, Version, Id, Content)> {
    let mut all = Vec::new();
    loop {
        let answer = client.get(&format!("/schemas?deleted=true&offset={}", all.len())).expect("a listing");
        let page = answer.json();
        let page = page.as_array().unwrap_or_else(|| panic!("no listing: {page}"));
        if page.is_empty() {
            return all;
        }
        for schema in page {
            let number = |name: &str| schema[name].as_u64().expect("a number") as u32;
            let text = |name: &str| schema[name].as_str().expect("a text");
            all.push((
                text("subject").to_owned(),
                number("version"),
                number("id"),
                api::content(text("schema")),
            ));
        }
    }
}

fn number(answer: &Answer, name: &str) -> u32 {
    answer.json()[name].as_u64().unwrap_or_else(|| panic!("no {name}: {}", answer.text())) as u32
}

/// Is the server still there, and only its database away?
fn is_away(answer: Result<Answer, ottla_tests::http::CallError>) -> bool {
    let Ok(answer) = answer else { return false };
    assert_eq!(answer.status, 503, "{}", answer.text());
    std::thread::sleep(Duration::from_millis(20));
    true
}
