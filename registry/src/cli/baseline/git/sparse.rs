//! Files that git has and leaves out of the work tree: those outside of a sparse checkout are not gone.

use std::collections::HashSet;

use ottla_gate::source::text_of;

use super::command::{Failure, Git};
use super::walk::all_pathspecs;
use crate::cli::project::Project;

/// The files of the project that are left out, by name.
pub fn left_out(project: &Project) -> Result<HashSet<String>, Failure> {
    let mut arguments = vec!["ls-files", "-z", "-t", "--"];
    let paths = all_pathspecs(project);
    arguments.extend(paths.iter().map(String::as_str));
    let answer = Git::new(&project.root.path).run(&arguments)?;
    let rows = answer.split(|byte| *byte == 0);
    Ok(rows.filter_map(|row| row.strip_prefix(b"S ")).map(text_of).collect())
}
