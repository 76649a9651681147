//! The registry client that most Rust programs use, with its caches warm: its whole public call, header included.

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::schema_registry::SrSettings;
use schema_registry_converter::schema_registry_common::{SchemaType, SubjectNameStrategy, SuppliedSchema};

use crate::avro::SmallSerde;
use crate::measure::Table;
use crate::shapes::Small;

const SCHEMA: &str = include_str!("schemas/order_created.avsc");

pub fn small_encode(table: &mut Table<'_>, value: &Small) {
    let encoder = AvroEncoder::new(SrSettings::new(registry()));
    let schema = SuppliedSchema::new(None, SchemaType::Avro, SCHEMA.to_owned());
    let strategy = SubjectNameStrategy::TopicNameStrategyWithSchema("orders".to_owned(), false, schema);
    let value = SmallSerde::from(value);
    table.add("schema_registry_converter", move || {
        encoder.encode_struct(black_box(value.clone()), &strategy).map_or(0, |bytes| bytes.len())
    });
}

pub fn small_decode(table: &mut Table<'_>, bytes: &[u8]) {
    let decoder = AvroDecoder::new(SrSettings::new(registry()));
    let message = [&[0, 0, 0, 0, 1], bytes].concat();
    table.add("schema_registry_converter", move || {
        let value = decoder.decode(Some(black_box(&message)));
        let value = value.ok().and_then(|v| apache_avro::from_value::<SmallSerde>(&v.value).ok());
        value.is_some().into()
    });
}

/// A registry that knows one schema, by the id 1. It answers as long as the process runs.
fn registry() -> String {
    // The converter's HTTP client wants one, whether or not it needs it. There may be one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let body =
        serde_json::json!({"id": 1, "version": 1, "subject": "orders-value", "schema": SCHEMA}).to_string();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(&stream);
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or_default();
                }
                line.clear();
            }
            let mut request = vec![0; length];
            let _ = reader.read_exact(&mut request);
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";
            let _ = write!(&stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    url
}
