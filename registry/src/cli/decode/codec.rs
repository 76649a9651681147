//! How blocks of container files are compressed (Avro specification, "Required Codecs", "Optional Codecs").

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// At first so many bytes get room.
const ROOM: usize = 64 << 10;

/// How blocks are compressed. The specification's bzip2, xz and zstandard are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Null,
    Deflate,
    Snappy,
}

impl Codec {
    /// By the name in the header.
    pub(super) fn named(name: &[u8]) -> Result<Self, String> {
        match name {
            b"null" | b"" => Ok(Self::Null),
            b"deflate" => Ok(Self::Deflate),
            b"snappy" => Ok(Self::Snappy),
            other => Err(format!(
                "the codec {:?} is not supported: null, deflate and snappy are",
                String::from_utf8_lossy(&other[..other.len().min(32)])
            )),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Deflate => "deflate",
            Self::Snappy => "snappy",
        }
    }

    /// The bytes as they were, if there are not more than `most` of them.
    pub(super) fn decompress(self, block: Vec<u8>, most: usize) -> Result<Vec<u8>, String> {
        match self {
            Self::Null => Ok(block),
            Self::Deflate => inflate(&block, most),
            Self::Snappy => snappy(&block, most),
        }
    }
}

/// DEFLATE (RFC 1951), without any wrapper.
fn inflate(block: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let mut stream = Decompress::new(false);
    let mut out = Vec::new();
    loop {
        out.reserve(out.len().max(ROOM));
        let before = (stream.total_in(), out.len());
        // It has never taken more than the block.
        let rest = usize::try_from(stream.total_in()).ok().and_then(|at| block.get(at..)).unwrap_or_default();
        let status = stream.decompress_vec(rest, &mut out, FlushDecompress::None);
        match status.map_err(|error| format!("it is not compressed by deflate: {error}"))? {
            _ if out.len() > most => return Err(too_long(most)),
            Status::StreamEnd => return Ok(out),
            // Without any progress, though there is room, something is missing.
            _ if (stream.total_in(), out.len()) == before => {
                return Err("its compressed bytes end too early".to_owned());
            }
            _ => {}
        }
    }
}

/// Snappy, followed by the CRC-32 of the bytes as they were.
fn snappy(block: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let (compressed, expected) = block
        .split_last_chunk::<4>()
        .ok_or("it is too short for a checksum, which follows snappy's bytes")?;
    let wrong = |error: snap::Error| format!("it is not compressed by snappy: {error}");
    if snap::raw::decompress_len(compressed).map_err(wrong)? > most {
        return Err(too_long(most));
    }
    let bytes = snap::raw::Decoder::new().decompress_vec(compressed).map_err(wrong)?;
    let mut crc = Crc::new();
    crc.update(&bytes);
    if crc.sum() == u32::from_be_bytes(*expected) {
        Ok(bytes)
    } else {
        Err("its checksum is wrong".to_owned())
    }
}

fn too_long(most: usize) -> String {
    format!("it is longer than {most} bytes when it is decompressed")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn deflated_bytes_come_back_unless_there_are_too_many() {
        let bytes: Vec<u8> = (0..300_000_u32).flat_map(|n| (n % 1000).to_le_bytes()).collect();
        for bytes in [&bytes[..], &[], b"a"] {
            let block = deflate(bytes);
            assert_eq!(Codec::Deflate.decompress(block.clone(), bytes.len()).as_deref(), Ok(bytes));
            for end in 0..block.len().min(64) {
                let error = inflate(&block[..end], 1 << 30).unwrap_err();
                assert_eq!(error, "its compressed bytes end too early", "{end} of {}", block.len());
            }
        }
        let bomb = deflate(&vec![0; 10 << 20]);
        assert!(inflate(&bomb, 1 << 20).unwrap_err().starts_with("it is longer than 1048576 bytes"));
    }

    #[test]
    fn snappy_has_a_checksum() {
        let bytes = b"abcabcabcabcabcabcabc";
        let mut block = snap::raw::Encoder::new().compress_vec(bytes).unwrap();
        let mut crc = Crc::new();
        crc.update(bytes);
        block.extend(crc.sum().to_be_bytes());
        assert_eq!(snappy(&block, 21).as_deref(), Ok(&bytes[..]));
        assert!(snappy(&block, 20).is_err());
        *block.last_mut().unwrap() ^= 1;
        assert_eq!(snappy(&block, 21), Err("its checksum is wrong".to_owned()));
        for end in 0..block.len() {
            assert!(snappy(&block[..end], 21).is_err(), "{end}");
        }
        // 4 GiB, as it says.
        assert!(snappy(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0], 1 << 20).is_err());
    }
}
