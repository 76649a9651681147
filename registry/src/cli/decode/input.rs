//! Messages in files and on standard input.

use std::io::{self, BufRead, Read as _};

use clap::ValueEnum;

use super::failure::Failure;
use super::text::Notation;

/// How long one message may be, in bytes. A line may be four times as long.
const MOST: usize = 128 << 20;

/// What files and standard input hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Input {
    /// What it looks like: a container file, one message, or lines of hexadecimal digits or Base64
    Auto,
    /// One message, as it is; a line feed may come after it, as kcat prints one
    Raw,
    /// A message in hexadecimal digits on each line
    Hex,
    /// A message in Base64 on each line
    Base64,
    /// Messages with their lengths before them, as kcat prints with -f '%R%s'
    Sized,
}

/// What is done with each message, and what went wrong before it could be. A place such as `line 3` comes with it, and
/// `None` for one without a payload.
pub(super) type Each<'e> = dyn FnMut(&str, Result<Option<&[u8]>, Failure>) -> Result<(), Failure> + 'e;

/// Reads one message, as it is.
pub(super) fn raw(source: &mut dyn BufRead, each: &mut Each<'_>) -> Result<(), Failure> {
    let bytes = at_most(source, MOST, "the message")?;
    each("", Ok(Some(&bytes)))
}

/// Reads a message from each line.
pub(super) fn lines(
    source: &mut dyn BufRead,
    notation: Notation,
    each: &mut Each<'_>,
) -> Result<(), Failure> {
    let mut number = 0_usize;
    while let Some(line) = line(source)? {
        number += 1;
        each_line(&line, number, Some(notation), each)?;
    }
    Ok(())
}

/// Reads messages that may be of text or not: what is no text of a message is one as it is.
pub(super) fn either(source: &mut dyn BufRead, each: &mut Each<'_>) -> Result<(), Failure> {
    let is_message = matches!(source.fill_buf().map_err(Failure::file)?.first(), None | Some(0 | 1 | 0xc3));
    if is_message {
        return raw(source, each);
    }
    let mut number = 0_usize;
    while let Some(line) = line(source)? {
        number += 1;
        if number == 1 && std::str::from_utf8(&line).ok().and_then(Notation::of).is_none() && !is_blank(&line)
        {
            return raw(&mut io::Cursor::new(line).chain(source), each);
        }
        each_line(&line, number, None, each)?;
    }
    Ok(())
}

/// Reads messages with their lengths, 4 bytes with the highest first. -1: there is no payload.
pub(super) fn sized(source: &mut dyn BufRead, each: &mut Each<'_>) -> Result<(), Failure> {
    for number in 1_usize.. {
        let place = format!("message {number}");
        let length = at_most(&mut source.take(4), 4, "a length")?;
        let length = match length.as_slice() {
            [] => return Ok(()),
            [a, b, c, d] => i32::from_be_bytes([*a, *b, *c, *d]),
            _ => return Err(Failure::file("the input ends within its length").at(place)),
        };
        let Ok(length) = usize::try_from(length) else {
            if length != -1 {
                return Err(Failure::file(format!("its length is {length}")).at(place));
            }
            each(&place, Ok(None))?;
            continue;
        };
        let bytes =
            at_most(&mut source.take(length as u64), MOST, "the message").map_err(|e| e.at(&place))?;
        if bytes.len() < length {
            let words = format!("the input ends after {} of its {length} bytes", bytes.len());
            return Err(Failure::file(words).at(place));
        }
        each(&place, Ok(Some(&bytes)))?;
    }
    Ok(())
}

/// Reads the message of a line.
fn each_line(
    line: &[u8],
    number: usize,
    notation: Option<Notation>,
    each: &mut Each<'_>,
) -> Result<(), Failure> {
    if is_blank(line) {
        return Ok(());
    }
    let place = format!("line {number}");
    let text = std::str::from_utf8(line).map_err(|_| "this is not text".to_owned());
    let bytes = text.and_then(|text| {
        let notation = notation.or_else(|| Notation::of(text));
        notation.ok_or("neither hexadecimal digits nor Base64 of a message")?.read(text)
    });
    match bytes {
        Ok(bytes) => each(&place, Ok(Some(&bytes))),
        Err(why) => each(&place, Err(Failure::Message(why))),
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// The next line, with its end.
fn line(source: &mut dyn BufRead) -> Result<Option<Vec<u8>>, Failure> {
    let mut line = Vec::new();
    let most = 4 * MOST;
    let read = source.take(most as u64).read_until(b'\n', &mut line).map_err(Failure::file)?;
    if read == most {
        return Err(Failure::file(format!("a line is longer than {most} bytes")));
    }
    Ok((read > 0).then_some(line))
}

/// All bytes. Room is made as they come, not as somebody promises them.
fn at_most(source: &mut dyn io::Read, most: usize, what: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    source.take(most as u64 + 1).read_to_end(&mut bytes).map_err(Failure::file)?;
    if bytes.len() > most {
        return Err(Failure::file(format!("{what} is longer than {most} bytes")));
    }
    Ok(bytes)
}
