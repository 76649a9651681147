//! `/compatibility`

use super::body::RegisterRequest;
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::proposal;
use super::reply::Reply;
use crate::domain::compatible::{self, Compared};
use crate::domain::proposal::{Proposal, Strictness};
use crate::domain::{Rejection, Selector, State, Subject};

/// `POST /compatibility/subjects/{subject}/versions/{version}`: compares with one version.
pub(super) async fn check_version(call: Call) -> Result<Reply, ApiError> {
    let request: RegisterRequest = call.read("testCompatibilityBySubjectName")?;
    let selector = call.version()?;
    check(&call, request, Some(selector)).await
}

/// `POST /compatibility/subjects/{subject}/versions`: compares with as many versions as the level asks for.
pub(super) async fn check_subject(call: Call) -> Result<Reply, ApiError> {
    let request: RegisterRequest = call.read("testCompatibilityForSubject")?;
    check(&call, request, None).await
}

async fn check(call: &Call, request: RegisterRequest, selector: Option<Selector>) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let verbose = query.flag("verbose");
    let compared = match proposal::proposal(request) {
        Err(rejection) => Err(rejection),
        Ok(proposal) => {
            let normalize = query.flag("normalize");
            let (shared, named) = (state.clone(), subject.clone());
            let compare = move || compare(&shared, &named, &proposal, normalize, selector);
            call.work(&state, &subject, compare).await?
        }
    };
    let compared = match compared {
        Err(rejection) if verbose && is_about_the_schema(&rejection) => {
            Compared::Incompatible(vec![ApiError::from(rejection).message])
        }
        other => other?,
    };
    call.app().observe.verdict(compared == Compared::Compatible);
    let (is_compatible, messages) = match compared {
        Compared::Compatible => (true, Vec::new()),
        Compared::Incompatible(messages) => (false, messages),
    };
    Reply::json(&entity::CompatibilityCheck { is_compatible, messages: verbose.then_some(messages) })
}

fn compare(
    state: &State,
    subject: &Subject,
    proposal: &Proposal,
    normalize: bool,
    selector: Option<Selector>,
) -> Result<Compared, Rejection> {
    let config = state.effective_config(subject);
    let one = selector.map(|selector| state.version(subject, selector, false));
    if let (Some(Selector::Number(number)), Some(None)) = (selector, one) {
        return Err(Rejection::VersionNotFound(number));
    }
    if proposal.text().is_none() {
        return Err(Rejection::EmptySchema);
    }
    let normalize = normalize || config.normalize == Some(true);
    let strictness =
        if config.validate_new_schemas.unwrap_or(true) { Strictness::New } else { Strictness::Known };
    let parsed = proposal.read(state, subject, strictness, normalize)?;
    let metadata = proposal.metadata.as_ref();
    Ok(match one {
        Some(version) => compatible::compare(state, subject, &config, &parsed, metadata, version.into_iter()),
        None => {
            let live = state.history(subject).into_iter().flat_map(|h| h.live().rev());
            compatible::compare(state, subject, &config, &parsed, metadata, live)
        }
    })
}

/// Asked to be verbose, the server tells what is wrong with a schema as if it were an incompatibility.
fn is_about_the_schema(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::InvalidSchema(_)
            | Rejection::InvalidSchemaType(_)
            | Rejection::EmptySchema
            | Rejection::NullReference
    )
}
