//! Generates types for every schema of the corpora, for the cases of the generator, and for random schemas, each in a
//! module of its own, with tables of what to check with them.
//!
//! ```text
//! module.rs    one schema: a module, and the line of a table
//! corpora.rs   the schemas of the corpora
//! readers.rs   random schemas
//! cases.rs     the cases of the generator: both ways in, with several choices of options
//! ```

use std::env;
use std::error::Error;
use std::path::PathBuf;

#[path = "../../../formats/tests/decoder/mod.rs"]
mod decoder;
#[path = "../../../formats/tests/random/mod.rs"]
mod random;
#[path = "../src/seeded.rs"]
mod seeded;

mod cases;
mod corpora;
mod module;
mod readers;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build");
    corpora::generate(&out)?;
    readers::generate(&out)?;
    cases::generate(&out)
}
