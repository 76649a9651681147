//! At which nodes of a plan the writer's bytes are the reader's own encoding.

use super::plan::{NodeId, Step, Stored};

/// Answers for every node. All count as direct until proven otherwise, so recursive types are direct if nothing in them
/// is not.
pub(super) fn direct(nodes: &[Stored], steps: &[Step], branches: &[NodeId], symbols: &[u32]) -> Vec<bool> {
    let mut direct = vec![true; nodes.len()];
    let mut refuted = Vec::new();
    // `edges` holds (part, whole), sorted, so that the wholes of a part are together.
    let mut edges: Vec<(NodeId, NodeId)> = Vec::new();
    for (at, node) in (0_u32..).zip(nodes) {
        let whole = NodeId(at);
        if !alone(nodes, node, steps, branches, symbols, |part| edges.push((part, whole))) {
            direct[whole.index()] = false;
            refuted.push(whole);
        }
    }
    edges.sort_unstable();
    while let Some(part) = refuted.pop() {
        let from = edges.partition_point(|(p, _)| *p < part);
        for (_, whole) in edges[from..].iter().take_while(|(p, _)| *p == part) {
            if std::mem::replace(&mut direct[whole.index()], false) {
                refuted.push(*whole);
            }
        }
    }
    direct
}

/// Is a node direct if its parts are? `part` is called for each of them.
fn alone(
    nodes: &[Stored],
    node: &Stored,
    steps: &[Step],
    branches: &[NodeId],
    symbols: &[u32],
    mut part: impl FnMut(NodeId),
) -> bool {
    match node {
        Stored::Null
        | Stored::Boolean
        | Stored::Int
        | Stored::Long
        | Stored::Float
        | Stored::Double
        | Stored::Bytes
        | Stored::String
        | Stored::Fixed(_) => true,
        Stored::Promote(_) | Stored::ReaderUnion { .. } => false,
        Stored::Enum { table, .. } => {
            let table = &symbols[table.start as usize..table.end as usize];
            (0_u32..).zip(table).all(|(at, symbol)| *symbol == at)
        }
        Stored::Array(item) | Stored::Map(item) => {
            part(*item);
            true
        }
        Stored::Record { steps: range, defaults } => {
            let steps = &steps[range.start as usize..range.end as usize];
            let in_order = (0_u32..).zip(steps).all(|(at, step)| match step {
                Step::Read { field, node } => {
                    part(*node);
                    *field == at
                }
                Step::Skip(_) => false,
            });
            in_order && defaults.is_empty()
        }
        Stored::WriterUnion(range) => {
            let branches = &branches[range.start as usize..range.end as usize];
            (0_u32..).zip(branches).all(|(at, id)| match &nodes[id.index()] {
                Stored::ReaderUnion { branch, node } => {
                    part(*node);
                    *branch == at
                }
                _ => false,
            })
        }
    }
}
