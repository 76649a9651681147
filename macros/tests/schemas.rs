//! What the compiler says where schemas are wrong.

use std::fs;
use std::path::Path;

/// Paths start at the folder of the crate that uses the macro, which here is one that is made for the test.
fn put_schemas_in_place() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    let to = target.join("tests/trybuild/ottla-macros/schemas");
    fs::create_dir_all(&to).expect("a folder");
    for entry in fs::read_dir("tests/schemas/schemas").expect("a folder") {
        let entry = entry.expect("a file");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

#[test]
fn errors() {
    put_schemas_in_place();
    trybuild::TestCases::new().compile_fail("tests/schemas/*.rs");
}
