//! The changes of the project's files on the way back from a commit, along its first parents.

use ottla_gate::source::text_of;

use super::command::{Failure, Git};
use super::tree::Entry;
use crate::cli::project::{Project, Scope};

/// More commits are not walked: what they did stays unknown, and nothing is compared.
pub const MAX_COMMITS: usize = 10_000;

/// A commit, and what it did to files.
#[derive(Debug, Default)]
pub struct Step {
    /// Its id.
    pub commit: String,
    /// The files, and what they were before it.
    pub before: Vec<(String, Option<Entry>)>,
}

/// The commits that changed files of the project, the newest first; one more than [`MAX_COMMITS`] if there are more.
pub fn walk(git: &Git, commit: &str, project: &Project) -> Result<Vec<Step>, Failure> {
    let count = format!("--max-count={}", MAX_COMMITS + 1);
    let mut arguments =
        vec!["-c", "log.showRoot=true", "log", "-z", "--first-parent", "-m", "--raw", "--no-abbrev"];
    arguments.extend(["--no-renames", "--no-ext-diff", "--no-notes", "--format=%H", &count, commit, "--"]);
    let paths = all_pathspecs(project);
    arguments.extend(paths.iter().map(String::as_str));
    Ok(steps(&git.run(&arguments)?))
}

/// What git calls the files of a project, and some more: it has no rules for what is excluded.
pub fn pathspecs(scope: &Scope) -> Vec<String> {
    let prefix =
        |folder: &str| if folder.is_empty() { String::new() } else { format!("{}/", escape(folder)) };
    let folders = scope.folders.iter().map(|folder| format!(":(top,glob){}**/*.avsc", prefix(folder)));
    let globs = scope.glob_folders().map(|folder| format!(":(top,glob){}**", prefix(&folder)));
    let files = scope.files.iter().map(|name| literal(name));
    let mut all: Vec<String> = folders.chain(globs).chain(files).collect();
    all.sort();
    all.dedup();
    all
}

/// The same, and the files that were asked for and are none of the project.
pub fn all_pathspecs(project: &Project) -> Vec<String> {
    let is_given = |name: &&String| !project.scope.covers(name) && !name.starts_with('/');
    let given = project.files.all.keys().filter(is_given).map(|name| literal(name));
    pathspecs(&project.scope).into_iter().chain(given).collect()
}

fn literal(name: &str) -> String {
    format!(":(top,literal){name}")
}

fn escape(folder: &str) -> String {
    folder.chars().flat_map(|c| ['\\', c].into_iter().skip(usize::from(!"\\*?[".contains(c)))).collect()
}

/// `ID`, then for each file `:MODE MODE ID ID HOW` and its name, all of them ended by a zero.
fn steps(answer: &[u8]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut words = answer.split(|byte| *byte == 0).map(text_of);
    while let Some(word) = words.next() {
        let word = word.trim_start_matches('\n');
        let Some(change) = word.strip_prefix(':') else {
            if !word.is_empty() {
                steps.push(Step { commit: word.to_owned(), before: Vec::new() });
            }
            continue;
        };
        let mut parts = change.split(' ');
        let (mode, id) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let (Some(name), Some(step)) = (words.next(), steps.last_mut()) else { break };
        let is_file = mode.starts_with("100") || mode == "120000";
        step.before.push((name, is_file.then(|| Entry::of(mode, id))));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_prints_is_understood() {
        let text = "c1\0\n:100644 100644 a1 a2 M\0s/a b.avsc\0:000000 100644 00 b1 A\0\u{1}:b.avsc\0c0\0\n:120000 000000 d1 00 D\0c.avsc\0";
        let steps = steps(text.as_bytes());
        assert_eq!(steps.len(), 2);
        assert_eq!((steps[0].commit.as_str(), steps[1].commit.as_str()), ("c1", "c0"));
        assert_eq!(steps[0].before[0], ("s/a b.avsc".to_owned(), Some(Entry::of("100644", "a1"))));
        assert_eq!(steps[0].before[1], ("\u{1}:b.avsc".to_owned(), None));
        assert!(steps[1].before[0].1.as_ref().is_some_and(|entry| entry.is_link));
        assert_eq!(escape("a[b]*\\"), "a\\[b]\\*\\\\");
    }
}
