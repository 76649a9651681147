//! The routing table.

use std::pin::Pin;

use http::Method;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;
use super::target::Target;
use super::{associations, compatibility, config, contexts, mode, root, schemas, subjects, versions};
use crate::auth::Action;

/// What answers a request.
pub(super) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<Reply, ApiError>> + Send>>;

/// A path with places for names, and what can be done there.
pub(super) struct Route {
    /// For people and metrics.
    pub(super) template: &'static str,
    /// The segments; `None` is a place for a name.
    segments: &'static [Option<&'static str>],
    /// Where the names are.
    pub(super) parameters: &'static [usize],
    /// What each method does.
    pub(super) methods: &'static [(Method, Action, Handler)],
}

/// Writes the table: one line for each method of a path.
macro_rules! routes {
    ($($template:literal [$($segment:tt)*] $parameters:expr => { $($method:ident $action:ident $handler:path;)* })+) => {
        const ROUTES: &[Route] = &[$(Route {
            template: $template,
            segments: &[$(segment!($segment)),*],
            parameters: &$parameters,
            methods: &[$((Method::$method, Action::$action, |call| Box::pin($handler(call)))),*],
        }),+];
    };
}

macro_rules! segment {
    (_) => {
        None
    };
    ($literal:literal) => {
        Some($literal)
    };
}

routes! {
    // Hot: every consumer asks by id, every producer registers, looks up or asks for the latest.
    "/schemas/ids/{id}" ["schemas" "ids" _] [2] => { GET Read schemas::get; }
    "/subjects/{subject}/versions/{version}" ["subjects" _ "versions" _] [1, 3] => {
        GET Read versions::get;
        DELETE Delete versions::delete;
    }
    "/subjects/{subject}/versions" ["subjects" _ "versions"] [1] => {
        GET Read versions::list;
        POST Register versions::register;
    }
    "/subjects/{subject}" ["subjects" _] [1] => {
        POST Read subjects::look_up;
        DELETE Delete subjects::delete;
    }

    // Subjects and versions.
    "/subjects" ["subjects"] [] => { GET Read subjects::list; }
    "/subjects/{subject}/metadata" ["subjects" _ "metadata"] [1] => { GET Read subjects::find_by_metadata; }
    "/subjects/{subject}/versions/{version}/schema" ["subjects" _ "versions" _ "schema"] [1, 3] => {
        GET Read versions::get_text;
    }
    "/subjects/{subject}/versions/{version}/referencedby" ["subjects" _ "versions" _ "referencedby"] [1, 3] => {
        GET Read versions::referenced_by;
    }
    "/subjects/{subject}/versions/{version}/tags" ["subjects" _ "versions" _ "tags"] [1, 3] => {
        POST Register versions::tag;
    }

    // Schemas by id and content hash.
    "/schemas" ["schemas"] [] => { GET Read schemas::list; }
    "/schemas/types" ["schemas" "types"] [] => { GET Describe schemas::types; }
    "/schemas/ids/{id}/schema" ["schemas" "ids" _ "schema"] [2] => { GET Read schemas::get_text; }
    "/schemas/ids/{id}/subjects" ["schemas" "ids" _ "subjects"] [2] => { GET Read schemas::subjects; }
    "/schemas/ids/{id}/versions" ["schemas" "ids" _ "versions"] [2] => { GET Read schemas::versions; }
    "/schemas/guids/{guid}" ["schemas" "guids" _] [2] => { GET Read schemas::get_by_guid; }
    "/schemas/guids/{guid}/ids" ["schemas" "guids" _ "ids"] [2] => { GET Read schemas::ids_of_guid; }

    // Compatibility.
    "/compatibility/subjects/{subject}/versions" ["compatibility" "subjects" _ "versions"] [2] => {
        POST Read compatibility::check_subject;
    }
    "/compatibility/subjects/{subject}/versions/{version}" ["compatibility" "subjects" _ "versions" _] [2, 4] => {
        POST Read compatibility::check_version;
    }

    // Settings.
    "/config" ["config"] [] => {
        GET ReadSettings config::get;
        PUT ChangeSettings config::put;
        DELETE ChangeSettings config::delete;
    }
    "/config/{subject}" ["config" _] [1] => {
        GET ReadSettings config::get;
        PUT ChangeSettings config::put;
        DELETE ChangeSettings config::delete;
    }
    "/mode" ["mode"] [] => {
        GET ReadSettings mode::get;
        PUT ChangeSettings mode::put;
        DELETE ChangeSettings mode::delete;
    }
    "/mode/{subject}" ["mode" _] [1] => {
        GET ReadSettings mode::get;
        PUT ChangeSettings mode::put;
        DELETE ChangeSettings mode::delete;
    }

    // Contexts.
    "/contexts" ["contexts"] [] => { GET Read contexts::list; }
    "/contexts/{context}" ["contexts" _] [1] => { DELETE Delete contexts::delete; }

    // What is known, but cannot be changed here, is refused as a method, not as a path.
    "/associations" ["associations"] [] => {}
    // Producers ask for the subject of a topic here; an empty list sends them to the topic's name.
    "/associations/subjects/{subject}" ["associations" "subjects" _] [2] => { GET Read associations::list; }
    "/associations/resources/{resource}" ["associations" "resources" _] [2] => {
        GET Read associations::list;
        DELETE Delete associations::delete;
    }
    "/associations/resources/{namespace}/{name}" ["associations" "resources" _ _] [2, 3] => {
        GET Read associations::list;
    }

    // What the server is.
    "/" [] [] => {
        GET Describe root::get;
        POST Describe root::get;
    }
    "/v1/metadata/id" ["v1" "metadata" "id"] [] => { GET Describe root::cluster_id; }
    "/v1/metadata/version" ["v1" "metadata" "version"] [] => { GET Describe root::version; }
    "/v1/metadata/deployment" ["v1" "metadata" "deployment"] [] => { GET Describe root::deployment; }
}

/// The templates of all routes; a route's index is its place in this list.
pub fn templates() -> impl ExactSizeIterator<Item = &'static str> {
    ROUTES.iter().map(|route| route.template)
}

/// The route of a target, with its index.
pub(super) fn find(target: &Target) -> Option<(usize, &'static Route)> {
    ROUTES.iter().enumerate().find(|(_, route)| route.matches(target))
}

impl Route {
    fn matches(&self, target: &Target) -> bool {
        self.segments.len() == target.count()
            && self
                .segments
                .iter()
                .enumerate()
                .all(|(at, segment)| segment.is_none_or(|literal| target.segment(at) == literal))
    }

    /// What a method does here. HEAD is answered like GET, without the body.
    pub(super) fn method(&self, method: &Method) -> Option<(Action, Handler)> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.methods.iter().find(|(m, ..)| m == method).map(|(_, action, handler)| (*action, *handler))
    }

    /// The methods, as OPTIONS tells them.
    pub(super) fn allowed(&self, separator: &str) -> String {
        let mut names: Vec<&str> = Vec::new();
        let has = |method: &Method| self.methods.iter().any(|(m, ..)| m == method);
        for method in [Method::HEAD, Method::DELETE, Method::POST, Method::GET, Method::OPTIONS, Method::PUT]
        {
            let implied = method == Method::OPTIONS || (method == Method::HEAD && has(&Method::GET));
            if implied || has(&method) {
                names.push(match method {
                    Method::HEAD => "HEAD",
                    Method::DELETE => "DELETE",
                    Method::POST => "POST",
                    Method::GET => "GET",
                    Method::PUT => "PUT",
                    _ => "OPTIONS",
                });
            }
        }
        names.join(separator)
    }
}
