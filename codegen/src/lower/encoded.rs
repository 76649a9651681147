//! Values in Avro's binary encoding.

/// What is left of some bytes. Nothing is read if they end too early.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoded<'b>(pub(super) &'b [u8]);

impl<'b> Encoded<'b> {
    /// So many bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number: zig-zag, seven bits a byte, the lowest first.
    pub(super) fn long(&mut self) -> Option<i64> {
        self.number(10)
    }

    /// A number of 32 bits.
    pub(super) fn int(&mut self) -> Option<i32> {
        self.number(5)?.try_into().ok()
    }

    /// Bytes after their length.
    pub(super) fn prefixed(&mut self) -> Option<&'b [u8]> {
        let length = self.long()?.try_into().ok()?;
        self.take(length)
    }

    #[allow(clippy::cast_possible_wrap, reason = "bits are meant, not numbers")]
    fn number(&mut self, most: usize) -> Option<i64> {
        let length = self.0.iter().take(most).position(|byte| *byte < 0x80)? + 1;
        let bytes = self.take(length)?.iter().rev();
        let n = bytes.fold(0_u64, |n, byte| (n << 7) | u64::from(byte & 0x7f));
        Some((n >> 1) as i64 ^ -((n & 1) as i64))
    }
}
