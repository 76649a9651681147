//! Who defines what, which file needs which, and the order that gives.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::File;
use super::nearest::nearest;
use super::places::PlaceId;
use super::scan::Use;
use crate::error::Error;

/// To how many missing names the nearest known one is looked for.
const MAX_HINTS: usize = 100;

/// How the files hang together.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// For each file what it uses of others: the full names, and their files.
    pub(super) references: Vec<Vec<(String, usize)>>,
    /// For each file the names that nobody defines, as they are written.
    pub(super) missing: Vec<Vec<String>>,
    /// The indices of the files, each after those that it refers to but for cycles.
    pub(super) order: Vec<usize>,
}

/// What a file needs of others.
#[derive(Debug, Default)]
struct Needs<'f> {
    /// The full names, and the files that define them.
    references: Vec<(String, usize)>,
    /// Where each of these is used first.
    places: Vec<PlaceId>,
    unknown: Vec<&'f Use>,
}

/// Finds the file for every name that is used. If not all files could be read, a name that nobody seems to define is
/// no error: it may be in one of those.
pub(super) fn link(files: &[File], all_read: bool, errors: &mut Vec<Error>) -> Links {
    let owners = owners(files);
    let needs: Vec<Needs<'_>> = files.iter().map(|file| needs(file, &owners)).collect();
    if all_read {
        tell_missing(files, &owners, &needs, errors);
    }
    let order = order(files, &needs, errors);
    let mut links = Links { order, ..Links::default() };
    for Needs { references, unknown, .. } in needs {
        links.references.push(references);
        links.missing.push(unknown.iter().map(|used| used.name.clone()).collect());
    }
    links
}

fn needs<'f>(file: &'f File, owners: &BTreeMap<&str, usize>) -> Needs<'f> {
    let own: HashSet<&str> = file.scan.definitions.iter().map(|d| d.name.as_str()).collect();
    let mut needs = Needs::default();
    let mut met = HashSet::new();
    for used in &file.scan.uses {
        let known = |name: &String| own.contains(name.as_str()) || owners.contains_key(name.as_str());
        match used.candidates().find(known) {
            Some(full) if own.contains(full.as_str()) || met.contains(&full) => {}
            Some(full) => {
                met.insert(full.clone());
                needs.places.push(used.place);
                let owner = owners[full.as_str()];
                needs.references.push((full, owner));
            }
            // The parser knows best why `.Name` is the name of nothing.
            None if used.name.starts_with('.') => {}
            None => needs.unknown.push(used),
        }
    }
    needs
}

/// The file that each name is taken from: one that is about nothing else, if there is one, else the first.
fn owners(files: &[File]) -> BTreeMap<&str, usize> {
    let mut owners: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        for definition in &file.scan.definitions {
            let is_inside = definition.place != file.places.root();
            let owner = owners.entry(&definition.name).or_insert((is_inside, at));
            *owner = (*owner).min((is_inside, at));
        }
    }
    owners.into_iter().map(|(name, (_, at))| (name, at)).collect()
}

fn tell_missing(
    files: &[File],
    owners: &BTreeMap<&str, usize>,
    needs: &[Needs<'_>],
    errors: &mut Vec<Error>,
) {
    let names: Vec<&str> = owners.keys().copied().collect();
    let mut hints: HashMap<String, String> = HashMap::new();
    let unknown =
        files.iter().zip(needs).flat_map(|(file, n)| n.unknown.iter().map(move |used| (file, used)));
    for (file, used) in unknown {
        let name = used.candidates().next().unwrap_or_else(|| used.name.clone());
        let hint = match hints.get(&name) {
            Some(hint) => hint.clone(),
            None => {
                let known = nearest(&name, &names).filter(|_| hints.len() < MAX_HINTS);
                let hint = hint(files, owners, known);
                hints.insert(name.clone(), hint.clone());
                hint
            }
        };
        let message = format!("no type {name} is defined");
        errors.push(file.error(used.place, message).help(hint));
    }
}

fn hint(files: &[File], owners: &BTreeMap<&str, usize>, known: Option<&str>) -> String {
    let place = known.and_then(|known| {
        let file = &files[*owners.get(known)?];
        let definition = file.scan.definitions.iter().find(|d| d.name == known)?;
        Some(format!("did you mean {known}, defined at {}?", file.place(definition.place)))
    });
    place.unwrap_or_else(|| "define it, or add the file that defines it".to_owned())
}

/// Puts each file after those that it refers to, otherwise in their own order.
fn order(files: &[File], needs: &[Needs<'_>], errors: &mut Vec<Error>) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; files.len()];
    let mut order = Vec::with_capacity(files.len());
    let mut told = HashSet::new();
    for first in 0..files.len() {
        if states[first] != State::New {
            continue;
        }
        // The way from the first file: each with the number of the next reference.
        let mut open = vec![(first, 0)];
        states[first] = State::Open;
        while let Some((at, next)) = open.last_mut() {
            let Some((_, to)) = needs[*at].references.get(*next) else {
                states[*at] = State::Done;
                order.push(*at);
                open.pop();
                continue;
            };
            *next += 1;
            match states[*to] {
                State::Done => {}
                State::New => {
                    states[*to] = State::Open;
                    open.push((*to, 0));
                }
                State::Open => {
                    let from = open.iter().position(|(at, _)| at == to).unwrap_or_default();
                    let round: Vec<usize> = open[from..].iter().map(|(at, _)| *at).collect();
                    tell_cycle(files, needs, round, &mut told, errors);
                }
            }
        }
    }
    order
}

/// Says once that files refer to each other, at the first of them.
fn tell_cycle(
    files: &[File],
    needs: &[Needs<'_>],
    mut round: Vec<usize>,
    told: &mut HashSet<Vec<usize>>,
    errors: &mut Vec<Error>,
) {
    let first = (0..round.len()).min_by_key(|at| round[*at]).unwrap_or_default();
    round.rotate_left(first);
    let (at, next) = (round[0], round.get(1).copied().unwrap_or(round[0]));
    let mut uses = needs[at].references.iter().zip(&needs[at].places);
    let Some((_, place)) = uses.find(|((_, to), _)| *to == next) else { return };
    let names: Vec<&str> = round.iter().chain([&at]).map(|at| files[*at].found.shown.as_str()).collect();
    let message = format!("files refer to each other: {}", names.join(" -> "));
    if told.insert(round) {
        let help = "define what refers to each other in one file";
        errors.push(files[at].error(*place, message).help(help));
    }
}
