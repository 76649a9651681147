//! The fields of a record, in the reader's order.

use ottla_formats::avro::resolve::{DefaultField, Plan, Skip, SkipId, Step as Written};

use super::program::{Detour, Lists, Op, Pass, Program, Span, add, index, node};
use crate::codec::{Reader, Step};

impl Lists {
    /// As long as the writer has them in the reader's order, they are read as they come, and others passed over. Else the
    /// reader goes back and forth.
    pub(super) fn record(&mut self, plan: &Plan, written: &[Written], defaults: &[DefaultField<'_>]) -> Op {
        let reads = |step: &Written| match step {
            Written::Read { field, .. } => Some(*field),
            Written::Skip(_) => None,
        };
        let in_order = written.iter().filter_map(reads).is_sorted();
        let mut steps = match in_order {
            true => self.in_order(plan, written, defaults),
            false => self.jumbled(plan, written, defaults),
        };
        let start = index(self.steps.len());
        self.steps.append(&mut steps);
        let span = Span { start, end: index(self.steps.len()) };
        if in_order { Op::Record(span) } else { Op::Jumbled(span) }
    }

    fn in_order(&mut self, plan: &Plan, written: &[Written], defaults: &[DefaultField<'_>]) -> Vec<Step> {
        let mut order = Vec::new();
        let mut defaults = defaults.iter().peekable();
        let mut skips = Vec::new();
        // Behind a default something else is done in any case: to go on with the message.
        let mut is_message = true;
        for step in written {
            let (field, of) = match *step {
                Written::Read { field, node } => (field, node),
                Written::Skip(id) => {
                    skips.push(id);
                    continue;
                }
            };
            while let Some(default) = defaults.next_if(|default| default.field < field) {
                order.push(self.default(default.bytes));
                is_message = false;
            }
            let passes = self.skips(plan, &mut skips);
            order.push(match node(plan, of) {
                node if is_message && passes.is_empty() => Step::node(node),
                node => self.detour(Detour::Pass { passes, node }),
            });
            is_message = true;
        }
        for default in defaults {
            order.push(self.default(default.bytes));
            is_message = false;
        }
        let passes = self.skips(plan, &mut skips);
        order.push(match (is_message, passes.is_empty()) {
            (true, true) => Step::DIRECT,
            (false, true) => Step::BACK,
            (_, false) => self.detour(Detour::Pass { passes, node: Program::DIRECT }),
        });
        order
    }

    fn jumbled(&mut self, plan: &Plan, written: &[Written], defaults: &[DefaultField<'_>]) -> Vec<Step> {
        let passes: Vec<Pass> = written
            .iter()
            .map(|step| match *step {
                Written::Read { node, .. } => Pass::Node(node),
                Written::Skip(id) => pass(plan, id),
            })
            .collect();
        let fields = add(&mut self.passes, passes.into_iter());
        let mut order: Vec<(u32, Step)> = Vec::new();
        for (at, step) in written.iter().enumerate() {
            if let Written::Read { field, node: of } = *step {
                let jump = Detour::Jump { at: index(at), fields, node: node(plan, of) };
                order.push((field, self.detour(jump)));
            }
        }
        order.extend(defaults.iter().map(|default| (default.field, self.default(default.bytes))));
        order.sort_unstable_by_key(|(field, _)| *field);
        let end = self.detour(Detour::EndOfJumps { at: index(written.len()), fields });
        order.into_iter().map(|(_, step)| step).chain([end]).collect()
    }

    fn skips(&mut self, plan: &Plan, skips: &mut Vec<SkipId>) -> Span {
        let passes = skips.drain(..).filter(|id| plan.skip(*id) != Skip::Nothing).map(|id| pass(plan, id));
        add(&mut self.passes, passes)
    }

    fn default(&mut self, bytes: &[u8]) -> Step {
        let text = Reader::new(bytes).whole_str().map(|text| {
            self.texts.push(text.into());
            index(self.texts.len() - 1)
        });
        let bytes = add(&mut self.defaults, bytes.iter().copied());
        self.detour(Detour::Default { bytes, text })
    }

    fn detour(&mut self, detour: Detour) -> Step {
        self.detours.push(detour);
        Step::detour(index(self.detours.len() - 1))
    }
}

fn pass(plan: &Plan, id: SkipId) -> Pass {
    match plan.skip(id) {
        Skip::Varint => Pass::Varint,
        Skip::Bytes(size) => u32::try_from(size).map_or(Pass::Skip(id), Pass::Bytes),
        Skip::Prefixed => Pass::Prefixed,
        _ => Pass::Skip(id),
    }
}
