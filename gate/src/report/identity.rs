//! What makes a finding the same as one of an earlier run, so that tools do not report it as new.

use ottla_formats::avro::fingerprint::sha256;

use super::json::direction;
use crate::finding::Finding;

/// A text that stays the same while lines move: 32 hexadecimal digits over the rule, the subject (or the file, where there
/// is none), the kind of the baseline, the JSON pointer, the direction and the version.
///
/// A version of git is a commit, which is another one after every merge, so it does not count.
pub(super) fn identity(finding: &Finding) -> String {
    let place = finding.place.as_ref();
    let kind = finding.baseline.as_deref().map(|baseline| baseline.split(':').next().unwrap_or_default());
    let version = finding.version.as_deref().filter(|_| kind != Some("git"));
    let parts = [
        finding.rule.id,
        finding.subject.as_deref().or(place.map(|place| place.file.as_str())).unwrap_or_default(),
        kind.unwrap_or_default(),
        place.map(|place| place.pointer.as_str()).unwrap_or_default(),
        finding.direction.map(direction).unwrap_or_default(),
        version.unwrap_or_default(),
    ];
    digits(&parts)
}

/// 32 hexadecimal digits over some texts.
pub(super) fn digits(parts: &[&str]) -> String {
    // With their lengths, so that no two lists are the same text.
    let text: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
    sha256(text.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
