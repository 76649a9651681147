//! What was released, as git knows it: the schema files of a commit.
//!
//! The latest version of a subject is what the commit has; levels that ask for all versions get what its history has.
//!
//! ```text
//! git/command.rs  calls of the program
//! git/commit.rs   which commit it is
//! git/parting.rs  where two histories parted
//! git/tree.rs     the files of a commit
//! git/snapshot.rs their schemas and subjects
//! git/matching.rs which of them a file of today is
//! git/sparse.rs   files that are left out of the work tree
//! git/walk.rs     what the commits before it changed
//! git/index.rs    files by what they define
//! git/followed.rs subjects that are followed back
//! git/history.rs  the versions of a subject
//! ```

mod command;
mod commit;
mod followed;
mod history;
mod index;
mod matching;
mod parting;
mod snapshot;
mod sparse;
mod tree;
mod walk;

use ottla_formats::ParsedSchema;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::Released;

pub(in crate::cli) use self::command::Git;
use self::commit::{Base, Commit, Process};
use self::history::histories;
use self::matching::Matches;
pub(in crate::cli) use self::snapshot::label;
use self::snapshot::{Based, Snapshot};
pub(in crate::cli) use self::sparse::left_out;
pub(in crate::cli) use self::tree::{Content, Entry, Links, Tree};
pub(in crate::cli) use self::walk::pathspecs;
use super::{Answer, Column, Gone, Looked, Past};
use crate::cli::project::paths::is_within;
use crate::cli::project::{Member, Project};

/// The level where nobody says one: what registries have.
const DEFAULT_LEVEL: Level = Level::Backward;

/// Asks git about the members, in their order. Without a reference: about the commit where the history parted from the
/// branch that it will be merged into. Without any commit everything is new, if that is allowed.
pub fn look(project: &Project, wanted: &[&Member], reference: Option<&str>, allow_new: bool) -> Column {
    let label = reference.map_or("git".to_owned(), |reference| format!("git:{reference}"));
    if !project.root.is_repository {
        return Column::new(label, Err("this is not in a git repository".to_owned()));
    }
    let git = Git::new(&project.root.path);
    let base = match reference {
        Some(reference) => commit::of_reference(&git, reference),
        None => commit::of_default(&git, &Process, |_| has_changes(&git, project)),
    };
    match base {
        Err(why) => Column::new(label, Err(why)),
        Ok(Base::NoHistory) if allow_new || wanted.is_empty() => {
            Column::new(label, Ok(Looked::nothing(wanted.len())))
        }
        Ok(Base::NoHistory) => {
            let why = "there is no commit to compare with yet; --allow-new takes all schemas as new";
            Column::new(label, Err(why.to_owned()))
        }
        Ok(Base::Commit(commit)) => {
            let looked = at_commit(&git, project, wanted, &commit);
            let note = reference.and_then(|reference| with_itself(&git, project, &commit, reference));
            Column { label: commit.label, looked, note }
        }
    }
}

/// A branch that is what is checked out is compared with itself, which finds nothing. Who says HEAD means it.
fn with_itself(git: &Git, project: &Project, commit: &Commit, reference: &str) -> Option<String> {
    let is_itself = commit.is_head && !["HEAD", "@"].contains(&reference);
    (is_itself && has_changes(git, project) == Ok(false)).then(|| {
        format!(
            "git:{reference} is what is checked out, and no schema has changed since: what was before it is compared with by \
             --against git, or by --against git:REF with what it was"
        )
    })
}

/// Has the work tree schema files that the commit that is checked out has not?
fn has_changes(git: &Git, project: &Project) -> Result<bool, String> {
    let mut arguments = vec!["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--"];
    let paths = walk::all_pathspecs(project);
    arguments.extend(paths.iter().map(String::as_str));
    Ok(!git.run(&arguments)?.is_empty())
}

fn at_commit(git: &Git, project: &Project, wanted: &[&Member], commit: &Commit) -> Result<Looked, String> {
    let snapshot = Snapshot::of(git, &commit.id, project)?;
    let matches = Matches::new(&project.members, &snapshot.files);
    let mut matched = project.members.iter().zip(&matches.of);
    // Both are in the same order.
    let of = |member: &&Member| {
        let found = matched.find(|(other, _)| std::ptr::eq(*member, *other));
        found.map_or_else(|| Err("it is no file of the project".to_owned()), |(_, at)| at.clone())
    };
    let matched: Vec<Result<Option<usize>, String>> = wanted.iter().map(of).collect();
    let mut histories = past(git, project, &snapshot, commit, wanted, &matched)?;
    let answers = wanted.iter().zip(matched).enumerate().map(|(at, (member, matched))| {
        let history = histories.get_mut(at).and_then(Option::take);
        answer(&snapshot, member, matched, history)
    });
    let answers = answers.collect();
    let gone = matches.gone(project, &snapshot).into_iter().map(|file| removed(project, file)).collect();
    Ok(Looked { answers, gone })
}

fn answer(
    snapshot: &Snapshot,
    member: &Member,
    matched: Result<Option<usize>, String>,
    history: Option<Result<history::Past, String>>,
) -> Answer {
    let file = match matched {
        Err(why) => return Answer::NotCompared(why),
        Ok(Some(at)) => &snapshot.files[at],
        Ok(None) if member.file.starts_with('/') => {
            return Answer::NotCompared("the file is outside of the repository".to_owned());
        }
        Ok(None) if snapshot.modules.iter().any(|module| is_within(&member.file, module)) => {
            return Answer::NotCompared("the file is in a submodule: check it there".to_owned());
        }
        Ok(None) => return Answer::Unknown,
    };
    let schema = match snapshot.schema(file) {
        Ok(schema) => ParsedSchema::Avro(schema.clone()),
        Err(why) => return Answer::NotCompared(format!("what it was is no schema: {why}")),
    };
    let mut versions = vec![Released { label: snapshot.label.clone(), schema }];
    let mut note = None;
    match history {
        None => {}
        Some(Err(why)) => return Answer::NotCompared(why),
        Some(Ok(past)) => {
            versions.extend(past.versions);
            let passed_over = past.passed_over.join(", ");
            note = (!passed_over.is_empty()).then(|| format!("it was no schema in {passed_over}"));
        }
    }
    Answer::Known(Past {
        level: level(member),
        versions,
        renamed_from: (file.file != member.file).then(|| file.file.clone()),
        verdict: None,
        note,
    })
}

fn level(member: &Member) -> Level {
    member.level.unwrap_or(DEFAULT_LEVEL)
}

/// The versions before that of the commit, for the members whose level asks for them.
fn past(
    git: &Git,
    project: &Project,
    snapshot: &Snapshot,
    commit: &Commit,
    wanted: &[&Member],
    matched: &[Result<Option<usize>, String>],
) -> Result<Vec<Option<Result<history::Past, String>>>, String> {
    let mut pasts: Vec<Option<Result<history::Past, String>>> = wanted.iter().map(|_| None).collect();
    let mut places = Vec::new();
    let mut followed = Vec::new();
    for (place, (member, at)) in wanted.iter().zip(matched).enumerate() {
        if let (true, Ok(Some(at))) = (level(member).is_transitive(), at) {
            places.push(place);
            followed.push((member.subject.clone().unwrap_or_default(), *at));
        }
    }
    if places.is_empty() {
        return Ok(pasts);
    }
    let histories = if commit::is_shallow(git)? {
        Err(commit::shallow("the history that a transitive level asks for"))
    } else {
        histories(git, &commit.id, project, snapshot, &followed)
    };
    match histories {
        Ok(histories) => {
            for (place, history) in places.into_iter().zip(histories) {
                pasts[place] = Some(history);
            }
        }
        Err(why) => places.into_iter().for_each(|place| pasts[place] = Some(Err(why.clone()))),
    }
    Ok(pasts)
}

fn removed(project: &Project, file: &Based) -> Gone {
    let named = project.names.of(project.config(), &file.file, file.full_name.as_deref()).unwrap_or_default();
    let named = named.into_iter().find(|named| Some(&named.subject) == file.subject.as_ref());
    Gone {
        file: Some(file.file.clone()),
        subject: file.subject.as_ref().or(file.full_name.as_ref()).unwrap_or(&file.file).clone(),
        level: named.and_then(|named| named.level).unwrap_or(DEFAULT_LEVEL),
        is_left_out: false,
    }
}
