//! The commit where two histories parted.

use std::collections::HashSet;
use std::fs;

use super::command::Git;
use super::commit::{is_shallow, shallow};
use super::snapshot::label;

/// So many commits are told of several.
const SHOWN: usize = 3;

/// The commit where the history of `head` parted from that of `other`, which is called `name`.
pub fn parting(git: &Git, head: &str, other: &str, name: &str) -> Result<String, String> {
    let bases = git.lines(&["merge-base", "--all", head, other])?;
    let unknown = || shallow(&format!("the commit where the history parts from {name}"));
    match bases.as_slice() {
        [] if is_shallow(git)? => Err(unknown()),
        [] => Err(format!("HEAD and {name} have no commit in common: name another reference")),
        [id] if is_shallow(git)? && !is_certain(git, head, other, id)? => Err(unknown()),
        [id] => Ok(id.clone()),
        _ => Err(several(&bases, name)),
    }
}

/// Each of several lacks what the others have: whichever is taken, a break of what only another one has would pass.
fn several(bases: &[String], name: &str) -> String {
    let mut shown: Vec<String> = bases.iter().take(SHOWN).map(|id| label(id)).collect();
    if bases.len() > SHOWN {
        shown.push("more".to_owned());
    }
    format!(
        "the history parted from {name} at several commits, {}, as after merges in both directions: merge {name} into what \
         is checked out, then there is one; or name one: --against git:{}",
        shown.join(" and "),
        bases[0],
    )
}

/// Is nothing cut off between a commit and both ends? A later one might be behind the cut.
fn is_certain(git: &Git, head: &str, other: &str, base: &str) -> Result<bool, String> {
    let path = git.file("shallow")?;
    let cut = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let cut: HashSet<&str> = cut.lines().collect();
    let between = git.lines(&["rev-list", head, other, "--not", base])?;
    Ok(!between.iter().any(|id| cut.contains(id.as_str())))
}
