//! Every line of `data/wire.jsonl`: what Confluent's Java serializer wrote and its deserializer read.
//!
//! Bytes, headers and subjects have to be the same; where Java has an error there has to be one, whatever it says. One line
//! is only written and read back: Java fails on an outermost `null` with a class cast, which is not meant.

mod lines;
mod registry;
mod types;

use std::fmt::Debug;

use ottla::Event;
use ottla::serdes::{Deserializer, Framing, Register, Serializer};

use lines::{Answer, Line};
use registry::Registry;
use types::{Json, Value};

/// What one kind of type has to do.
struct Case<'a> {
    line: &'a Line,
    registry: Registry,
}

#[tokio::test]
async fn every_line() {
    let lines = lines::all();
    let mut odd = 0;
    for line in &lines {
        let case = Case { line, registry: Registry::of(line) };
        odd += types::with(&line.written_schema(), case).await;
    }
    assert_eq!((lines.len(), odd), (58, 78), "lines, and odd payloads in them");
}

impl types::Visit for Case<'_> {
    /// Tells how many odd payloads there were.
    async fn visit<T: Event + Json + Debug + PartialEq>(self) -> usize {
        let Self { line, registry } = self;
        let value = T::from_json(&line.value);
        write(line, &registry, Framing::Id, &line.prefix, &value).await;
        write(line, &registry, Framing::GuidHeader, &line.header, &value).await;
        for answer in [&line.prefix, &line.header] {
            if let Answer::Written { message, .. } = answer {
                read(line, &registry, message, Some(&value)).await;
            }
        }
        for (case, message, decoded) in &line.odd {
            let name = format!("{}: {case}", line.name);
            match decoded {
                Ok(decoded) => {
                    let value = decoded.as_ref().map(T::from_json);
                    read(line, &registry, message, value.as_ref()).await;
                }
                Err(()) => {
                    let read = deserialize::<T>(line, &registry, message).await;
                    assert!(read.is_err(), "{name}: {read:?}");
                }
            }
        }
        line.odd.len()
    }
}

/// The subject, the schema that is registered, the payload and the header.
async fn write<T: Event + Json + Debug + PartialEq>(
    line: &Line,
    registry: &Registry,
    framing: Framing,
    expected: &Answer,
    value: &T,
) {
    let register = if line.uses_latest() { Register::UseLatest } else { Register::IfMissing };
    let serializer = Serializer::<T>::builder(line.topic())
        .naming(line.naming())
        .register(register)
        .framing(framing)
        .build(&registry.client());
    let mut payload = Vec::new();
    let header = serializer.serialize(value, &mut payload).await;
    let name = &line.name;
    match (header, expected, &line.subject) {
        (Ok(header), Answer::Written { message, .. }, Some(subject)) => {
            assert_eq!(Some(&payload), message.payload.as_ref(), "{name} {framing:?}");
            let header: Vec<(String, Vec<u8>)> =
                header.iter().map(|h| (h.name.to_owned(), h.value.to_vec())).collect();
            assert_eq!(header, message.headers, "{name} {framing:?}");
            assert_eq!(registry.asked_for(), [subject.as_str()], "{name} {framing:?}");
        }
        (Ok(_), Answer::Failed, Some(_)) if line.is_java_failure() => {
            let message = lines::Message { payload: Some(payload), headers: Vec::new() };
            if framing == Framing::Id {
                read(line, registry, &message, Some(value)).await;
            }
            registry.asked_for();
        }
        (Err(ottla::serdes::SerializeError::Subject(_)), Answer::Failed, None) => {
            assert!(registry.asked_for().is_empty(), "{name}: the registry is not asked");
        }
        (got, ..) => panic!("{name} {framing:?}: {got:?}"),
    }
}

async fn read<T: Event + Json + Debug + PartialEq>(
    line: &Line,
    registry: &Registry,
    message: &lines::Message,
    expected: Option<&T>,
) {
    let read = deserialize::<T>(line, registry, message).await;
    let name = &line.name;
    assert_eq!(read.as_ref().ok().map(Option::as_ref), Some(expected), "{name} {message:?}: {read:?}");
}

async fn deserialize<T: Event>(
    line: &Line,
    registry: &Registry,
    message: &lines::Message,
) -> Result<Option<T>, ottla::serdes::DeserializeError> {
    let deserializer = Deserializer::<T>::builder(line.topic())
        .refuse_trailing_bytes(line.refuses_trailing_bytes())
        .build(&registry.client());
    deserializer.deserialize(message.payload.as_deref(), &message.headers).await
}

/// Values as the lines have them.
#[test]
fn values_are_compared() {
    let value = Value::parse("{\"id\":7,\"note\":{\"string\":\"n\u{e9}\"}}");
    let order = types::Order { id: 7, note: Some("n\u{e9}".to_owned()) };
    assert_eq!(types::Order::from_json(&value), order);
    assert_ne!(types::Double(-0.0), types::Double(0.0));
}
