//! Open enums: symbols that the reader has not are kept by their names.
//!
//! For the plan, the reader's enum gets the writer's other symbols in addition, behind one that nobody has: so each
//! has a position of its own, and none the position that it has with the writer, where it could be taken for one of the
//! reader's.

use ottla_formats::avro::Schema;

/// Between the reader's symbols and the others.
const DIVIDER: &str = "";

/// The reader's schema with the writer's symbols, if it has open enums.
pub(super) fn opened(reader: &Schema, writer: &Schema, open: &[&str]) -> Option<Schema> {
    if open.is_empty() {
        return None;
    }
    let theirs: Vec<&String> = writer.enums().flat_map(|e| &e.symbols).collect();
    Some(reader.with_enums(|of| {
        if open.contains(&of.name.full()) {
            let known: std::collections::HashSet<String> = of.symbols.iter().cloned().collect();
            let mut more: Vec<String> =
                theirs.iter().filter(|s| !known.contains(**s)).map(|s| (*s).clone()).collect();
            more.sort_unstable();
            more.dedup();
            of.symbols.push(DIVIDER.to_owned());
            of.symbols.extend(more);
        }
    }))
}

/// Where the reader's own symbols end.
pub(super) fn known(symbols: &[String]) -> usize {
    symbols.iter().position(|symbol| symbol == DIVIDER).unwrap_or(symbols.len())
}
