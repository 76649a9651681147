//! Schemas that are in the registry, and what is asked about them.

use bytes::Bytes;

use super::Case;
use crate::check::{self, Expected};
use crate::client::{Call, Connection, Target, in_parallel};
use crate::error::Error;
use crate::population::Population;
use crate::schemas::{self, Shape};

/// A schema that is in the registry, the latest of its subject unless the question is about any version.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) subject: String,
    /// The record's name, for schemas that follow it.
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) version: u64,
    pub(crate) id: u64,
    pub(crate) schema: String,
}

/// A request with what its answer must say, and an answer that was checked and says it.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) call: Call,
    pub(crate) expected: Expected,
    pub(crate) right: Bytes,
}

/// Registers keys, or finds them registered.
pub(crate) async fn register_base(target: &Target, shape: Shape, n: usize) -> Result<Vec<Key>, Error> {
    in_parallel(target, n, async |connection, i| {
        let name = format!("{shape:?}Base{i}");
        let subject = format!("load-base-{}-{i}", format!("{shape:?}").to_lowercase());
        let schema = shape.record(&name);
        let id = register(connection, &subject, &schema).await?;
        Ok(Key { subject, name, shape, version: 1, id, schema })
    })
    .await
}

/// Finds keys in a registry that holds a population: spread over all its versions, or over the latest ones only.
pub(crate) async fn find(
    target: &Target,
    population: Population,
    latest: bool,
    n: usize,
) -> Result<Vec<Key>, Error> {
    let of = if latest { population.subjects } else { population.subjects * population.versions };
    in_parallel(target, n.min(of), async |connection, i| {
        let nth = i * of / n.min(of);
        let (subject, version) = if latest {
            (nth, population.versions)
        } else {
            (nth / population.versions, nth % population.versions + 1)
        };
        let (name, schema) = (Population::name(subject), Population::schema(subject, version));
        let subject = Population::subject(subject);
        let answer = connection.call(&look_up(&subject, &schema)).await?;
        let (version, id) = check::found(&answer)?;
        Ok(Key { subject, name, shape: Shape::Order, version, id, schema })
    })
    .await
}

/// Registers subjects that are only there to make the registry bigger.
pub(crate) async fn seed(target: &Target, n: usize) -> Result<(), Error> {
    let Some(last) = n.checked_sub(1) else { return Ok(()) };
    let last = Call::get(&format!("/subjects/load-seed-{last}/versions/latest"));
    if Connection::new(target).call(&last).await?.status == 200 {
        return Ok(());
    }
    let done = in_parallel(target, n, async |connection, i| {
        let schema = Shape::Order.record(&format!("Seed{i}"));
        register(connection, &format!("load-seed-{i}"), &schema).await
    });
    done.await.map(drop)
}

/// The questions of a case about keys, each asked once and its answer checked.
pub(crate) async fn questions(target: &Target, keys: &[Key], case: Case) -> Result<Vec<Question>, Error> {
    in_parallel(target, keys.len(), async |connection, i| {
        let (call, expected) = keys[i].question(case);
        let answer = connection.call(&call).await?;
        expected.check(&answer)?;
        Ok(Question { call, expected, right: answer.body })
    })
    .await
}

async fn register(connection: &mut Connection<'_>, subject: &str, schema: &str) -> Result<u64, Error> {
    let call = Call::post(&format!("/subjects/{subject}/versions"), schemas::body(schema));
    Ok(check::registered(&connection.call(&call).await?)?)
}

fn look_up(subject: &str, schema: &str) -> Call {
    Call::post(&format!("/subjects/{subject}"), schemas::body(schema))
}

impl Key {
    fn question(&self, case: Case) -> (Call, Expected) {
        let Self { subject, name, shape, version, id, schema } = self;
        let as_version = || Expected::Version {
            subject: subject.clone(),
            id: *id,
            version: *version,
            schema: schema.clone(),
        };
        let compatibility = format!("/compatibility/subjects/{subject}/versions/latest");
        match case {
            Case::GetLatest => (Call::get(&format!("/subjects/{subject}/versions/latest")), as_version()),
            Case::Lookup => (look_up(subject, schema), as_version()),
            Case::RegisterExisting => {
                let path = format!("/subjects/{subject}/versions");
                (Call::post(&path, schemas::body(schema)), Expected::Id(*id))
            }
            Case::Compat => {
                let body = schemas::body(&shape.with_optional(name, "candidate"));
                let expected = Expected::Verdict { compatible: true, messages: false };
                (Call::post(&compatibility, body), expected)
            }
            Case::CompatVerbose => {
                let body = schemas::body(&shape.with_required(name, "candidate"));
                let expected = Expected::Verdict { compatible: false, messages: true };
                (Call::post(&format!("{compatibility}?verbose=true"), body), expected)
            }
            _ => (Call::get(&format!("/schemas/ids/{id}")), Expected::Schema(schema.clone())),
        }
    }
}
