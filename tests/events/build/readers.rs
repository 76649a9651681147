//! Random schemas, the same each time.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::module::{ALL, module};
use crate::random::{Namespaces, schema};
use crate::seeded::seeded;

/// How many.
const READERS: usize = 100;

/// Shorter texts have next to nothing to evolve, longer ones take too long to compile.
const LENGTHS: std::ops::Range<usize> = 150..700;

/// Writes `readers.rs`: a module for each schema, and `TABLE`.
pub fn generate(out: &Path) -> Outcome<()> {
    let (mut code, mut table) = (String::new(), String::new());
    let mut made = 0;
    for seed in 0.. {
        let namespaces = [Namespaces::None, Namespaces::All, Namespaces::Mixed][made % 3];
        let text = schema(&seeded(seed, 120), namespaces);
        if !LENGTHS.contains(&text.len()) {
            continue;
        }
        // Twins take long to compile as well, and the corpora have many.
        let choices = if made % 3 == 0 { &ALL[..] } else { &ALL[..1] };
        let path = module(out, &format!("reader_{made}"), &text, choices, &mut code)?;
        let path = path.ok_or_else(|| format!("the generator refuses {text}"))?;
        writeln!(table, "    Type::of::<{path}>(),")?;
        made += 1;
        if made == READERS {
            break;
        }
    }
    writeln!(code, "/// The types.\npub static TABLE: &[Type] = &[\n{table}];")?;
    fs::write(out.join("readers.rs"), code)?;
    Ok(())
}
