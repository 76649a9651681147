//! What a baseline does not know is new, or has a wrong name: the two have to be told apart, or a typo would pass for ever.

use super::columns::Columns;
use crate::cli::baseline::{Against, Answer};
use crate::cli::project::Member;

/// Is a subject new that a baseline does not know? If that is not certain, why.
pub fn is_new(
    columns: &Columns<'_>,
    column: usize,
    at: usize,
    member: &Member,
    allow_new: bool,
    require_existing: bool,
) -> Result<(), String> {
    let subject = member.subject.as_deref().unwrap_or_default();
    if require_existing {
        return Err(format!("there is no subject {subject}, and --require-existing asks for one"));
    }
    if allow_new || matches!(columns.baselines.get(column), Some(Against::Git(_))) {
        return Ok(());
    }
    let unknown = format!("there is no subject {subject}");
    let help = "check the name, or say --allow-new";
    let Some(git) = columns.git() else {
        return Err(format!("{unknown}, and without a git repository nothing says that it is new: {help}"));
    };
    let label = &git.label;
    match git.looked.as_ref().map(|looked| looked.answers.get(at)) {
        Ok(Some(Answer::Unknown)) => Ok(()),
        Ok(Some(Answer::Known(_))) => {
            Err(format!("{unknown}, and the file is not new against {label}: {help}"))
        }
        Ok(Some(Answer::NotCompared(why))) => {
            Err(format!("{unknown}, and {label} does not say that it is new: {why}; {help}"))
        }
        Ok(None) => Err(format!("{unknown}: {help}")),
        Err(why) => Err(format!("{unknown}, and {label} does not say that it is new: {why}; {help}")),
    }
}
