//! A record that no client library would write, in the protocol of Kafka.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Writes a record, with a header whose name may be any bytes.
pub fn write(kafka: &str, topic: &str, partition: i32, value: &[u8], header: (&[u8], &[u8])) {
    let batch = batch(value, header);
    // Produce, version 3, for all replicas, within 10 seconds, of one topic and one partition.
    let mut request =
        [&[0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff][..], &10_000_i32.to_be_bytes()].concat();
    request.extend(1_i32.to_be_bytes());
    request.extend((topic.len() as i16).to_be_bytes());
    request.extend(topic.as_bytes());
    for number in [1, partition, batch.len() as i32] {
        request.extend(number.to_be_bytes());
    }
    request.extend(batch);
    // A topic that is new may have no leader yet (6).
    while send(kafka, &request, topic) == [0, 6] {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends a request, and gives the error code of the answer, which is 0 or 6.
fn send(kafka: &str, request: &[u8], topic: &str) -> [u8; 2] {
    let mut connection = TcpStream::connect(kafka).expect("a broker");
    connection.write_all(&(request.len() as i32).to_be_bytes()).expect("a connection");
    connection.write_all(request).expect("a connection");
    let mut length = [0; 4];
    connection.read_exact(&mut length).expect("an answer");
    let mut answer = vec![0; i32::from_be_bytes(length) as usize];
    connection.read_exact(&mut answer).expect("an answer");
    // Correlation id, one topic, its name, one partition and its number.
    let at = 4 + 4 + 2 + topic.len() + 4 + 4;
    let code = [answer[at], answer[at + 1]];
    assert!(code == [0, 0] || code == [0, 6], "{answer:?}");
    code
}

/// A batch of one record.
fn batch(value: &[u8], (name, content): (&[u8], &[u8])) -> Vec<u8> {
    // Attributes, when and where in the batch, no key, the value, one header.
    let mut record = [&[0, 0, 0][..], &varint(-1), &varint(value.len() as i64), value, &varint(1)].concat();
    for part in [name, content] {
        record.extend(varint(part.len() as i64));
        record.extend(part);
    }
    // Attributes, last offset, first and last time, no producer, one record.
    let mut body = vec![0; 2 + 4];
    body.extend([1_700_000_000_000_i64.to_be_bytes(); 2].concat());
    body.extend([0xff; 8 + 2 + 4]);
    body.extend(1_i32.to_be_bytes());
    body.extend(varint(record.len() as i64));
    body.extend(record);
    let mut batch = vec![0; 8];
    batch.extend((4 + 1 + 4 + body.len() as i32).to_be_bytes());
    batch.extend([0xff, 0xff, 0xff, 0xff, 2]);
    batch.extend(crc32c(&body).to_be_bytes());
    batch.extend(body);
    batch
}

fn varint(number: i64) -> Vec<u8> {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    let mut bytes = Vec::new();
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

fn crc32c(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg());
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}
