//! Unions that Avro has not.

use std::collections::BTreeMap;

use ottla::Event;

#[derive(Event)]
enum Same {
    Name(String),
    Mail(String),
    Numbers(Vec<i32>),
    Texts(Vec<String>),
}

#[derive(Event)]
enum Nested {
    Number(i64),
    Maybe(Option<String>),
}

#[derive(Event)]
struct Options {
    none: Option<()>,
    deep: BTreeMap<String, Option<Option<i32>>>,
}

#[derive(Event)]
struct Tree(Vec<Tree>);

#[derive(Event)]
enum Json {
    Null,
    Text(String),
    List(Vec<Self>),
}

fn main() {}
