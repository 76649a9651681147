//! How long `ottla check` takes, in a repository where every schema has changed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::bench::Bench;
use super::figure::{Figure, Row, Target, Unit};
use crate::error::Error;
use crate::interrupt;

/// Every tenth schema is one that the nine after it refer to.
const GROUP: usize = 10;

/// All of it.
pub(super) fn measured(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let folder = bench.folder()?;
    let files = bench.sizes.files;
    eprintln!("committing {files} schemas");
    write(&folder, files, "")?;
    git(&folder, &["init", "-q"])?;
    git(&folder, &["add", "-A"])?;
    git(&folder, &["-c", "user.name=load", "-c", "user.email=load@localhost", "commit", "-q", "-m", "one"])?;
    let program = bench.program.clone();
    run(&program, &folder, &["lock"])?;
    write(&folder, files, r#", {"name": "note", "type": ["null", "string"], "default": null}"#)?;

    let cases: [(&str, &[&str]); 3] = [
        ("git", &["check", "--against", "git:HEAD"]),
        ("the lock file", &["check", "--against", "lock"]),
        ("both", &["check", "--against", "git:HEAD", "--against", "lock"]),
    ];
    let mut times = [const { Vec::new() }; 3];
    let (mut reads, mut helps) = (Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        interrupt::check()?;
        for ((_, arguments), times) in cases.iter().zip(&mut times) {
            times.push(run(&program, &folder, arguments)?);
        }
        reads.push(run(Path::new("git"), &folder, &["archive", "--format=tar", "HEAD"])?);
        helps.push(run(&program, &folder, &["check", "--help"])?);
    }
    let mut rows: Vec<Row> = cases
        .iter()
        .zip(times)
        .map(|((what, _), times)| {
            Row::new(format!("`ottla check` of {files} changed schemas against {what}"), millis(times))
                .against("`git archive` of them", millis(reads.clone()))
                .target(Target::AtMost(1000.0))
        })
        .collect();
    rows.push(Row::new("`ottla check --help`", millis(helps)).target(Target::AtMost(20.0)));
    Ok(rows)
}

fn millis(times: Vec<f64>) -> Figure {
    Figure::new(Unit::Millis, times)
}

/// Records of ten fields, and of whatever else is said.
fn write(folder: &Path, files: usize, more: &str) -> Result<(), Error> {
    let schemas = folder.join("schemas");
    std::fs::create_dir_all(&schemas).map_err(Error::file(&schemas))?;
    for number in 0..files {
        let mut text = format!("{{\n  \"type\": \"record\", \"name\": \"load.R{number}\", \"fields\": [\n");
        for field in 0..GROUP {
            let ty = match field {
                0 if number % GROUP > 0 => format!("\"load.R{}\"", number - number % GROUP),
                _ => ["\"string\"", "\"long\"", "\"double\""][field % 3].to_owned(),
            };
            let comma = if field == 0 { "" } else { ",\n" };
            let _ = write!(text, "{comma}    {{\"name\": \"f{field}\", \"type\": {ty}}}");
        }
        let _ = write!(text, "{more}\n  ]\n}}\n");
        let path: PathBuf = schemas.join(format!("r{number}.avsc"));
        std::fs::write(&path, text).map_err(Error::file(&path))?;
    }
    Ok(())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), Error> {
    run(Path::new("git"), folder, arguments).map(drop)
}

/// Runs a program that has to succeed; how many milliseconds it took.
fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Result<f64, Error> {
    let failed = |reason: String| Error::Program { program: program.display().to_string(), reason };
    let begin = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| failed(e.to_string()))?;
    let time = begin.elapsed().as_secs_f64() * 1e3;
    if !output.status.success() {
        let words = [output.stdout, output.stderr].concat();
        return Err(failed(String::from_utf8_lossy(&words).chars().take(500).collect()));
    }
    Ok(time)
}
