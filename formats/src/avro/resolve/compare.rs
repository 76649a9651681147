//! What keeps a reader from reading what a writer wrote, in the order and with the locations of Apache Avro Java's
//! `SchemaCompatibility`, because the registry's clients see them.
//!
//! Three habits of that checker shape this module:
//! * a pair of named types is compared once. While it is being compared it counts as compatible, so recursive types
//!   end; met again, its findings are repeated with the locations where they were made first;
//! * whether a branch of a reader's union fits is tried out apart: what is found there is not reported, and is located
//!   from that branch. It is kept nevertheless, because the same pair may be met again where it is reported;
//! * the findings of a pair are those of its parts, one after the other, so a list may hold another list many times.
//!
//! The comparison keeps its own stack, so no schema can overflow the thread's, and counts its work.

use super::super::schema::{Kind, Schema};
use super::super::slot::Slot;
use super::TypeId;
use super::findings::{Finding, Findings, Found, Slots, What};
use super::matching::{FieldMatch, Positions, Shape, enum_default, is_named, names_match};
use super::memo::Memo;
use super::path::{PathId, Token};

/// The comparison of a writer's and a reader's schema.
pub(super) struct Comparison<'a> {
    writer: &'a Schema,
    reader: &'a Schema,
    memo: Memo<Verdict>,
    frames: Vec<Frame>,
    /// What the frames have found so far; each owns the end from `Frame::pending_from`.
    pending: Vec<Finding>,
    pub(super) findings: Findings,
    /// Writer's fields and reader's symbols.
    writer_fields: Positions<'a>,
    reader_symbols: Positions<'a>,
    budget: u64,
}

/// What is known about a pair.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict {
    /// It is being compared: compatible unless proven otherwise.
    Open,
    Fits,
    Breaks(Finding),
}

/// Why a comparison has no verdict.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    /// The budget is spent.
    TooMuch,
    /// Java's checker throws here, whatever else there is to find.
    Ambiguous(Found),
}

/// A pair that is being compared.
struct Frame {
    reader: TypeId,
    writer: TypeId,
    slots: Slots,
    shape: Shape,
    origin: Origin,
    path: Option<PathId>,
    pending_from: usize,
    /// The next field, branch or item.
    next: u32,
    /// One of the types has a name: the verdict is remembered.
    named: bool,
}

/// How a pair came to be compared.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// The two schemas themselves.
    Start,
    /// Tried out as a branch: only the verdict counts, and locations start anew.
    Trial,
    /// A part of the pair below.
    Part(Token),
}

impl<'a> Comparison<'a> {
    pub(super) fn new(writer: &'a Schema, reader: &'a Schema, budget: u64) -> Self {
        Self {
            writer,
            reader,
            memo: Memo::new(),
            frames: Vec::new(),
            pending: Vec::new(),
            findings: Findings::default(),
            writer_fields: Positions::new(),
            reader_symbols: Positions::new(),
            budget,
        }
    }

    /// Compares one pair with all that is inside.
    pub(super) fn compare(&mut self, writer: TypeId, reader: TypeId, slots: Slots) -> Result<Verdict, Stop> {
        self.frames.clear();
        self.pending.clear();
        let mut verdict = self.enter(reader, writer, slots, Origin::Start)?;
        while !self.frames.is_empty() {
            if let Some(v) = verdict {
                self.receive(v);
            }
            verdict = self.advance()?;
        }
        Ok(verdict.unwrap_or(Verdict::Fits))
    }

    fn spend(&mut self, work: usize) -> Result<(), Stop> {
        self.budget = self.budget.checked_sub(work as u64).ok_or(Stop::TooMuch)?;
        Ok(())
    }

    /// Begins a pair: the verdict if that can be told at once, else a new frame.
    fn enter(
        &mut self,
        reader: TypeId,
        writer: TypeId,
        slots: Slots,
        origin: Origin,
    ) -> Result<Option<Verdict>, Stop> {
        self.spend(1)?;
        let (rk, wk) = (self.reader.kind(reader), self.writer.kind(writer));
        let shape = Shape::of(wk, rk);
        if matches!(shape, Shape::Same | Shape::Promoted(_)) {
            return Ok(Some(Verdict::Fits));
        }
        // Types without a name have nothing inside or one place in their schema, so a pair of them is met through one
        // pair of parents, which is remembered (or has but one place itself, and so on).
        let named = is_named(rk) || is_named(wk);
        if named && let Some(known) = self.memo.get(reader, writer) {
            return Ok(Some(match (*known, origin) {
                (Verdict::Open, _) => Verdict::Fits,
                (Verdict::Breaks(finding), Origin::Part(_)) => {
                    Verdict::Breaks(self.findings.again(finding, (reader, writer), slots))
                }
                (verdict, _) => verdict,
            }));
        }
        match shape {
            Shape::Different => {
                if !named && matches!(origin, Origin::Trial) {
                    return Ok(Some(Verdict::Breaks(Finding::Unrecorded)));
                }
                let path = self.path_of_part(origin);
                let found = Found { what: What::Type, reader, writer, slots, path };
                let verdict = Verdict::Breaks(self.findings.add(found));
                if named {
                    self.memo.insert(reader, writer, verdict);
                }
                return Ok(Some(verdict));
            }
            Shape::ReaderUnion if !named && matches!(origin, Origin::Trial) => {
                if let Some(verdict) = self.try_leaf(reader, writer)? {
                    return Ok(Some(verdict));
                }
            }
            _ => {}
        }
        if named {
            self.memo.insert(reader, writer, Verdict::Open);
        }
        let pending_from = self.pending.len();
        self.frames.push(Frame {
            reader,
            writer,
            slots,
            shape,
            origin,
            path: None,
            pending_from,
            next: 0,
            named,
        });
        if matches!(shape, Shape::Record | Shape::Enum | Shape::Fixed) {
            self.compare_names(reader, writer)?;
        }
        match shape {
            Shape::Fixed => {
                if let (Kind::Fixed(r), Kind::Fixed(w)) = (rk, wk)
                    && r.size != w.size
                {
                    self.note(What::Size, Some(Token::Size));
                }
            }
            Shape::Enum => {
                if self.lacks_symbols(reader, writer)? {
                    self.note(What::Symbols, Some(Token::Symbols));
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(self.finish()))
    }

    /// A writer's type without parts, tried against the branches of a reader's union: no frame is needed.
    fn try_leaf(&mut self, reader: TypeId, writer: TypeId) -> Result<Option<Verdict>, Stop> {
        let Kind::Union(branches) = self.reader.kind(reader) else { return Ok(None) };
        let wk = self.writer.kind(writer);
        if matches!(wk, Kind::Array(_) | Kind::Map(_)) {
            return Ok(None);
        }
        self.spend(branches.len())?;
        for branch in branches {
            let rk = self.reader.kind(*branch);
            match Shape::of(wk, rk) {
                Shape::Same | Shape::Promoted(_) => return Ok(Some(Verdict::Fits)),
                // The pair would be remembered, with a location of its own.
                Shape::Different if is_named(rk) => return Ok(None),
                _ => {}
            }
        }
        Ok(Some(Verdict::Breaks(Finding::Unrecorded)))
    }

    /// Continues the topmost pair until it needs the verdict of another pair (`None`) or has its own.
    fn advance(&mut self) -> Result<Option<Verdict>, Stop> {
        loop {
            let Some(frame) = self.frames.last_mut() else { return Ok(None) };
            let (reader, writer, slots) = (frame.reader, frame.writer, frame.slots);
            let next = frame.next;
            frame.next += 1;
            let verdict = match frame.shape {
                Shape::Array | Shape::Map => {
                    if next > 0 {
                        return Ok(Some(self.finish()));
                    }
                    match (self.reader.kind(reader), self.writer.kind(writer)) {
                        (Kind::Array(r), Kind::Array(w)) => {
                            let inner = Slots { reader: Slot::Items(reader), writer: Slot::Items(writer) };
                            self.enter(*r, *w, inner, Origin::Part(Token::Items))?
                        }
                        (Kind::Map(r), Kind::Map(w)) => {
                            let inner = Slots { reader: Slot::Values(reader), writer: Slot::Values(writer) };
                            self.enter(*r, *w, inner, Origin::Part(Token::Values))?
                        }
                        _ => return Ok(Some(self.finish())),
                    }
                }
                Shape::Record => match self.next_field(reader, writer, next)? {
                    Some(FieldPair::Compare(r, w, found)) => {
                        let inner = Slots { reader: Slot::Field(reader, next), writer: found };
                        self.enter(r, w, inner, Origin::Part(Token::FieldType(next)))?
                    }
                    Some(FieldPair::Default) => continue,
                    None => return Ok(Some(self.finish())),
                },
                Shape::Unions | Shape::WriterUnion => {
                    let Kind::Union(branches) = self.writer.kind(writer) else {
                        return Ok(Some(self.finish()));
                    };
                    let Some(branch) = branches.get(next as usize) else { return Ok(Some(self.finish())) };
                    let origin = match frame.shape {
                        Shape::Unions => Origin::Trial,
                        _ => Origin::Part(Token::Branch(next)),
                    };
                    let inner = Slots { writer: Slot::Branch(writer, next), ..slots };
                    self.enter(reader, *branch, inner, origin)?
                }
                Shape::ReaderUnion => {
                    let Kind::Union(branches) = self.reader.kind(reader) else {
                        return Ok(Some(self.finish()));
                    };
                    match branches.get(next as usize) {
                        Some(branch) => {
                            let inner = Slots { reader: Slot::Branch(reader, next), ..slots };
                            self.enter(*branch, writer, inner, Origin::Trial)?
                        }
                        None => {
                            self.note(What::NoBranch(None), None);
                            return Ok(Some(self.finish()));
                        }
                    }
                }
                _ => return Ok(Some(self.finish())),
            };
            match verdict {
                None => return Ok(None),
                Some(v) => self.receive(v),
            }
        }
    }

    /// Gives the topmost pair the verdict of its part.
    fn receive(&mut self, verdict: Verdict) {
        let Some(frame) = self.frames.last_mut() else { return };
        match (frame.shape, verdict) {
            // One branch that fits is enough: the others are not tried.
            (Shape::ReaderUnion, Verdict::Fits | Verdict::Open) => frame.shape = Shape::Same,
            (Shape::ReaderUnion, Verdict::Breaks(_)) => {}
            (Shape::Unions, Verdict::Breaks(_)) => {
                let branch = frame.next - 1;
                self.note(What::NoBranch(Some(branch)), Some(Token::Branch(branch)));
            }
            (_, Verdict::Breaks(finding)) => self.pending.push(finding),
            (_, Verdict::Fits | Verdict::Open) => {}
        }
    }

    /// Ends the topmost pair.
    fn finish(&mut self) -> Verdict {
        let Some(frame) = self.frames.pop() else { return Verdict::Fits };
        let found = &self.pending[frame.pending_from..];
        let verdict = match found {
            [] => Verdict::Fits,
            [one] => Verdict::Breaks(*one),
            many => Verdict::Breaks(self.findings.of_pair(frame.reader, frame.writer, many)),
        };
        self.pending.truncate(frame.pending_from);
        if frame.named {
            self.memo.set(frame.reader, frame.writer, verdict);
        }
        verdict
    }

    fn compare_names(&mut self, reader: TypeId, writer: TypeId) -> Result<(), Stop> {
        let (rk, wk) = (self.reader.kind(reader), self.writer.kind(writer));
        self.spend(rk.aliases().len())?;
        if names_match(wk, rk) == Some(false) {
            self.note(What::Name, Some(Token::Name));
        }
        Ok(())
    }

    fn lacks_symbols(&mut self, reader: TypeId, writer: TypeId) -> Result<bool, Stop> {
        let (Kind::Enum(r), Kind::Enum(w)) = (self.reader.kind(reader), self.writer.kind(writer)) else {
            return Ok(false);
        };
        for (at, symbol) in w.symbols.iter().enumerate() {
            self.spend(1)?;
            if self.reader_symbols.symbol(reader, r, symbol, at).is_none() {
                self.spend(r.symbols.len())?;
                return Ok(enum_default(r).is_none());
            }
        }
        Ok(false)
    }

    /// What a reader's field is compared with; `None` after the last.
    fn next_field(&mut self, reader: TypeId, writer: TypeId, at: u32) -> Result<Option<FieldPair>, Stop> {
        let (Kind::Record(r), Kind::Record(w)) = (self.reader.kind(reader), self.writer.kind(writer)) else {
            return Ok(None);
        };
        let Some(field) = r.fields.get(at as usize) else { return Ok(None) };
        self.spend(1 + field.aliases.len())?;
        match self.writer_fields.writer_field(writer, w, field, at as usize) {
            FieldMatch::One(found) => {
                let slot = Slot::Field(writer, u32::try_from(found).unwrap_or(u32::MAX));
                Ok(Some(FieldPair::Compare(field.ty, w.fields[found].ty, slot)))
            }
            FieldMatch::None => {
                if field.default.is_some() {
                    return Ok(Some(FieldPair::Default));
                }
                // Java takes the default symbol of an enum for a default of the field, and then compares the enum with
                // the writer's record.
                if let Kind::Enum(e) = self.reader.kind(field.ty)
                    && e.default.is_some()
                {
                    return Ok(Some(FieldPair::Compare(field.ty, writer, Slot::Absent(writer))));
                }
                self.note(What::NoDefault(at), Some(Token::Field(at)));
                Ok(Some(FieldPair::Default))
            }
            FieldMatch::Many => {
                let top = self.frames.len() - 1;
                let path = self.path_of(top);
                let path = self.findings.paths.child(path, Token::Field(at));
                let slots = self.frames[top].slots;
                Err(Stop::Ambiguous(Found { what: What::Ambiguous(at), reader, writer, slots, path }))
            }
        }
    }

    /// Records a finding of the topmost pair, `token` further on.
    fn note(&mut self, what: What, token: Option<Token>) {
        let Some(top) = self.frames.len().checked_sub(1) else { return };
        let Frame { reader, writer, slots, .. } = self.frames[top];
        let finding = if !self.frames[top].named && matches!(self.frames[top].origin, Origin::Trial) {
            Finding::Unrecorded
        } else {
            let mut path = self.path_of(top);
            if let Some(token) = token {
                path = self.findings.paths.child(path, token);
            }
            self.findings.add(Found { what, reader, writer, slots, path })
        };
        self.pending.push(finding);
    }

    /// The location of a part of the topmost pair.
    fn path_of_part(&mut self, origin: Origin) -> PathId {
        match (origin, self.frames.len().checked_sub(1)) {
            (Origin::Part(token), Some(top)) => {
                let parent = self.path_of(top);
                self.findings.paths.child(parent, token)
            }
            _ => PathId::ROOT,
        }
    }

    /// The location of a pair that is being compared; made when it is asked for, with all that it begins with.
    fn path_of(&mut self, at: usize) -> PathId {
        let known = (0..=at)
            .rev()
            .find(|i| self.frames[*i].path.is_some() || !matches!(self.frames[*i].origin, Origin::Part(_)));
        let from = known.unwrap_or(0);
        let mut path = self.frames[from].path.unwrap_or(PathId::ROOT);
        self.frames[from].path = Some(path);
        for frame in &mut self.frames[from + 1..=at] {
            if let Origin::Part(token) = frame.origin {
                path = self.findings.paths.child(path, token);
            }
            frame.path = Some(path);
        }
        path
    }
}

/// What a reader's field is compared with.
enum FieldPair {
    /// The reader's type, the writer's, and where that stands.
    Compare(TypeId, TypeId, Slot),
    /// Nothing: it takes its default, or lacks one, which is noted.
    Default,
}
