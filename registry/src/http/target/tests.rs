use super::*;

/// `segments | query`, or the refusal.
fn prepared(sent: &str) -> String {
    let target = sent.parse::<PathAndQuery>().expect("a target").pipe(Target::prepare);
    match target {
        Ok(target) => {
            let segments: Vec<_> = (0..target.count()).map(|i| target.segment(i)).collect();
            format!("{} | {}", segments.join(" "), target.slice(target.query)).trim().to_owned()
        }
        Err(refusal) => refusal.to_string(),
    }
}

trait Pipe: Sized {
    fn pipe<T>(self, f: impl FnOnce(Self) -> T) -> T {
        f(self)
    }
}
impl<T> Pipe for T {}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (sent, expected) in cases {
        assert_eq!(prepared(sent), *expected, "{sent}");
    }
}

#[test]
fn plain_targets_are_split_in_place() {
    check(&[
        ("/", "|"),
        ("/subjects", "subjects |"),
        ("/subjects/", "subjects |"),
        ("/subjects/a/versions/latest?deleted=true", "subjects a versions latest | deleted=true"),
        ("/subjects/:.ctx:a+b/versions?", "subjects :.ctx:a+b versions |"),
        ("/subjects/./a", "subjects . a |"),
        ("/subjects/x/../a", "subjects x .. a |"),
        ("/subjects/日本", "subjects 日本 |"),
    ]);
    let target = Target::prepare("/schemas/ids/1?x=y".parse().expect("a target")).expect("fine");
    assert!(matches!(target.text, Text::AsSent(_)));
    let long = prepared("/1/2/3/4/5/6/7/8/9/10");
    assert!(long.starts_with("1 2 3 4 5 6 7 8"), "{long}");
}

#[test]
fn segments_are_decoded_once() {
    check(&[
        ("/subjects/a%2Fb", "subjects a/b |"),
        ("/subjects/a%252Fb", "subjects a%2Fb |"),
        ("/subjects/%E6%97%A5%3F%23%3B%20", "subjects 日?#;  |"),
        ("/subjects/a%2E%2Eb", "subjects a..b |"),
        ("/subjects/%C2%80", "subjects \u{80} |"),
        ("/subjects/a;x=1/versions;y", "subjects a versions |"),
        ("/subjects/a%3Bb/", "subjects a;b |"),
        ("/associations/resources//t", "associations resources  t |"),
        ("/subjects?subjectPrefix=%3A", "subjects | subjectPrefix=%3A"),
    ]);
}

#[test]
fn what_the_container_refuses() {
    check(&[
        ("//", "Ambiguous URI empty segment"),
        ("//subjects", "Ambiguous URI empty segment"),
        ("/subjects//a", "Ambiguous URI empty segment"),
        ("/subjects//", "Ambiguous URI empty segment"),
        ("/subjects/;x/versions", "Ambiguous URI empty segment"),
        ("/subjects/a\\b", "Illegal character in URI"),
        ("/subjects/a%5Cb", "Illegal character in URI"),
        ("/subjects/%00", "Illegal character in URI"),
        ("/subjects/%1f", "Illegal character in URI"),
        ("/subjects/%7F", "Illegal character in URI"),
        ("/subjects/%2E", "Ambiguous URI path segment"),
        ("/subjects/%2e./a", "Ambiguous URI path segment"),
        ("/subjects/%2E%2E/a", "Ambiguous URI path segment"),
        ("/contexts/%00/subjects", "Illegal character in URI"),
        ("/subjects/%zz", "Bad escape in URI"),
        ("/subjects/%4", "Bad escape in URI"),
        ("/subjects/%C3%28", "Bad UTF-8 encoding in URI"),
        ("/subjects?x=%", "Bad escape in URI"),
    ]);
}

#[test]
fn context_prefixes_are_rewritten() {
    check(&[
        ("/contexts", "contexts |"),
        ("/contexts/", "contexts |"),
        ("/contexts/a", "contexts :.a: |"),
        ("/contexts/.a/", "contexts :.a: |"),
        ("/contexts/:.a:", "contexts :.a: |"),
        ("/contexts/.", "contexts :.: |"),
        ("/contexts/a/subjects", "subjects | subjectPrefix=:.a:"),
        ("/contexts/a/subjects?deleted=true&subjectPrefix=b", "subjects | deleted=true&subjectPrefix=:.a:b"),
        ("/contexts/a/schemas?subjectPrefix=:*:b", "schemas | subjectPrefix=:*:b"),
        ("/contexts/a/schemas/ids/1", "schemas ids 1 | subject=:.a:"),
        ("/contexts/a/schemas/ids/1?subject=%3A.b%3A", "schemas ids 1 | subject=%3A.b%3A"),
        ("/contexts/a/subjects/s/versions/1", "subjects :.a:s versions 1 | subjectPrefix=:.a:"),
        ("/contexts/a/subjects/:.b:s/versions", "subjects :.b:s versions | subjectPrefix=:.a:"),
        ("/contexts/a/subjects/subjects/versions", "subjects :.a:subjects versions | subjectPrefix=:.a:"),
        ("/contexts/a/compatibility/subjects/s/versions", "compatibility subjects :.a:s versions |"),
        ("/contexts/a/config", "config :.a: |"),
        ("/contexts/a/mode/", "mode :.a: |"),
        ("/contexts/a/config/s", "config :.a:s |"),
        ("/contexts/a/contexts", "contexts |"),
        ("/contexts/a/nope", "nope |"),
        ("/contexts/a:b/subjects", "Context name 'a:b' cannot contain a colon"),
        ("/contexts/:.a:b:/subjects", "Context name ':.a:b:' cannot contain a colon"),
    ]);
}

#[test]
fn escaped_colons_do_not_make_a_context() {
    check(&[
        ("/contexts/%3A.a%3A/config", "config :.:.a:: |"),
        ("/contexts/%3A.a%3A/mode/s", "mode :.:.a::s |"),
        ("/contexts/a%3Ab/mode/name", "mode :.a:b:name |"),
    ]);
}
