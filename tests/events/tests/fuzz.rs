//! What fuzzers do, for a moment and always the same: the seeds of `fuzz/corpus`, and what becomes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ottla_event_tests::fuzz::{TARGETS, Target, seeds};
use ottla_event_tests::seeded::next;

/// How many inputs each target gets: code is generated more slowly than bytes are read.
const INPUTS: [(&str, usize); 5] = [
    ("decode", 100_000),
    ("decode_resolved", 100_000),
    ("round_trip", 60_000),
    ("framing", 100_000),
    ("generate", 1_500),
];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// The seeds of a target: those that are made from the corpora, and what fuzzers have found.
fn inputs(target: &str) -> Vec<Vec<u8>> {
    let folder = corpus().join(target);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("a seed")).collect()
}

/// Another input from some that are there.
fn mutated(inputs: &[Vec<u8>], state: &mut u64) -> Vec<u8> {
    let mut pick = |count: usize| next(state) as usize % count.max(1);
    let mut bytes = inputs[pick(inputs.len())].clone();
    for _ in 0..=pick(4) {
        let at = pick(bytes.len() + 1);
        match pick(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, [0, 1, 2, 0x7f, 0x80, 0xff][pick(6)]),
            2 => {
                let other = &inputs[pick(inputs.len())];
                let from = pick(other.len());
                bytes.splice(at.., other[from..].iter().copied());
            }
            3 if at < bytes.len() => {
                bytes.remove(at);
            }
            4 if at < bytes.len() => bytes[at] = pick(256) as u8,
            _ if at < bytes.len() => bytes[at] ^= 1 << pick(8),
            _ => {}
        }
    }
    bytes
}

fn run(name: &str) {
    let (_, target): &(_, Target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    let (_, count) = INPUTS.iter().find(|(known, _)| *known == name).expect("a count");
    let inputs = inputs(name);
    assert!(inputs.len() >= 5, "{} seeds", inputs.len());
    inputs.iter().for_each(|input| target(input));
    let mut state = 0x0771_a5ee_d000;
    for _ in 0..*count {
        let input = mutated(&inputs, &mut state);
        if std::panic::catch_unwind(|| target(&input)).is_err() {
            panic!("{name}: {}", input.escape_ascii());
        }
    }
}

#[test]
fn decode() {
    run("decode");
}

#[test]
fn decode_resolved() {
    run("decode_resolved");
}

#[test]
fn round_trip() {
    run("round_trip");
}

#[test]
fn framing() {
    run("framing");
}

#[test]
fn generate() {
    run("generate");
}

/// The seeds are made from the corpora. Where they differ they are written, and the test fails once.
#[test]
fn seeds_are_those_of_the_corpora() {
    let mut differ = BTreeMap::new();
    for (target, name, bytes) in seeds() {
        let file = corpus().join(target).join(&name);
        if fs::read(&file).ok().as_ref() != Some(&bytes) {
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(&file, bytes).expect("a seed");
            *differ.entry(target).or_insert(0) += 1;
        }
    }
    assert!(differ.is_empty(), "seeds were written: {differ:?}");
}

/// Each target is a file that a fuzzer runs.
#[test]
fn there_is_a_file_for_each_target() {
    let folder = corpus().join("../fuzz_targets");
    let manifest = fs::read_to_string(corpus().join("../Cargo.toml")).expect("a manifest");
    for (name, _) in TARGETS {
        assert!(folder.join(format!("{name}.rs")).exists(), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    assert_eq!(fs::read_dir(folder).expect("targets").count(), TARGETS.len());
}
