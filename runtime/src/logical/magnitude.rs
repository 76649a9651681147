//! Numbers of any size, between bytes and decimal digits.
//!
//! Both ways take time that grows with the square of the length, so both stop at [`MAX_DIGITS`].

use std::fmt::{self, Formatter, Write};

use super::minimal::trim;

/// The longest number that is read from or written as decimal digits: a few milliseconds.
pub(super) const MAX_DIGITS: usize = 10_000;

/// Bytes that hold any number of so many digits.
const MAX_BYTES: usize = 4_153;

/// Nine digits at a time.
const CHUNK: u64 = 1_000_000_000;
const CHUNK_DIGITS: usize = 9;

pub(super) fn is_negative(minimal: &[u8]) -> bool {
    minimal.first().is_some_and(|&first| first >= 0x80)
}

/// The number without its sign, as big-endian bytes.
fn magnitude(minimal: &[u8]) -> Vec<u8> {
    let mut bytes = minimal.to_vec();
    if is_negative(minimal) {
        negate(&mut bytes);
    }
    bytes
}

/// In two's complement; the most negative number of a length stays, which is its size without a sign.
fn negate(bytes: &mut [u8]) {
    let mut carry = true;
    for byte in bytes.iter_mut().rev() {
        (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
    }
}

/// How many bits the number needs beside its sign. For negative powers of two that is one less than they need without
/// a sign.
fn bits(minimal: &[u8]) -> u64 {
    let first = minimal.first().copied().unwrap_or(0);
    let signs = if first < 0x80 { first.leading_zeros() } else { first.leading_ones() };
    minimal.len() as u64 * 8 - u64::from(signs)
}

/// The decimal digits of the number without its sign; `None` if there are more than are reasonable.
pub(super) fn digits(minimal: &[u8]) -> Option<String> {
    if minimal.len() > MAX_BYTES {
        return None;
    }
    let bytes = magnitude(minimal);
    // Words of 32 bits, the highest first.
    let mut words: Vec<u32> = bytes
        .rchunks(4)
        .rev()
        .map(|word| word.iter().fold(0, |value, &byte| (value << 8) | u32::from(byte)))
        .collect();
    let mut chunks = Vec::with_capacity(words.len() * 32 / 29 + 1);
    let mut first = 0;
    while first < words.len() {
        chunks.push(divide(&mut words[first..]));
        first += words[first..].iter().take_while(|&&word| word == 0).count();
    }
    let highest = chunks.pop().unwrap_or(0);
    let mut text = highest.to_string();
    for chunk in chunks.iter().rev() {
        // Writing to a String does not fail.
        let _ = write!(text, "{chunk:09}");
    }
    Some(text)
}

/// Divides by the size of a chunk and returns what is over.
fn divide(words: &mut [u32]) -> u64 {
    words.iter_mut().fold(0, |rest, word| {
        let value = (rest << 32) | u64::from(*word);
        // The rest is less than the divisor, so the quotient fits.
        *word = (value / CHUNK) as u32;
        value % CHUNK
    })
}

/// The minimal bytes of decimal digits, which must not be more than are reasonable.
pub(super) fn from_digits(is_negative: bool, digits: &[u8]) -> Box<[u8]> {
    // Words of 32 bits, the lowest first.
    let mut words: Vec<u32> = Vec::new();
    let (head, tail) = digits.split_at(digits.len() % CHUNK_DIGITS);
    for chunk in std::iter::once(head).chain(tail.chunks(CHUNK_DIGITS)) {
        let mut carry = chunk.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        for word in &mut words {
            let value = u64::from(*word) * CHUNK + carry;
            *word = value as u32;
            carry = value >> 32;
        }
        if carry > 0 {
            words.push(carry as u32);
        }
    }
    // A zero in front leaves room for the sign.
    let mut bytes = vec![0];
    bytes.extend(words.iter().rev().flat_map(|word| word.to_be_bytes()));
    if is_negative {
        negate(&mut bytes);
    }
    trim(&bytes).into()
}

/// Whether the number has at most so many decimal digits. Exact up to [`MAX_DIGITS`]; beyond that, numbers with as
/// many bits as the least that has too many digits are taken for good.
pub(super) fn has_at_most(minimal: &[u8], precision: u32) -> bool {
    let size = bits(minimal);
    // 10 to the power of the precision, the least number with too many digits, has so many bits. A power of two that
    // is taken for one bit less is rightly good: it is the least of its bits, so less than that number.
    let limit = (f64::from(precision) * std::f64::consts::LOG2_10) as u64 + 1;
    if size != limit || precision as usize > MAX_DIGITS {
        return size <= limit;
    }
    digits(minimal).is_some_and(|digits| digits.len() <= precision as usize)
}

/// What is shown of a number that is too long for decimal digits: exact all the same.
pub(super) fn write_hexadecimal(f: &mut Formatter<'_>, minimal: &[u8], scale: i64) -> fmt::Result {
    f.write_str(if is_negative(minimal) { "-0x" } else { "0x" })?;
    for byte in magnitude(minimal) {
        write!(f, "{byte:02x}")?;
    }
    write!(f, "*10^{}", -scale)
}
