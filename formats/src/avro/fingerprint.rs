//! Fingerprints (Avro specification, "Schema Fingerprints").

use md5::{Digest, Md5};
use sha2::Sha256;

use super::Schema;

/// The fingerprint of no bytes.
const EMPTY: u64 = 0xc15d_213a_a4d7_a795;

const TABLE: [u64; 256] = table();

const fn table() -> [u64; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut fp = i as u64;
        let mut bit = 0;
        while bit < 8 {
            fp = (fp >> 1) ^ (EMPTY & 0u64.wrapping_sub(fp & 1));
            bit += 1;
        }
        table[i] = fp;
        i += 1;
    }
    table
}

/// CRC-64-AVRO, the 64-bit Rabin fingerprint. Single-object encoding carries it with the lowest byte first.
pub fn crc64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(EMPTY, |fp, &byte| (fp >> 8) ^ TABLE[((fp ^ u64::from(byte)) & 0xff) as usize])
}

/// MD5, in the order of the digest's bytes.
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// SHA-256, in the order of the digest's bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Schema {
    /// CRC-64-AVRO of the Parsing Canonical Form: the fingerprint that single-object encoding carries.
    pub fn fingerprint(&self) -> u64 {
        crc64(self.parsing_canonical_form().as_bytes())
    }
}
