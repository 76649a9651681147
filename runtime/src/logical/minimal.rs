//! The shortest two's complement bytes of a number.

use std::ops::Deref;

/// The shortest big-endian two's complement bytes of a number of 128 bits: one to sixteen of them, without
/// allocating. Dereferences to them.
#[derive(Debug, Clone, Copy)]
pub struct MinimalBytes {
    bytes: [u8; 16],
    start: u8,
}

impl MinimalBytes {
    /// Those of a number; zero has one.
    pub const fn of(number: i128) -> Self {
        let signs = if number < 0 { number.leading_ones() } else { number.leading_zeros() };
        // One bit of sign stays; every eight beyond it are a byte that says nothing.
        Self { bytes: number.to_be_bytes(), start: ((signs - 1) / 8) as u8 }
    }
}

impl Deref for MinimalBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[usize::from(self.start)..]
    }
}

impl AsRef<[u8]> for MinimalBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Without the bytes in front that only repeat the sign; no bytes are zero.
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    let Some(&first) = bytes.first() else { return &[0] };
    let sign = if first < 0x80 { 0x00 } else { 0xff };
    let mut bytes = bytes;
    while let [next, rest @ ..] = bytes
        && *next == sign
        // The byte after must still show the sign.
        && rest.first().is_some_and(|after| (after ^ sign) < 0x80)
    {
        bytes = rest;
    }
    bytes
}

/// The number of big-endian two's complement bytes, of any length; `None` if it needs more than 128 bits. No bytes
/// are zero.
pub(super) fn to_i128(bytes: &[u8]) -> Option<i128> {
    let bytes = if bytes.len() > 16 { trim(bytes) } else { bytes };
    let start = 16usize.checked_sub(bytes.len())?;
    let negative = bytes.first().is_some_and(|&first| first >= 0x80);
    let mut wide = if negative { [0xff; 16] } else { [0; 16] };
    wide[start..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(wide))
}

/// Extends the sign to `N` bytes; `None` if the number needs more.
pub(super) fn to_fixed<const N: usize>(minimal: &[u8]) -> Option<[u8; N]> {
    let start = N.checked_sub(minimal.len())?;
    let negative = minimal.first().is_some_and(|&first| first >= 0x80);
    let mut fixed = if negative { [0xff; N] } else { [0; N] };
    fixed[start..].copy_from_slice(minimal);
    Some(fixed)
}
