//! What a process asked of the system, as strace wrote it down, and whether data was synced before anybody heard of it.
//!
//! The order of the lines is what counts: a call has ended before the line that says so is written, and has not begun
//! before the line that it begins with is.

use std::collections::HashMap;

/// What strace has to be told for [`parse`] to understand what it writes.
pub const OPTIONS: &[&str] = &["-D", "-f", "-ttt", "-yy", "-xx", "-s", "9000", "-e", CALLS];
const CALLS: &str =
    "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";

/// A system call that concerns an open file or socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// The path of the file, or both ends of the connection.
    pub target: String,
    /// What was read or written.
    pub data: Vec<u8>,
    /// The line that it begins with, and the one that says that it has ended; none if it never did.
    pub begins: usize,
    /// See `begins`.
    pub ends: usize,
    /// What it returned.
    pub result: i64,
}

/// Why a write must not have been acknowledged when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// Nobody asked for it.
    Unasked,
    /// It is not in the log.
    Unwritten,
    /// It is in the log, and was not synced before the answer.
    Unsynced,
    /// What was synced was not the whole of its batch.
    Uncommitted,
}

/// Reads what strace wrote.
pub fn parse(trace: &str) -> Vec<Call> {
    let (mut calls, mut unfinished) = (Vec::new(), HashMap::<&str, (usize, &str)>::new());
    for (number, line) in trace.lines().enumerate() {
        // The process, the time, and what it is about.
        let mut words = line.splitn(2, ' ');
        let (process, rest) =
            (words.next().unwrap_or_default(), words.next().unwrap_or_default().trim_start());
        let event = rest.split_once(' ').map_or("", |(_, event)| event);
        if let Some(begin) = event.strip_suffix(" <unfinished ...>") {
            unfinished.insert(process, (number, begin));
        } else if let Some(resumed) = event.strip_prefix("<... ") {
            let end = resumed.split_once(" resumed>").map_or("", |(_, end)| end);
            if let Some((begins, begin)) = unfinished.remove(process) {
                calls.extend(call(&format!("{begin}{end}"), begins, number));
            }
        } else {
            calls.extend(call(event, number, number));
        }
    }
    // What never ended, such as an answer to somebody who is gone.
    let open = unfinished.into_values();
    calls.extend(open.filter_map(|(begins, begin)| call(&format!("{begin}) = -1"), begins, usize::MAX)));
    calls.sort_by_key(|call| call.begins);
    calls
}

/// `name(12<target>, ...) = result`
fn call(text: &str, begins: usize, ends: usize) -> Option<Call> {
    let (call, result) = text.rsplit_once(") = ")?;
    let (name, arguments) = call.split_once('(')?;
    let target = arguments.split_once('<')?.1;
    // Paths are in hexadecimal digits, sockets are not, and hold an arrow.
    let end = target.find(">,").or_else(|| target.ends_with('>').then(|| target.len() - 1))?;
    let (target, arguments) = (&target[..end], &target[end..]);
    let data = arguments.split('"').skip(1).step_by(2).flat_map(bytes).collect();
    let result = result.split(' ').next()?.parse().unwrap_or(-1);
    let target = String::from_utf8_lossy(&bytes(target)).into_owned();
    Some(Call { name: name.to_owned(), target, data, begins, ends, result })
}

/// `\x2f` is a byte, anything else stands for itself.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2.min(part.len()));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend(rest.as_bytes());
    }
    bytes
}

/// Says of every mark that an answer with status 200 holds whether what it marks was synced before the answer. A mark is
/// a text that the request holds too, and what is stored for it, and nothing else.
pub fn judge(calls: &[Call], mark: impl Fn(&[u8]) -> Option<String>) -> Vec<(String, Result<(), Problem>)> {
    let answers = calls.iter().filter(|call| call.is_write() && call.data.starts_with(b"HTTP/1.1 200"));
    let judged = answers.filter_map(|answer| Some((mark(&answer.data)?, answer)));
    judged.map(|(mark, answer)| (mark.clone(), judge_one(calls, &mark, answer))).collect()
}

fn judge_one(calls: &[Call], mark: &str, answer: &Call) -> Result<(), Problem> {
    let holds = |call: &&Call| call.data.windows(mark.len()).any(|window| window == mark.as_bytes());
    let mut before = calls.iter().filter(|call| call.ends < answer.begins);
    let request = before.find(|call| call.is_read() && call.target == answer.target && holds(call));
    let request = request.ok_or(Problem::Unasked)?;
    let log = |call: &&Call| call.target.ends_with("-wal");
    let mut writes = calls.iter().filter(log).filter(|call| call.is_write());
    let written = writes.find(|call| call.begins > request.ends && call.ends < answer.begins && holds(call));
    let written = written.ok_or(Problem::Unwritten)?;
    let is_sync =
        |call: &&Call| matches!(&*call.name, "fsync" | "fdatasync") && call.target == written.target;
    let mut syncs = calls.iter().filter(is_sync).filter(|call| call.begins > written.ends);
    let sync = syncs.find(|call| call.ends < answer.begins && call.result == 0).ok_or(Problem::Unsynced)?;
    // The last frame of a transaction says how large the database is then; the others say 0.
    let mut in_sync = calls.iter().filter(log).filter(|call| call.is_write() && call.ends < sync.begins);
    let header = in_sync.rfind(|call| call.data.len() == 24).ok_or(Problem::Uncommitted)?;
    if header.data[4..8] == [0; 4] { Err(Problem::Uncommitted) } else { Ok(()) }
}

impl Call {
    fn is_write(&self) -> bool {
        ["write", "writev", "sendto", "sendmsg", "pwrite64", "pwritev"].contains(&&*self.name)
    }

    fn is_read(&self) -> bool {
        ["read", "readv", "recvfrom", "recvmsg"].contains(&&*self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCKET: &str = "9<TCP:[127.0.0.1:8081->127.0.0.1:5000]>";
    const ASKED: &str =
        r#"recvfrom(9<TCP:[127.0.0.1:8081->127.0.0.1:5000]>, "POST Mark1", 8192, 0, NULL, NULL) = 10"#;
    const HEADER: &str = r#"pwrite64(12</db-wal>, "12345678901234567890abcd", 24, 32) = 24"#;
    const PAGE: &str = r#"pwrite64(12<\x2f\x64\x62-wal>, "page \x4d\x61rk1", 4096, 56) = 4096"#;
    const SYNC: &str = "fdatasync(12</db-wal>) = 0";
    const ANSWER: &str = r#"writev(9<TCP:[127.0.0.1:8081->127.0.0.1:5000]>, [{iov_base="HTTP/1.1 200 OK", iov_len=15}, {iov_base="Mark1", iov_len=5}], 2) = 20"#;

    fn mark(data: &[u8]) -> Option<String> {
        String::from_utf8_lossy(data).contains("Mark1").then(|| "Mark1".to_owned())
    }

    /// Judges a trace in which each line is another thread's.
    fn check(lines: &[&str], expected: Result<(), Problem>) {
        let lines: Vec<String> =
            lines.iter().zip(100..).map(|(line, n)| format!("{n} 17.{n} {line}")).collect();
        let judged = judge(&parse(&lines.join("\n")), mark);
        assert_eq!(judged, [("Mark1".to_owned(), expected)], "{lines:#?}");
    }

    #[test]
    fn calls_are_read() {
        let trace = format!(
            "7 17.1 fsync(12</db-wal> <unfinished ...>\n8 17.2 {ASKED}\n7 17.3 <... fsync resumed>) = 0\n\
             9 17.4 read(3<a>,  <unfinished ...>\n9 17.5 <... read resumed>\"\\x00a\", 5) = 2\n\
             8 17.6 recvfrom({SOCKET}, 0x7f, 8192, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)\n\
             7 17.7 --- SIGTERM {{si_signo=SIGTERM}} ---\n7 17.8 fsync(1<x> <unfinished ...>\n8 17.9 +++ exited with 0 +++"
        );
        let calls = parse(&trace);
        let seen: Vec<_> = calls.iter().map(|c| (&*c.name, &*c.target, c.begins, c.ends, c.result)).collect();
        let socket = "TCP:[127.0.0.1:8081->127.0.0.1:5000]";
        let expected = [
            ("fsync", "/db-wal", 0, 2, 0),
            ("recvfrom", socket, 1, 1, 10),
            ("read", "a", 3, 4, 2),
            ("recvfrom", socket, 5, 5, -1),
            ("fsync", "x", 7, usize::MAX, -1),
        ];
        assert_eq!(seen, expected);
        assert_eq!((&calls[1].data[..], &calls[2].data[..]), (&b"POST Mark1"[..], &b"\0a"[..]));
    }

    #[test]
    fn what_is_synced_first_is_right() {
        check(&[ASKED, HEADER, PAGE, SYNC, ANSWER], Ok(()));
        // Another batch may be under way.
        check(&[ASKED, HEADER, PAGE, SYNC, HEADER, PAGE, ANSWER, SYNC], Ok(()));
        check(&[SYNC, ASKED, SYNC, HEADER, PAGE, "fsync(12</db-wal>) = 0", ANSWER], Ok(()));
    }

    #[test]
    fn what_is_not_synced_first_is_found() {
        for lines in [
            // No sync at all, before the write, after the answer, of another file, or in vain.
            &[ASKED, HEADER, PAGE, ANSWER][..],
            &[ASKED, SYNC, HEADER, PAGE, ANSWER],
            &[ASKED, HEADER, PAGE, ANSWER, SYNC],
            &[ASKED, HEADER, PAGE, "fdatasync(11</db>) = 0", ANSWER],
            &[ASKED, HEADER, PAGE, "fdatasync(12</db-wal>) = -1 EIO (Input/output error)", ANSWER],
        ] {
            check(lines, Err(Problem::Unsynced));
        }
        check(&[ASKED, ANSWER, HEADER, PAGE, SYNC], Err(Problem::Unwritten));
        check(&[ASKED, SYNC, ANSWER], Err(Problem::Unwritten));
        check(&[HEADER, PAGE, SYNC, ANSWER, ASKED], Err(Problem::Unasked));
        let other = ASKED.replace("5000", "5001");
        check(&[&other, HEADER, PAGE, SYNC, ANSWER], Err(Problem::Unasked));
        // The sync came between two frames of a transaction.
        let middle = HEADER.replace("12345678", r"1234\x00\x00\x00\x00");
        check(&[ASKED, &middle, PAGE, SYNC, HEADER, ANSWER], Err(Problem::Uncommitted));
        check(&[ASKED, &middle, PAGE, HEADER, PAGE, SYNC, ANSWER], Ok(()));
    }

    #[test]
    fn a_sync_counts_from_its_begin_to_its_end() {
        let begin = "fdatasync(12</db-wal> <unfinished ...>";
        let end = "<... fdatasync resumed>) = 0";
        let threads = |lines: [(u32, &str); 6]| {
            let lines: Vec<String> =
                lines.iter().map(|(thread, line)| format!("{thread} 17.0 {line}")).collect();
            judge(&parse(&lines.join("\n")), mark)[0].1
        };
        assert_eq!(threads([(1, ASKED), (1, HEADER), (1, PAGE), (2, begin), (2, end), (1, ANSWER)]), Ok(()));
        let too_early = [(1, ASKED), (1, HEADER), (2, begin), (1, PAGE), (2, end), (1, ANSWER)];
        assert_eq!(threads(too_early), Err(Problem::Unsynced));
        let too_late = [(1, ASKED), (1, HEADER), (1, PAGE), (2, begin), (1, ANSWER), (2, end)];
        assert_eq!(threads(too_late), Err(Problem::Unsynced));
    }
}
