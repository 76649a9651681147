//! Reading through a plan what was written with another schema (Avro specification, "Schema Resolution").

use super::fault::Fault;
use super::reader::Reader;
use crate::plan::program::{Op, Other, Pass, Program, Span, Step};
use ottla_formats::avro::resolve::Promotion;

/// A place in a plan: how to read the next value.
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    program: &'p Program,
    /// As wide as a register, as is all that [`Steps::next`] returns: parts of one are slow to put together.
    node: usize,
}

/// What one writer's symbol is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol<'p> {
    /// The position of the reader's symbol.
    Known(u32),
    /// A symbol that the reader has not, by its name.
    Unknown(&'p str),
}

/// The fields of a record, in the order in which they are to be read.
#[derive(Debug)]
pub struct Steps<'a> {
    program: &'a Program,
    rest: std::slice::Iter<'a, Step>,
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

    /// The fields to read, or `None` if the record was written as the reader's own.
    #[inline]
    pub fn record(self, from: &mut Reader<'p>) -> Result<Option<Steps<'p>>, Fault> {
        if self.is_direct() {
            return Ok(None);
        }
        let mut op = self.op();
        if let Op::WriterUnion(span) = op {
            op = self.branch_of(span, from)?.op();
        }
        match op {
            Op::Record(span) => {
                let rest = self.program.steps(span).iter();
                Ok(Some(Steps { program: self.program, rest }))
            }
            Op::Direct => Ok(None),
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

impl<'a> Steps<'a> {
    /// The position of the next field to read and how to read it. What the reader does not want is passed over; a
    /// default is read like any other value.
    #[inline]
    pub fn next(&mut self, from: &mut Reader<'a>) -> Result<Option<(usize, At<'a>)>, Fault> {
        match self.rest.next() {
            Some(step) if step.is_other() => self.other(step, from),
            Some(step) => {
                Ok(Some((step.field as usize, At { program: self.program, node: step.node as usize })))
            }
            None => {
                // The last was a default.
                from.end_default();
                Ok(None)
            }
        }
    }

    /// Something else, and what comes behind it. Defaults are the last.
    #[inline(never)]
    fn other(&mut self, mut step: &'a Step, from: &mut Reader<'a>) -> Result<Option<(usize, At<'a>)>, Fault> {
        from.end_default();
        let at = |node: u32| At { program: self.program, node: node as usize };
        while step.is_other() {
            match self.program.other(*step) {
                Other::Pass(pass) => from.pass(self.program, pass)?,
                Other::Default(bytes) => {
                    let bytes = self.program.default(bytes);
                    // It is no part of the message, and comes again with every item.
                    from.memory = from.memory.checked_sub(bytes.len()).ok_or(Fault::Memory)?;
                    from.begin_default(bytes);
                    return Ok(Some((step.field as usize, at(Program::DIRECT))));
                }
            }
            let Some(next) = self.rest.next() else { return Ok(None) };
            step = next;
        }
        Ok(Some((step.field as usize, at(step.node))))
    }
}

/// One method for each primitive type: straight if the plan says so, else whatever the writer's type asks for.
macro_rules! primitives {
    ($($(#[$doc:meta])* $at:ident, $slow:ident, $into:ident, $read:ident -> $ty:ty, { $($promotion:ident => $convert:expr),* };)*) => {
        impl<'a> Reader<'a> {$(
            $(#[$doc])*
            #[inline]
            pub fn $at(&mut self, at: At<'a>) -> Result<$ty, Fault> {
                if at.is_direct() { self.$read() } else { self.$slow(at) }
            }

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

            /// The same into a place for it. One function for all fields of the type: they would make much code.
            #[doc(hidden)]
            #[inline(never)]
            pub fn $into(&mut self, at: At<'a>, slot: &mut Option<$ty>) -> Result<(), Fault> {
                *slot = Some(self.$at(at)?);
                Ok(())
            }
        )*}
    };
}

#[allow(clippy::cast_precision_loss, reason = "the promotions of the specification lose digits")]
mod promotions {
    use super::{At, Fault, Op, Promotion, Reader};

    primitives! {
        /// A `boolean`.
        boolean_at, boolean_through, boolean_into, boolean -> bool, {};
        /// An `int`.
        int_at, int_through, int_into, int -> i32, {};
        /// A `long`, from an `int` as well.
        long_at, long_through, long_into, long -> i64, { IntToLong => |from| from.int().map(i64::from) };
        /// A `float`, from an `int` or `long` as well.
        float_at, float_through, float_into, float -> f32, {
            IntToFloat => |from| from.int().map(|n| n as f32),
            LongToFloat => |from| from.long().map(|n| n as f32)
        };
        /// A `double`, from any other number as well.
        double_at, double_through, double_into, double -> f64, {
            IntToDouble => |from| from.int().map(f64::from),
            LongToDouble => |from| from.long().map(|n| n as f64),
            FloatToDouble => |from| from.float().map(f64::from)
        };
        /// `bytes`, from a `string` as well.
        bytes_at, bytes_through, bytes_into, bytes -> &'a [u8], { StringToBytes => |from| from.bytes() };
        /// A `string` as part of the message, from `bytes` as well: they have to be UTF-8 then.
        str_at, str_through, str_into, str -> &'a str, { BytesToString => |from| from.str() };
        /// A `string`, from `bytes` as well: what is not UTF-8 in them becomes U+FFFD, as in Java.
        string_at, string_through, string_into, string -> String, {
            BytesToString => |from| from.bytes().map(|b| String::from_utf8_lossy(b).into_owned())
        };
    }
}

/// Puts a value into a place for it.
#[doc(hidden)]
#[inline(never)]
pub fn fill<T>(slot: &mut Option<T>, value: Result<T, Fault>) -> Result<(), Fault> {
    *slot = Some(value?);
    Ok(())
}

impl<'a> Reader<'a> {
    /// A `null`. The writer may have had a union with it.
    #[inline]
    pub fn null_at(&mut self, at: At<'a>) -> Result<(), Fault> {
        at.past_writer_union(self).map(drop)
    }

    /// `bytes`, copied.
    #[inline]
    pub fn byte_vec_at(&mut self, at: At<'a>) -> Result<Vec<u8>, Fault> {
        self.bytes_at(at).map(<[u8]>::to_vec)
    }

    /// The same into a place for it.
    #[doc(hidden)]
    #[inline(never)]
    pub fn byte_vec_into(&mut self, at: At<'a>, slot: &mut Option<Vec<u8>>) -> Result<(), Fault> {
        *slot = Some(self.byte_vec_at(at)?);
        Ok(())
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
    #[inline]
    pub fn option_at<T>(
        &mut self,
        at: At<'a>,
        null: u32,
        some: impl FnOnce(&mut Self, At<'a>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let (branch, at) = self.branch_at(at, 2)?;
        if branch == null { self.null_at(at).map(|()| None) } else { some(self, at).map(Some) }
    }

    /// An `array`.
    #[inline]
    pub fn array_at<T>(
        &mut self,
        at: At<'a>,
        min: usize,
        read: impl FnMut(&mut Self) -> Result<T, Fault>,
        mut resolve: impl FnMut(&mut Self, At<'a>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        match self.items_at(at)? {
            None => self.array(min, read),
            Some(item) => self.array(0, |from| resolve(from, item)),
        }
    }

    /// A `map`.
    #[inline]
    pub fn map_at<M: super::blocks::Entries<'a>>(
        &mut self,
        at: At<'a>,
        min: usize,
        read: impl FnMut(&mut Self) -> Result<M::Value, Fault>,
        mut resolve: impl FnMut(&mut Self, At<'a>) -> Result<M::Value, Fault>,
    ) -> Result<M, Fault> {
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

    #[inline]
    fn pass(&mut self, program: &'a Program, pass: Pass) -> Result<(), Fault> {
        match pass {
            Pass::Varint => self.long().map(drop),
            Pass::Bytes(size) => self.take(size as usize).map(drop),
            Pass::Prefixed => self.bytes().map(drop),
            Pass::Other(id) => self.skip(program.plan(), id),
        }
    }
}
