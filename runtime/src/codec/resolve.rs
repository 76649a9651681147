//! Reading through a plan what was written with another schema (Avro specification, "Schema Resolution").

use super::fault::Fault;
use super::reader::Reader;
use super::steps::Steps;
use crate::plan::program::{Op, Program, Span};
use ottla_formats::avro::resolve::Promotion;

/// A place in a plan: how to read the next value.
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    pub(super) program: &'p Program,
    /// As wide as a register: parts of one are slow to put together.
    pub(super) node: usize,
}

/// What one writer's symbol is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol<'p> {
    /// The position of the reader's symbol.
    Known(u32),
    /// A symbol that the reader has not, by its name.
    Unknown(&'p str),
}

impl<'p> At<'p> {
    pub(crate) fn root(program: &'p Program) -> Self {
        Self { program, node: program.root as usize }
    }

    /// Was the value written as the reader's own type writes it?
    #[inline]
    pub fn is_direct(self) -> bool {
        self.node == Program::DIRECT as usize
    }

    fn to(self, node: u32) -> Self {
        Self { node: node as usize, ..self }
    }

    fn op(self) -> Op {
        self.program.op(self.node)
    }

    /// How to read the fields of a record, or `None` if it was written as the reader's own.
    #[inline]
    pub fn record(self, from: &mut Reader<'p>) -> Result<Option<Steps<'p>>, Fault> {
        if self.is_direct() {
            return Ok(None);
        }
        let steps = match self.program.steps_at(self.node) {
            Some(steps) => steps,
            None => self.steps(from)?,
        };
        Ok(if steps.is_empty() { None } else { Some(Steps::new(self.program, steps)) })
    }

    /// No steps if it was written as the reader's own.
    #[inline(never)]
    fn steps(self, from: &mut Reader<'p>) -> Result<&'p [u32], Fault> {
        let mut op = self.op();
        if let Op::WriterUnion(span) = op {
            op = self.branch_of(span, from)?.op();
        }
        match op {
            Op::Record(span) => Ok(self.program.steps(span)),
            Op::Direct => Ok(&[]),
            _ => Err(Fault::Plan),
        }
    }

    /// Where the writer has a union and the reader has none, the branch that was written.
    fn past_writer_union(self, from: &mut Reader<'_>) -> Result<Self, Fault> {
        match self.op() {
            Op::WriterUnion(span) => self.branch_of(span, from),
            _ => Ok(self),
        }
    }

    fn branch_of(self, span: Span, from: &mut Reader<'_>) -> Result<Self, Fault> {
        let branches = self.program.branches(span);
        let branch = from.branch(u32::try_from(branches.len()).unwrap_or(u32::MAX))?;
        Ok(self.to(branches[branch as usize]))
    }
}

/// One method for each primitive type: straight if the plan says so, else whatever the writer's type asks for.
/// Reading the next field is a function for all fields of the type, as the code in each place would take long to compile;
/// but for text, where a call costs as much as what it does.
macro_rules! primitives {
    ($($(#[$doc:meta])* [$inline:ident] $at:ident, $slow:ident, $next:ident, $other:ident, $read:ident -> $ty:ty, { $($promotion:ident => $convert:expr),* };)*) => {
        impl<'a> Reader<'a> {$(
            $(#[$doc])*
            #[inline]
            pub fn $at(&mut self, at: At<'a>) -> Result<$ty, Fault> {
                if at.is_direct() { self.$read() } else { self.$slow(at) }
            }

            #[inline(never)]
            fn $slow(&mut self, at: At<'a>) -> Result<$ty, Fault> {
                match at.past_writer_union(self)?.op() {
                    Op::Direct => self.$read(),
                    $(Op::Promote(Promotion::$promotion) => {
                        let convert: fn(&mut Self) -> Result<$ty, Fault> = $convert;
                        convert(self)
                    })*
                    _ => Err(Fault::Plan),
                }
            }

            /// The next field of a record.
            #[doc(hidden)]
            #[inline($inline)]
            pub fn $next(&mut self, steps: &mut Steps<'a>) -> Result<$ty, Fault> {
                if steps.is_direct() { self.$read() } else { self.$other(steps) }
            }

            /// One function for all fields of the type: they would make much code.
            #[inline(never)]
            fn $other(&mut self, steps: &mut Steps<'a>) -> Result<$ty, Fault> {
                let at = steps.next(self)?;
                self.$at(at)
            }
        )*}
    };
}

#[allow(clippy::cast_precision_loss, reason = "the promotions of the specification lose digits")]
mod promotions {
    use super::{At, Fault, Op, Promotion, Reader, Steps};

    primitives! {
        /// A `boolean`.
        [never] boolean_at, boolean_through, boolean_next, boolean_other, boolean -> bool, {};
        /// An `int`.
        [never] int_at, int_through, int_next, int_other, int -> i32, {};
        /// A `long`, from an `int` as well.
        [never] long_at, long_through, long_next, long_other, long -> i64, { IntToLong => |from| from.int().map(i64::from) };
        /// A `float`, from an `int` or `long` as well.
        [never] float_at, float_through, float_next, float_other, float -> f32, {
            IntToFloat => |from| from.int().map(|n| n as f32),
            LongToFloat => |from| from.long().map(|n| n as f32)
        };
        /// A `double`, from any other number as well.
        [never] double_at, double_through, double_next, double_other, double -> f64, {
            IntToDouble => |from| from.int().map(f64::from),
            LongToDouble => |from| from.long().map(|n| n as f64),
            FloatToDouble => |from| from.float().map(f64::from)
        };
        /// `bytes`, from a `string` as well.
        [never] bytes_at, bytes_through, bytes_next, bytes_other, bytes -> &'a [u8], { StringToBytes => |from| from.bytes() };
        /// A `string` as part of the message, from `bytes` as well: they have to be UTF-8 then.
        [always] str_at, str_through, str_next, str_other, str -> &'a str, { BytesToString => |from| from.str() };
        /// A `string`, from `bytes` as well: what is not UTF-8 in them becomes U+FFFD, as in Java.
        [always] string_at, string_through, string_next, string_other, string -> String, {
            BytesToString => |from| from.bytes().map(|b| String::from_utf8_lossy(b).into_owned())
        };
    }
}

impl<'a> Reader<'a> {
    /// A `null`. The writer may have had a union with it.
    #[inline]
    pub fn null_at(&mut self, at: At<'a>) -> Result<(), Fault> {
        at.past_writer_union(self).map(drop)
    }

    /// The same of the next field of a record.
    #[doc(hidden)]
    #[inline(never)]
    pub fn null_next(&mut self, steps: &mut Steps<'a>) -> Result<(), Fault> {
        let at = steps.next(self)?;
        self.null_at(at)
    }

    /// `bytes`, copied.
    #[inline]
    pub fn byte_vec_at(&mut self, at: At<'a>) -> Result<Vec<u8>, Fault> {
        self.bytes_at(at).map(<[u8]>::to_vec)
    }

    /// The same of the next field of a record.
    #[doc(hidden)]
    #[inline(never)]
    pub fn byte_vec_next(&mut self, steps: &mut Steps<'a>) -> Result<Vec<u8>, Fault> {
        let at = steps.next(self)?;
        self.byte_vec_at(at)
    }

    /// `bytes` or a `string`, whichever of both the writer had.
    pub(super) fn text_or_bytes_at(&mut self, at: At<'a>) -> Result<&'a [u8], Fault> {
        match at.past_writer_union(self)?.op() {
            Op::Direct | Op::Promote(Promotion::StringToBytes | Promotion::BytesToString) => self.bytes(),
            _ => Err(Fault::Plan),
        }
    }

    /// A `fixed`.
    #[inline]
    pub fn fixed_at<const N: usize>(&mut self, at: At<'a>) -> Result<[u8; N], Fault> {
        at.past_writer_union(self)?;
        self.fixed()
    }

    /// The position of the reader's symbol, of an enum with so many.
    #[inline]
    pub fn symbol_at(&mut self, at: At<'a>, count: u32) -> Result<u32, Fault> {
        match self.open_symbol_at(at, count)? {
            Symbol::Known(position) => Ok(position),
            Symbol::Unknown(_) => Err(Fault::Plan),
        }
    }

    /// The same where symbols are kept that the reader has not.
    #[inline]
    pub fn open_symbol_at(&mut self, at: At<'a>, count: u32) -> Result<Symbol<'a>, Fault> {
        let at = at.past_writer_union(self)?;
        match at.op() {
            Op::Direct => self.symbol(count).map(Symbol::Known),
            Op::Enum(span) => {
                let table = at.program.symbols(span);
                let position = self.symbol(u32::try_from(table.len()).unwrap_or(u32::MAX))?;
                Ok(at.program.symbol(table[position as usize]))
            }
            _ => Err(Fault::Plan),
        }
    }

    /// The position of the branch of the reader's union with so many, and how to read what is in it.
    #[inline]
    pub fn branch_at(&mut self, at: At<'a>, count: u32) -> Result<(u32, At<'a>), Fault> {
        if at.is_direct() { Ok((self.branch(count)?, at)) } else { self.branch_through(at, count) }
    }

    fn branch_through(&mut self, at: At<'a>, count: u32) -> Result<(u32, At<'a>), Fault> {
        let at = at.past_writer_union(self)?;
        match at.op() {
            Op::ReaderUnion { branch, node } if branch < count => Ok((branch, at.to(node))),
            Op::Direct => Ok((self.branch(count)?, at)),
            _ => Err(Fault::Plan),
        }
    }

    /// A union of `null`, whose position is given, 0 or 1, and one other branch.
    #[inline(never)]
    pub fn option_at<T, E: From<Fault>>(
        &mut self,
        at: At<'a>,
        null: u32,
        some: impl FnOnce(&mut Self, At<'a>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let (branch, at) = self.branch_at(at, 2)?;
        if branch != null {
            return some(self, at).map(Some);
        }
        self.null_at(at)?;
        Ok(None)
    }

    /// An `array`.
    #[inline(never)]
    pub fn array_at<T, E: From<Fault>>(
        &mut self,
        at: At<'a>,
        min: usize,
        read: impl FnMut(&mut Self) -> Result<T, E>,
        mut resolve: impl FnMut(&mut Self, At<'a>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        match self.items_at(at)? {
            None => self.array(min, read),
            Some(item) => self.array(0, |from| resolve(from, item)),
        }
    }

    /// A `map`.
    #[inline(never)]
    pub fn map_at<M: super::blocks::Entries<'a>, E: From<Fault>>(
        &mut self,
        at: At<'a>,
        min: usize,
        read: impl FnMut(&mut Self) -> Result<M::Value, E>,
        mut resolve: impl FnMut(&mut Self, At<'a>) -> Result<M::Value, E>,
    ) -> Result<M, E> {
        match self.items_at(at)? {
            None => self.map(min, read),
            Some(value) => self.map(0, |from| resolve(from, value)),
        }
    }

    /// How to read the items of an array or the values of a map, or `None` if they were written as the reader's own.
    fn items_at(&mut self, at: At<'a>) -> Result<Option<At<'a>>, Fault> {
        let at = at.past_writer_union(self)?;
        match at.op() {
            Op::Direct => Ok(None),
            Op::Items(node) => Ok(Some(at.to(node))),
            _ => Err(Fault::Plan),
        }
    }
}
