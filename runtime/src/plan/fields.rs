//! The fields of a record, in the reader's order.

use ottla_formats::avro::resolve::{DefaultField, Plan, Skip, SkipId, Step};

use super::program::{Lists, Op, Other, Pass, Program, Span, add, index, node};

impl Lists {
    /// As long as the writer has them in the reader's order, they are read as they come, and others passed over. Else the
    /// reader goes back and forth.
    pub(super) fn record(&mut self, plan: &Plan, steps: &[Step], defaults: &[DefaultField<'_>]) -> Op {
        let reads = |step: &Step| match step {
            Step::Read { field, .. } => Some(*field),
            Step::Skip(_) => None,
        };
        let mut order = if steps.iter().filter_map(reads).is_sorted() {
            self.in_order(plan, steps, defaults)
        } else {
            self.jumbled(plan, steps, defaults)
        };
        let start = index(self.steps.len());
        self.steps.append(&mut order);
        Op::Record(Span { start, end: index(self.steps.len()) })
    }

    fn in_order(&mut self, plan: &Plan, steps: &[Step], defaults: &[DefaultField<'_>]) -> Vec<u32> {
        let mut order = Vec::new();
        let mut defaults = defaults.iter().peekable();
        let mut skips = Vec::new();
        // Behind a default something else is done in any case: to go on with the message.
        let mut is_message = true;
        for step in steps {
            let (field, of) = match *step {
                Step::Read { field, node } => (field, node),
                Step::Skip(id) => {
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
                node if is_message && passes.is_empty() => node,
                node => self.other(Other::Pass { passes, node }),
            });
            is_message = true;
        }
        order.extend(defaults.map(|default| self.default(default.bytes)));
        let passes = self.skips(plan, &mut skips);
        order.push(if passes.is_empty() {
            Program::DIRECT
        } else {
            self.other(Other::Pass { passes, node: Program::DIRECT })
        });
        order
    }

    fn jumbled(&mut self, plan: &Plan, steps: &[Step], defaults: &[DefaultField<'_>]) -> Vec<u32> {
        let passes: Vec<Pass> = steps
            .iter()
            .map(|step| match *step {
                Step::Read { node, .. } => Pass::Node(node),
                Step::Skip(id) => pass(plan, id),
            })
            .collect();
        let fields = add(&mut self.passes, passes.into_iter());
        let mut order: Vec<(u32, u32)> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            if let Step::Read { field, node: of } = *step {
                let jump = Other::Jump { at: index(at), fields, node: node(plan, of) };
                order.push((field, self.other(jump)));
            }
        }
        order.extend(defaults.iter().map(|default| (default.field, self.default(default.bytes))));
        order.sort_unstable();
        let end = self.other(Other::Jump { at: index(steps.len()), fields, node: Program::DIRECT });
        order.into_iter().map(|(_, step)| step).chain([end]).collect()
    }

    fn skips(&mut self, plan: &Plan, skips: &mut Vec<SkipId>) -> Span {
        let passes = skips.drain(..).filter(|id| plan.skip(*id) != Skip::Nothing).map(|id| pass(plan, id));
        add(&mut self.passes, passes)
    }

    fn default(&mut self, bytes: &[u8]) -> u32 {
        let bytes = add(&mut self.defaults, bytes.iter().copied());
        self.other(Other::Default(bytes))
    }

    fn other(&mut self, other: Other) -> u32 {
        self.others.push(other);
        Program::OTHER + index(self.others.len() - 1)
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
