//! Defaults that are no JSON, or no value of the field.

use std::collections::BTreeMap;

#[derive(ottla::Event)]
struct Defaults {
    #[event(default = "EUR")]
    currency: String,
    #[event(default = "")]
    empty: String,
    #[event(default = "{\"a\": 1,}")]
    comma: BTreeMap<String, i32>,
    #[event(default = "1 2")]
    two: i32,
    #[event(default = "null")]
    number: i32,
    #[event(default = "3000000000")]
    int: i32,
    #[event(default = "1.5")]
    long: i64,
    #[event(default = "1e999")]
    double: f64,
    #[event(default = "\"€\"")]
    bytes: Vec<u8>,
    #[event(fixed = "Mac", default = "\"abc\"")]
    mac: [u8; 6],
    #[event(default = "[1, \"two\"]")]
    list: Vec<i64>,
    #[event(default = "\"no\"")]
    flag: Option<bool>,
    #[event(default = "[]")]
    map: BTreeMap<String, i32>,
}

fn main() {}
