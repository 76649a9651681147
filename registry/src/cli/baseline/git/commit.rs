//! Which commit a baseline is.

use super::command::Git;
use super::parting::parting;

/// A commit to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The whole id.
    pub id: String,
    /// What the baseline is called: `git:origin/main`.
    pub label: String,
    /// Is it the commit that is checked out?
    pub is_head: bool,
}

/// Which commit it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// This one.
    Commit(Commit),
    /// There is no commit at all yet.
    NoHistory,
}

impl Base {
    fn of(id: String, head: &str, label: String) -> Self {
        Self::Commit(Commit { is_head: id == head, id, label })
    }
}

/// How a clone gets the history that it lacks.
const WHOLE_CLONE: &str = "fetch the whole history: `git fetch --unshallow`, or fetch-depth: 0 of actions/checkout, or GIT_DEPTH: 0 of GitLab";

/// Where branches are looked for if nobody says which is the default one.
const DEFAULTS: [&str; 4] =
    ["refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];

/// Variables of the environment that say what a change will be merged into.
pub trait Environment {
    /// The value, if it is set and not empty.
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment of the process.
#[derive(Debug)]
pub struct Process;

impl Environment for Process {
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}

/// The commit of a reference: the one where the history of what is checked out parted from it, as of a pull request. For a
/// tag or commit of that history itself this is the tag or commit.
pub fn of_reference(git: &Git, reference: &str) -> Result<Base, String> {
    let Some(head) = commit(git, "HEAD")? else { return no_history(git) };
    let label = format!("git:{reference}");
    let Some(other) = commit(git, reference)? else {
        return Err(missing(git, reference));
    };
    Ok(Base::of(parting(git, &head, &other, reference)?, &head, label))
}

/// The commit where the history parted from the branch that it will be merged into. On the default branch itself it is the
/// commit before the push, if a service for builds says what was pushed, whatever else the build has left in the work tree: whoever
/// pushes wants to know about that. Where none says so, it is HEAD if the work tree has other schema files than that
/// (`has_changes`), else the one before HEAD.
pub fn of_default(
    git: &Git,
    environment: &dyn Environment,
    has_changes: impl FnOnce(&str) -> Result<bool, String>,
) -> Result<Base, String> {
    let Some(head) = commit(git, "HEAD")? else { return no_history(git) };
    let (name, other) = target(git, environment)?;
    let id = parting(git, &head, &other, &name)?;
    if id != head {
        return Ok(Base::of(id, &head, format!("git:{name}")));
    }
    if let Some(before) = before_push(environment)? {
        // What the branch was, even if it was pushed by force.
        let id = commit(git, &before)?.ok_or_else(|| missing(git, &before))?;
        return Ok(Base::of(id, &head, format!("git:{before}")));
    }
    if has_changes(&head)? {
        return Ok(Base::of(id, &head, format!("git:{name}")));
    }
    if let Some(id) = commit(git, "HEAD~1")? {
        return Ok(Base::of(id, &head, "git:HEAD~1".to_owned()));
    }
    if is_shallow(git)? {
        return Err(format!("the commit before HEAD is not in this shallow clone: {WHOLE_CLONE}"));
    }
    Ok(Base::of(id, &head, format!("git:{name}")))
}

/// Is there no commit yet, or only not here?
fn no_history(git: &Git) -> Result<Base, String> {
    match git.line(&["rev-parse", "--verify", "--quiet", "HEAD"])? {
        None => Ok(Base::NoHistory),
        Some(id) => Err(format!("git does not have the commit {id}, which is checked out: clone it anew")),
    }
}

/// Does the clone lack a part of the history?
pub fn is_shallow(git: &Git) -> Result<bool, String> {
    Ok(git.line(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
}

/// What a clone that lacks a part of the history cannot answer, and what to do.
pub fn shallow(what: &str) -> String {
    format!("{what} is not in this shallow clone: {WHOLE_CLONE}")
}

/// The commit that a branch was before a push, if this is a build of a push. A new branch was none, which is all zeros.
fn before_push(environment: &dyn Environment) -> Result<Option<String>, String> {
    let before = match environment.get("CI_COMMIT_BEFORE_SHA") {
        Some(before) => Some(before),
        None => before_push_on_github(environment)?,
    };
    Ok(before.filter(|id| id.bytes().any(|b| b != b'0')))
}

fn before_push_on_github(environment: &dyn Environment) -> Result<Option<String>, String> {
    let path = environment.get("GITHUB_EVENT_PATH");
    let is_push = environment.get("GITHUB_EVENT_NAME").is_some_and(|event| event == "push");
    let Some(path) = path.filter(|_| is_push) else { return Ok(None) };
    let unknown = |why: String| format!("what was pushed is not known: GITHUB_EVENT_PATH is {path}: {why}");
    let event = std::fs::read(&path).map_err(|e| unknown(e.to_string()))?;
    let event: serde_json::Value = serde_json::from_slice(&event).map_err(|e| unknown(e.to_string()))?;
    let before = event.get("before").and_then(serde_json::Value::as_str);
    before.map(|before| Some(before.to_owned())).ok_or_else(|| unknown("it has no \"before\"".to_owned()))
}

/// What the change will be merged into: its name and commit.
fn target(git: &Git, environment: &dyn Environment) -> Result<(String, String), String> {
    if let Some(id) = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
        let found = commit(git, &id)?.ok_or_else(|| missing(git, &id))?;
        return Ok((id, found));
    }
    let branch = environment.get("GITHUB_BASE_REF");
    if let Some(branch) = branch.or_else(|| environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")) {
        let remote = format!("origin/{branch}");
        for name in [&remote, &branch] {
            if let Some(found) = commit(git, name)? {
                return Ok((name.clone(), found));
            }
        }
        return Err(missing(git, &remote));
    }
    let default = git.line(&["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"])?;
    for name in default.as_deref().into_iter().chain(DEFAULTS) {
        if let Some(found) = commit(git, name)? {
            let short = name.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/");
            return Ok((short.to_owned(), found));
        }
    }
    let hint = if is_shallow(git)? { format!("; {WHOLE_CLONE}") } else { String::new() };
    Err(format!(
        "which branch is the default one is not known: there is neither origin/HEAD nor a branch main or master; \
         name what to compare with: --against git:REF{hint}"
    ))
}

/// The whole id of a commit; None if there is none of that name.
fn commit(git: &Git, name: &str) -> Result<Option<String>, String> {
    // No name begins like that, and git would take it for a flag.
    if name.starts_with('-') {
        return Ok(None);
    }
    let found = git.line(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
    Ok(found.filter(|id| id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit())))
}

fn missing(git: &Git, reference: &str) -> String {
    let fetch = match reference.strip_prefix("origin/") {
        Some(branch) => {
            format!("fetch it: `git fetch origin {branch}`, or fetch-depth: 0 of actions/checkout")
        }
        None => "check the name, or fetch it".to_owned(),
    };
    match is_shallow(git) {
        Ok(true) => format!("git has no commit {reference}, and this is a shallow clone: {WHOLE_CLONE}"),
        _ => format!("git has no commit {reference}: {fetch}"),
    }
}
