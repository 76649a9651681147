//! The schema of a version: of a registry, or of a lock file.

use std::path::PathBuf;

use ottla::client::RegisteredSchema;
use ottla_formats::avro::Schema;
use ottla_formats::json;
use ottla_gate::lock::Lock;
use ottla_gate::source::{File, Found, Places, Source, scan};

use super::name::Version;
use super::side::{self, Failure, Side};
use crate::cli::baseline::registry::{Registry, Trouble, run};

/// A version of a registry.
pub(super) fn of_registry(
    places: &side::Places<'_>,
    given: &str,
    subject: &str,
    version: Version,
) -> Result<Side, Failure> {
    let urls = urls(places, given)?;
    let client = places.options.target.strict_client(&urls).map_err(|usage| Failure::Usage(usage.0))?;
    let registry = Registry::new(client);
    let found = run(async {
        let Some(number) = number(&registry, subject, version).await? else { return Ok(None) };
        let found = registry.version(subject, number).await?;
        let schema = registry.parse(&found).await?;
        Ok(Some((found, schema)))
    });
    let found: Result<Option<(RegisteredSchema, Schema)>, Trouble> = found.map_err(Failure::Missing)?;
    let url = registry.url();
    match found.map_err(|trouble| Failure::Missing(format!("{given}: {}", registry.told(trouble))))? {
        Some((found, schema)) => Ok(of_schema(given, "registry", found.version, url, schema)),
        None => Err(Failure::Missing(format!("{given}: {url} has no such version"))),
    }
}

/// The number of a version that is there.
async fn number(registry: &Registry, subject: &str, version: Version) -> Result<Option<i32>, Trouble> {
    let Some(numbers) = registry.numbers(subject).await? else { return Ok(None) };
    Ok(match version {
        Version::Latest => numbers.last().copied(),
        Version::Number(number) => numbers.contains(&number).then_some(number),
    })
}

/// Where the registry is: as the command line or the environment says, else as the project does.
fn urls(places: &side::Places<'_>, given: &str) -> Result<Vec<String>, Failure> {
    let said = places.options.target.urls();
    if !said.is_empty() {
        return Ok(said);
    }
    let urls = places.project()?.registry_urls();
    if urls.is_empty() {
        return Err(Failure::Usage(format!(
            "{given} is no file, but a version of a registry: say where that is, with --registry or OTTLA_REGISTRY, or in \
             ottla.toml; lock:{given} is a version of the lock file"
        )));
    }
    Ok(urls)
}

/// A version of a lock file.
pub(super) fn of_lock(
    places: &side::Places<'_>,
    given: &str,
    subject: &str,
    version: Version,
) -> Result<Side, Failure> {
    let path = match &places.options.lock {
        Some(path) => path.clone(),
        None => places.project()?.lock_file(),
    };
    let shown = places.root.name(&places.here.join(&path));
    if !path.is_file() {
        let words = format!(
            "{given}: there is no lock file {shown}: name it with --lock, or make it with ottla lock"
        );
        return Err(Failure::Usage(words));
    }
    let lock = Lock::read_as(&path, &shown).map_err(|errors| Failure::Usage(errors.to_string()))?;
    let known = lock.subject(subject);
    let number = known.and_then(|known| match version {
        Version::Latest => known.newest().map(|newest| newest.version),
        Version::Number(number) => Some(number),
    });
    let schema = number.and_then(|number| Some((number, lock.schema(subject, number)?)));
    match schema {
        Some((number, schema)) => Ok(of_schema(given, "lock", number, shown, schema)),
        None => Err(Failure::Missing(format!("{given}: {shown} has no such version"))),
    }
}

/// A schema that no file has.
fn of_schema(given: &str, kind: &'static str, version: i32, origin: String, schema: Schema) -> Side {
    let label = format!("version {version}");
    let sources = vec![source(given, schema)];
    Side { name: given.to_owned(), kind, label, origin: Some(origin), sources, at: 0 }
}

/// A text of it, so that findings have a pointer. What it refers to stands in it as well, unless that nests more deeply than
/// texts may.
fn source(name: &str, schema: Schema) -> Source {
    let is_json = |text: &String| json::parse(text).is_ok();
    let texts = [schema.to_inlined_text(), schema.to_text()];
    let text = texts.into_iter().find(is_json).unwrap_or_else(|| "null".to_owned());
    let places = Places::read(&text);
    let scan = json::parse(&text).map(|(value, _)| scan(&value, &places)).unwrap_or_default();
    let found = Found { shown: name.to_owned(), name: name.to_owned(), path: PathBuf::from(name) };
    Source { file: File { found, text, places, scan }, schema, references: Vec::new() }
}
