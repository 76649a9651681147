//! Locks of the size that large companies have.

use super::*;

/// 5,000 subjects with several versions of 20 fields each: millions of values in one file.
#[test]
fn many_subjects_are_read() {
    let folder = TempDir::new().expect("a folder");
    let mut lock = Lock::new(folder.path().join("ottla.lock"));
    let names: Vec<String> = (0..21).map(|n| format!("field{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let count = 5_000;
    for at in 0..count {
        let name = format!("com.example.Event{at}");
        let versions: Vec<Schema> = (19..22).map(|fields| record(&name, &names[..fields])).collect();
        lock.put(subject(&format!("subject-{at:05}"), &versions));
    }
    lock.write().expect("a file");
    let read = Lock::read(lock.path()).expect("a lock");
    assert_eq!(read.subjects().len(), count);
    assert_eq!(read.history("subject-04999").len(), 3);
    // More values than one text of JSON may have.
    assert!(ottla_formats::json::parse(&read.to_text()).is_err());
}
