//! Types that cannot be events.

use ottla::Event;

#[derive(Event)]
struct Generic<T> {
    value: T,
}

#[derive(Event)]
struct Borrowed<'a> {
    value: &'a str,
}

#[derive(Event)]
struct Pair(i32, i64);

#[derive(Event)]
enum Nothing {}

#[derive(Event)]
union Bits {
    int: i32,
    float: f32,
}

#[derive(Event)]
enum Mixed {
    None,
    One(i32),
    Two(i32, i64),
    Named { value: i32 },
}

fn main() {}
