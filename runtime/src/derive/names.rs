//! What the compiler can check of unions: names are constants.

/// The name of a union of `null` and a type of this name.
///
/// # Panics
///
/// If the type is `null` or a union itself. As a constant it is an error of the compiler.
#[must_use]
pub const fn option_of(name: &str) -> &'static str {
    assert!(!same(name, "null"), "an Option of null: both branches are the same");
    assert!(
        !same(name, "union"),
        "an Option of a union: Avro has no unions within unions. Give the enum a variant `Null` instead"
    );
    "union"
}

/// The name of a union of types with these names.
///
/// # Panics
///
/// If two are the same, or one is a union itself. As a constant it is an error of the compiler.
#[must_use]
pub const fn union_of(branches: &[&str]) -> &'static str {
    let mut at = 0;
    while at < branches.len() {
        assert!(!same(branches[at], "union"), "a union within a union: Avro has none");
        let mut other = 0;
        while other < at {
            assert!(
                !same(branches[at], branches[other]),
                "two branches of a union have the same type: Avro cannot tell them apart"
            );
            other += 1;
        }
        at += 1;
    }
    "union"
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
