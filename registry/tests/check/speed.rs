//! How long a check of many files takes. The figures are printed, not asserted: machines differ.

use std::time::Instant;

use crate::has_git;
use crate::repository::{Repository, record};

/// `cargo test --test check speed -- --nocapture`.
#[test]
fn speed() {
    if !has_git() {
        return;
    }
    let repository = Repository::new();
    for number in 0..1000 {
        let fields =
            ["id:string".to_owned(), "sum:long".to_owned(), "note:[\"null\",\"string\"]=null".to_owned()];
        repository.write(&format!("schemas/r{number}.avsc"), record(&format!("com.many.R{number}"), &fields));
    }
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "one"]);
    repository.write("schemas/r0.avsc", record("com.many.R0", &["id:string".to_owned()]));
    for level in ["BACKWARD", "BACKWARD_TRANSITIVE"] {
        let start = Instant::now();
        let said = repository.run(&["--level".to_owned(), level.to_owned()]);
        let time = start.elapsed();
        println!("1000 files against git, {level}: {} ms", time.as_millis());
        assert!(said.starts_with("  exit 0\n"), "{said}");
    }
}
