//! Reading at a place of a plan: straight, or what was written with another schema (Avro specification, "Schema Resolution").

use super::fault::Fault;
use super::reader::Reader;
use super::steps::Step;
use crate::plan::program::{Op, Program, Span};
use ottla_formats::avro::resolve::Promotion;

/// A place in a reader's plan: how to read the next value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(
    /// As wide as a register: parts of one are slow to put together.
    usize,
);

/// What one writer's symbol is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol<'p> {
    /// The position of the reader's symbol.
    Known(u32),
    /// A symbol that the reader has not, by its name.
    Unknown(&'p str),
}

impl At {
    /// Where the value was written as the reader's own type writes it. Without a plan, that is everywhere.
    pub const DIRECT: Self = Self::node(Program::DIRECT);

    pub(crate) const fn node(node: u32) -> Self {
        Self(node as usize)
    }

    /// Was the value written as the reader's own type writes it?
    #[inline]
    pub fn is_direct(self) -> bool {
        self == Self::DIRECT
    }
}

impl<'a> Reader<'a> {
    fn op(&self, at: At) -> Result<Op, Fault> {
        self.program.map(|program| program.op(at.0)).ok_or(Fault::Plan)
    }

    /// How to read the fields of a record: a step for each, in the order of the type's own schema, and one for the end. All have
    /// to be taken, by [`next`](Self::next) and [`end`](Self::end). A number that is not that of the schema is [`Fault::Plan`].
    #[inline]
    pub fn record<const STEPS: usize>(&mut self, at: At) -> Result<&'a [Step; STEPS], Fault> {
        if at.is_direct() { Ok(&[Step::DIRECT; STEPS]) } else { self.planned(at) }
    }

    #[inline(never)]
    fn planned<const STEPS: usize>(&mut self, at: At) -> Result<&'a [Step; STEPS], Fault> {
        // Most are of this kind.
        if let Some(program) = self.program
            && let Op::Record(span) = program.op(at.0)
        {
            return program.steps(span).try_into().map_err(|_| Fault::Plan);
        }
        match self.steps(at)? {
            Some(steps) => steps.try_into().map_err(|_| Fault::Plan),
            None => Ok(&[Step::DIRECT; STEPS]),
        }
    }

    /// Nothing if it was written as the reader's own.
    #[inline(never)]
    fn steps(&mut self, at: At) -> Result<Option<&'a [Step]>, Fault> {
        let at = self.past_writer_union(at)?;
        let program = self.program.ok_or(Fault::Plan)?;
        match program.op(at.0) {
            Op::Record(span) => Ok(Some(program.steps(span))),
            Op::Jumbled(span) => {
                self.begin_jumps();
                Ok(Some(program.steps(span)))
            }
            Op::Direct => Ok(None),
            _ => Err(Fault::Plan),
        }
    }

    /// Where the writer has a union and the reader has none, the branch that was written.
    #[inline]
    fn past_writer_union(&mut self, at: At) -> Result<At, Fault> {
        match self.op(at)? {
            Op::WriterUnion(span) => self.branch_of(span),
            _ => Ok(at),
        }
    }

    fn branch_of(&mut self, span: Span) -> Result<At, Fault> {
        let program = self.program.ok_or(Fault::Plan)?;
        let branches = program.branches(span);
        let branch = self.branch(u32::try_from(branches.len()).unwrap_or(u32::MAX))?;
        Ok(At::node(branches[branch as usize]))
    }
}

/// For each primitive type how it is read at a place, and as the next field of a record: straight if the plan says so, else
/// whatever the writer's type asks for.
macro_rules! primitives {
    ($($(#[$doc:meta])* $at:ident, $slow:ident, $next:ident, $stepped:ident, $read:ident -> $ty:ty $(, $text:path)?, { $($promotion:ident => $convert:expr),* };)*) => {
        impl<'a> Reader<'a> {$(
            $(#[$doc])*
            #[inline]
            pub fn $at(&mut self, at: At) -> Result<$ty, Fault> {
                if at.is_direct() { self.$read() } else { self.$slow(at) }
            }

            #[inline(never)]
            fn $slow(&mut self, at: At) -> Result<$ty, Fault> {
                let at = self.past_writer_union(at)?;
                match self.op(at)? {
                    Op::Direct => self.$read(),
                    $(Op::Promote(Promotion::$promotion) => {
                        let convert: fn(&mut Self) -> Result<$ty, Fault> = $convert;
                        convert(self)
                    })*
                    _ => Err(Fault::Plan),
                }
            }

            #[doc(hidden)]
            #[inline(always)]
            pub fn $next(&mut self, step: Step) -> Result<$ty, Fault> {
                if step.is_direct() { self.$read() } else { self.$stepped(step) }
            }

            #[inline(never)]
            fn $stepped(&mut self, step: Step) -> Result<$ty, Fault> {
                $(if let Some(text) = self.default_text(step)? {
                    return Ok($text(text));
                })?
                let at = self.next(step)?;
                self.$at(at)
            }
        )*}
    };
}

#[allow(clippy::cast_precision_loss, reason = "the promotions of the specification lose digits")]
mod promotions {
    use super::{At, Fault, Op, Promotion, Reader, Step};

    primitives! {
        /// A `boolean`.
        boolean_at, boolean_through, boolean_next, boolean_stepped, boolean -> bool, {};
        /// An `int`.
        int_at, int_through, int_next, int_stepped, int -> i32, {};
        /// A `long`, from an `int` as well.
        long_at, long_through, long_next, long_stepped, long -> i64, { IntToLong => |from| from.int().map(i64::from) };
        /// A `float`, from an `int` or `long` as well.
        float_at, float_through, float_next, float_stepped, float -> f32, {
            IntToFloat => |from| from.int().map(|n| n as f32),
            LongToFloat => |from| from.long().map(|n| n as f32)
        };
        /// A `double`, from any other number as well.
        double_at, double_through, double_next, double_stepped, double -> f64, {
            IntToDouble => |from| from.int().map(f64::from),
            LongToDouble => |from| from.long().map(|n| n as f64),
            FloatToDouble => |from| from.float().map(f64::from)
        };
        /// `bytes`, from a `string` as well.
        bytes_at, bytes_through, bytes_next, bytes_stepped, bytes -> &'a [u8], { StringToBytes => |from| from.bytes() };
        /// `bytes`, copied.
        byte_vec_at, byte_vec_through, byte_vec_next, byte_vec_stepped, byte_vec -> Vec<u8>, {
            StringToBytes => |from| from.byte_vec()
        };
        /// A `string` as part of the message, from `bytes` as well: they have to be UTF-8 then.
        str_at, str_through, str_next, str_stepped, str -> &'a str, std::convert::identity, { BytesToString => |from| from.str() };
        /// A `string`, from `bytes` as well: what is not UTF-8 in them becomes U+FFFD, as in Java.
        string_at, string_through, string_next, string_stepped, string -> String, String::from, {
            BytesToString => |from| from.bytes().map(|b| String::from_utf8_lossy(b).into_owned())
        };
        /// A `null`. The writer may have had a union with it.
        null_at, null_through, null_next, null_stepped, null -> (), {};
    }
}

impl<'a> Reader<'a> {
    /// Goes to a value of a type that no other is promoted to: past a writer's union. That is all that reading a `null` is.
    #[inline]
    pub(super) fn unpromoted_at(&mut self, at: At) -> Result<(), Fault> {
        self.null_at(at)
    }

    /// `bytes` or a `string`, whichever of both the writer had.
    pub(super) fn text_or_bytes_at(&mut self, at: At) -> Result<&'a [u8], Fault> {
        if at.is_direct() {
            return self.bytes();
        }
        let at = self.past_writer_union(at)?;
        match self.op(at)? {
            Op::Direct | Op::Promote(Promotion::StringToBytes | Promotion::BytesToString) => self.bytes(),
            _ => Err(Fault::Plan),
        }
    }

    /// A `fixed`.
    #[inline]
    pub fn fixed_at<const N: usize>(&mut self, at: At) -> Result<[u8; N], Fault> {
        self.unpromoted_at(at)?;
        self.fixed()
    }

    /// The position of the reader's symbol, of an enum with so many.
    #[inline]
    pub fn symbol_at(&mut self, at: At, count: u32) -> Result<u32, Fault> {
        match self.open_symbol_at(at, count)? {
            Symbol::Known(position) => Ok(position),
            Symbol::Unknown(_) => Err(Fault::Plan),
        }
    }

    /// The same where symbols are kept that the reader has not.
    #[inline]
    pub fn open_symbol_at(&mut self, at: At, count: u32) -> Result<Symbol<'a>, Fault> {
        if at.is_direct() { self.symbol(count).map(Symbol::Known) } else { self.symbol_through(at, count) }
    }

    #[inline(never)]
    fn symbol_through(&mut self, at: At, count: u32) -> Result<Symbol<'a>, Fault> {
        let at = self.past_writer_union(at)?;
        match (self.op(at)?, self.program) {
            (Op::Direct, _) => self.symbol(count).map(Symbol::Known),
            (Op::Enum(span), Some(program)) => {
                let table = program.symbols(span);
                let position = self.symbol(u32::try_from(table.len()).unwrap_or(u32::MAX))?;
                Ok(program.symbol(table[position as usize]))
            }
            _ => Err(Fault::Plan),
        }
    }

    /// The position of the branch of the reader's union with so many, and how to read what is in it.
    #[inline]
    pub fn branch_at(&mut self, at: At, count: u32) -> Result<(u32, At), Fault> {
        if at.is_direct() { Ok((self.branch(count)?, at)) } else { self.branch_through(at, count) }
    }

    #[inline(never)]
    fn branch_through(&mut self, at: At, count: u32) -> Result<(u32, At), Fault> {
        let at = self.past_writer_union(at)?;
        match self.op(at)? {
            Op::ReaderUnion { branch, node } if branch < count => Ok((branch, At::node(node))),
            Op::Direct => Ok((self.branch(count)?, at)),
            _ => Err(Fault::Plan),
        }
    }

    /// A union of `null`, whose position is given, 0 or 1, and one other branch.
    #[inline]
    pub fn option_at<T, E: From<Fault>>(
        &mut self,
        at: At,
        null: u32,
        some: impl FnOnce(&mut Self, At) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let (branch, at) = self.branch_at(at, 2)?;
        if branch != null {
            return some(self, at).map(Some);
        }
        self.null_at(at)?;
        Ok(None)
    }

    /// How to read the items of an array or the values of a map.
    #[inline]
    pub(super) fn items_at(&mut self, at: At) -> Result<At, Fault> {
        if at.is_direct() { Ok(at) } else { self.items_through(at) }
    }

    #[inline(never)]
    fn items_through(&mut self, at: At) -> Result<At, Fault> {
        let at = self.past_writer_union(at)?;
        match self.op(at)? {
            Op::Direct => Ok(at),
            Op::Items(node) => Ok(At::node(node)),
            _ => Err(Fault::Plan),
        }
    }
}
