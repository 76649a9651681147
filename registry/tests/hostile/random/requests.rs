//! Requests from a grammar: routes with names in them, nearly right, and sometimes anything.

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Full;
use ottla_registry::http::{MEDIA_TYPE, routes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::bodies;

/// A request as it would arrive.
#[derive(Clone)]
pub struct Asked {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { method, target, headers, body } = self;
        write!(f, "{method} {target} {headers:?} {:?}", String::from_utf8_lossy(body))
    }
}

impl Asked {
    /// Nothing, if the parser would have refused it.
    pub fn request(&self) -> Option<Request<Full<Bytes>>> {
        let uri: Uri = self.target.parse().ok()?;
        let mut request = Request::builder().method(self.method).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        request.body(Full::new(Bytes::from(self.body.clone()))).ok()
    }

    /// Is the answer the text of a schema, which need not be JSON?
    pub fn is_schema_text(&self) -> bool {
        self.target.split('?').next().is_some_and(|path| path.contains("/schema"))
    }
}

/// Any request. Registrations carry everything else, so there are many of them.
pub fn request() -> impl Strategy<Value = Asked> {
    let methods =
        vec!["GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"];
    let anywhere = (select(methods), target(), headers(), bodies::body());
    let subject =
        select(vec!["s", "s", "t", ":.c:s"]).prop_map(|subject| format!("/subjects/{subject}/versions"));
    let registration = (Just("POST"), subject, headers(), bodies::body());
    prop_oneof![3 => anywhere, 1 => registration].prop_map(|(method, target, headers, body)| Asked {
        method,
        target,
        headers,
        body,
    })
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let rare = select(vec![
        ("content-type", "application/json"),
        ("content-type", MEDIA_TYPE),
        ("content-type", "application/octet-stream"),
        ("content-type", "text/plain"),
        ("content-type", ""),
        ("content-type", "application/json;;"),
        ("accept", "application/json"),
        ("accept", "text/html"),
        ("accept", "*/*;q=0"),
        ("accept", "application/vnd.schemaregistry+json, */*;q=0.1"),
        ("x-request-id", "7"),
        ("content-encoding", "gzip"),
        ("confluent-accept-unknown-properties", "true"),
    ]);
    prop_oneof![9 => Just(Vec::new()), 3 => vec(rare, 1..3)]
}

fn target() -> impl Strategy<Value = String> {
    let query = prop_oneof![2 => Just(String::new()), 3 => query()];
    let prefix = prop_oneof![
        12 => Just(String::new()),
        1 => name().prop_map(|context| format!("/contexts/{context}")),
        1 => Just("/contexts/c".to_owned()),
    ];
    (prefix, path(), query).prop_map(|(prefix, path, query)| format!("{prefix}{path}{query}"))
}

/// A route with names in its places; or segments in any order; or a route with something wrong in it.
fn path() -> impl Strategy<Value = String> {
    let templates: Vec<&'static str> = routes::templates().collect();
    let filled = (select(templates), vec(name(), 3)).prop_map(|(template, names)| {
        let mut names = names.into_iter();
        let fill = |segment: &str| {
            if segment.starts_with('{') { names.next().unwrap_or_default() } else { segment.to_owned() }
        };
        template.split('/').map(fill).collect::<Vec<_>>().join("/")
    });
    let filled = filled.boxed();
    let words = select(vec![
        "subjects", "versions", "schemas", "ids", "config", "mode", "contexts", "latest", "schema",
    ]);
    let jumble = vec(prop_oneof![words.prop_map(str::to_owned), name()], 0..7);
    let broken = (
        filled.clone(),
        any::<prop::sample::Index>(),
        select(vec!["/", "%", "%2", "%00", ";x", "\\", "..", "é"]),
    );
    prop_oneof![
        10 => filled,
        1 => jumble.prop_map(|segments| format!("/{}", segments.join("/"))),
        1 => broken.prop_map(|(mut path, at, what)| {
            let at = path.floor_char_boundary(at.index(path.len() + 1));
            path.insert_str(at, what);
            path
        }),
    ]
}

/// Names, numbers and what is neither, as they stand in a target.
fn name() -> impl Strategy<Value = String> {
    let usual = select(vec!["s", "t", "1", "2", "3", "latest", "-1", ":.c:s", ":.c:", "c"]);
    let odd = select(vec![
        "0",
        "-2",
        "2147483648",
        "+1",
        "%20",
        "a%2Fb",
        "a%252Fb",
        "%00",
        "%FF",
        "%C2%85",
        ".",
        "..",
        "%2E",
        ":.",
        "::",
        ":.:s",
        ":*:",
        ":.__GLOBAL:",
        "__GLOBAL",
        "__EMPTY",
        ":.c:%2F",
        "%3A.c%3As",
        "日本",
        "%E6%97%A5",
        "%F0%9F%98%80",
        "*",
        "",
        "s;v=1",
        "00000000-0000-0000-0000-000000000000",
        "ef524ea1-b91e-7317-3d93-8ade36c1db32",
        "topic",
    ]);
    let any_bytes =
        vec(any::<u8>(), 0..6).prop_map(|bytes| bytes.iter().map(|b| format!("%{b:02x}")).collect());
    prop_oneof![12 => usual.prop_map(str::to_owned), 4 => odd.prop_map(str::to_owned), 1 => any_bytes]
}

fn query() -> impl Strategy<Value = String> {
    let keys = select(vec![
        "deleted",
        "deletedOnly",
        "deletedAsNegative",
        "permanent",
        "normalize",
        "verbose",
        "format",
        "referenceFormat",
        "offset",
        "limit",
        "subject",
        "subjectPrefix",
        "latestOnly",
        "aliases",
        "ruleType",
        "findTags",
        "fetchMaxId",
        "force",
        "recursive",
        "defaultToGlobal",
        "key",
        "value",
        "contextPrefix",
        "lifecycle",
        "resourceType",
        "%64eleted",
        "",
    ]);
    let words = select(vec![
        "true",
        "true",
        "TRUE",
        "false",
        "resolved",
        "qualified",
        "*",
        "STRONG",
        "NONE",
        "x",
        "1",
        "-1",
        "1000",
    ]);
    let values = prop_oneof![4 => words.prop_map(str::to_owned), 2 => name()];
    vec((keys, values), 1..4).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("?{}", pairs.join("&"))
    })
}

/// A name as it can stand in a target.
pub fn escaped(name: &str) -> String {
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    name.bytes().map(escape).collect()
}
