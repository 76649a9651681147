//! The schema of a version: of a registry, or of a lock file.

use ottla::client::RegisteredSchema;
use ottla_formats::avro::Schema;
use ottla_gate::lock::Lock;

use super::name::Version;
use super::side::{Failure, Places, Side, alone, found};
use crate::cli::baseline::registry::{Registry, Trouble, run};

/// A version of a registry.
pub(super) fn of_registry(
    places: &Places<'_>,
    given: &str,
    subject: &str,
    version: Version,
) -> Result<Side, Failure> {
    let urls = urls(places, given)?;
    let client = places.options.access.strict_client(&urls).map_err(|usage| Failure::Usage(usage.0))?;
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
        Some((found, schema)) => of_schema(given, "registry", found.version, url, &schema),
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
fn urls(places: &Places<'_>, given: &str) -> Result<Vec<String>, Failure> {
    if !places.options.registry.is_empty() {
        return Ok(places.options.registry.clone());
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
    places: &Places<'_>,
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
        Some((number, schema)) => of_schema(given, "lock", number, shown, &schema),
        None => Err(Failure::Missing(format!("{given}: {shown} has no such version"))),
    }
}

/// A schema that no file has. What it refers to is in it, so that it is one text.
fn of_schema(
    given: &str,
    kind: &'static str,
    version: i32,
    origin: String,
    schema: &Schema,
) -> Result<Side, Failure> {
    let (sources, at) = found(alone(given, schema.to_inlined_text().into_bytes()), given)?;
    let label = format!("version {version}");
    Ok(Side { name: given.to_owned(), kind, label, origin: Some(origin), sources, at })
}
