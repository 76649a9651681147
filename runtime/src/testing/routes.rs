//! Who answers what.

use super::refusal::Refusal;
use super::request::{Answer, Asked, decoded};
use super::state::State;
use super::{compatibility, delete, listing, modes, register, settings};
use crate::client::Method;

type Handler = fn(&mut State, &Asked) -> Result<Answer, Refusal>;

/// A method and a path with places for names.
pub(super) struct Route {
    pub(super) name: &'static str,
    pub(super) handler: Handler,
}

macro_rules! routes {
    ($($name:literal => $handler:path;)+) => {
        const ROUTES: &[Route] = &[$(Route { name: $name, handler: $handler }),+];
    };
}

routes! {
    "GET /schemas/ids/{id}" => listing::schema;
    "GET /schemas/ids/{id}/schema" => listing::schema_text;
    "GET /schemas/ids/{id}/subjects" => listing::subjects_of;
    "GET /schemas/ids/{id}/versions" => listing::versions_of;
    "GET /schemas/guids/{guid}" => listing::schema_by_guid;
    "GET /schemas/guids/{guid}/ids" => listing::ids_of;
    "GET /schemas/types" => listing::types;
    "GET /schemas" => listing::schemas;
    "GET /subjects" => listing::subjects;
    "POST /subjects/{subject}" => register::look_up;
    "DELETE /subjects/{subject}" => delete::subject;
    "GET /subjects/{subject}/metadata" => listing::latest_with_metadata;
    "GET /subjects/{subject}/versions" => listing::versions;
    "POST /subjects/{subject}/versions" => register::register;
    "GET /subjects/{subject}/versions/{version}" => listing::version;
    "DELETE /subjects/{subject}/versions/{version}" => delete::version;
    "GET /subjects/{subject}/versions/{version}/schema" => listing::version_text;
    "GET /subjects/{subject}/versions/{version}/referencedby" => listing::referenced_by;
    "POST /compatibility/subjects/{subject}/versions" => compatibility::with_history;
    "POST /compatibility/subjects/{subject}/versions/{version}" => compatibility::with_version;
    "GET /config" => settings::config;
    "PUT /config" => settings::update_config;
    "DELETE /config" => settings::delete_config;
    "GET /config/{subject}" => settings::config;
    "PUT /config/{subject}" => settings::update_config;
    "DELETE /config/{subject}" => settings::delete_config;
    "GET /mode" => modes::mode;
    "PUT /mode" => modes::set_mode;
    "DELETE /mode" => modes::delete_mode;
    "GET /mode/{subject}" => modes::mode;
    "PUT /mode/{subject}" => modes::set_mode;
    "DELETE /mode/{subject}" => modes::delete_mode;
    "GET /contexts" => listing::contexts;
    "DELETE /contexts/{context}" => delete::context;
    "GET /" => listing::nothing;
    "POST /" => listing::nothing;
}

/// The route of a request, and what stands in its places.
pub(super) fn find(method: Method, target: &str) -> Option<(&'static Route, Vec<String>)> {
    let path = target.split('?').next().unwrap_or_default();
    // Clients in the wild end some paths with a slash.
    let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
    ROUTES.iter().find_map(|route| {
        let (of, template) = route.name.split_once(' ')?;
        Some((route, names(template, path).filter(|_| of == method.name())?))
    })
}

fn names(template: &str, path: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let segment = segments.next()?;
        if wanted.starts_with('{') && !segment.is_empty() {
            names.push(decoded(segment).into_owned());
        } else if wanted != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(names)
}

/// The name of a route, as it stands in the table.
#[track_caller]
pub(super) fn known(name: &str) -> &'static str {
    match ROUTES.iter().find(|route| route.name == name) {
        Some(route) => route.name,
        None => panic!(
            "there is no route {name:?}; there are {:?}",
            ROUTES.iter().map(|r| r.name).collect::<Vec<_>>()
        ),
    }
}
