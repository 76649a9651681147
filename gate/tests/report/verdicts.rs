//! The verdicts.

use ottla_formats::compatibility::{Direction, Level};
use ottla_formats::json::Position;
use ottla_gate::finding::{Finding, Place, Rollout, Severity, Waived};
use ottla_gate::rule;
use ottla_gate::verdict::{Check, Outcome, Verdict};

pub const GIT: &str = "git:origin/main";
pub const REGISTRY: &str = "registry:http://localhost:8081";

/// Each with its name.
pub fn all() -> Vec<(&'static str, Verdict)> {
    let empty = Verdict::default();
    vec![
        ("outcomes", outcomes()),
        ("fine", fine()),
        ("waived", waived()),
        ("not-compared", not_compared()),
        ("hostile", super::hostile::verdict()),
        ("empty", empty),
    ]
}

/// A place of one line.
pub fn place(file: &str, line: usize, column: usize, width: usize, pointer: &str) -> Place {
    Place {
        file: file.to_owned(),
        position: Position { line, column },
        end: Position { line, column: column + width },
        pointer: pointer.to_owned(),
    }
}

pub fn check(file: &str, subject: &str, baseline: &str, outcome: Outcome) -> Check {
    Check {
        file: Some(file.to_owned()),
        subject: Some(subject.to_owned()),
        baseline: baseline.to_owned(),
        level: Some(Level::Backward),
        outcome,
        compared: Vec::new(),
        reason: None,
        rollout: None,
    }
}

/// What breaks, with everything that can be said of it.
pub fn incompatible() -> Finding {
    Finding {
        place: Some(place("schemas/order_created.avsc", 9, 5, 38, "/fields/4")),
        subject: Some("orders-value".into()),
        baseline: Some(REGISTRY.into()),
        version: Some("version 3".into()),
        level: Some(Level::BackwardTransitive),
        direction: Some(Direction::Backward),
        consequence: Some(
            "a consumer with this schema cannot read what a producer still on version 3 writes".into(),
        ),
        old: Some("{\"type\": \"record\", \"name\": \"OrderCreated\",\n  \"fields\": [4 fields]}".into()),
        new: Some("{\"name\": \"currency\", \"type\": \"string\"}".into()),
        fix: Some("add \"default\": null and make the type [\"null\", \"string\"]".into()),
        rollout: Some(Rollout::ProducersFirst),
        ..Finding::new(
            &rule::READER_FIELD_NO_DEFAULT,
            Severity::Error,
            "field \"currency\" has no default, and version 3 does not write it",
        )
    }
}

/// What somebody answers for.
fn answered_for(expires: Option<&str>, owner: &str) -> Finding {
    Finding {
        place: Some(place("schemas/payment.avsc", 12, 44, 8, "/fields/2/type")),
        subject: Some("payments-value".into()),
        baseline: Some(GIT.into()),
        version: Some("1a2b3c4".into()),
        level: Some(Level::Full),
        direction: Some(Direction::Forward),
        consequence: Some("a consumer still on 1a2b3c4 cannot read what this producer writes".into()),
        waived: Some(Waived {
            owner: owner.into(),
            reason: "all consumers were moved to \"payments-v2\"".into(),
            expires: expires.map(str::to_owned),
        }),
        ..Finding::new(&rule::TYPE, Severity::Error, "string is not read as long")
    }
}

fn about(mut finding: Finding, subject: &str, baseline: &str) -> Finding {
    finding.subject = Some(subject.into());
    finding.baseline = Some(baseline.into());
    finding
}

/// Each outcome, and findings of every weight.
pub fn outcomes() -> Verdict {
    let mut verdict = Verdict { checks: a_check_of_each(), findings: a_finding_of_each() };
    verdict.sort();
    verdict
}

fn a_check_of_each() -> Vec<Check> {
    let compared = |versions: &[&str]| versions.iter().map(|&version| version.to_owned()).collect::<Vec<_>>();
    vec![
        check("schemas/added.avsc", "added-value", GIT, Outcome::New),
        check("schemas/address.avsc", "com.example.Address", GIT, Outcome::Unchanged),
        Check {
            compared: compared(&["version 2"]),
            rollout: Some(Rollout::ConsumersFirst),
            ..check("schemas/parcel.avsc", "parcels-value", REGISTRY, Outcome::Compatible)
        },
        Check {
            level: Some(Level::FullTransitive),
            compared: compared(&["version 5", "version 4", "version 3", "version 2", "version 1"]),
            rollout: Some(Rollout::Any),
            reason: Some("renamed from schemas/shipment.avsc".into()),
            ..check("schemas/sent.avsc", "shipments-value", REGISTRY, Outcome::Compatible)
        },
        Check {
            level: Some(Level::None),
            ..check("schemas/draft.avsc", "drafts-value", GIT, Outcome::Unchecked)
        },
        Check {
            compared: compared(&["1a2b3c4"]),
            ..check("schemas/payment.avsc", "payments-value", GIT, Outcome::Waived)
        },
        Check {
            level: Some(Level::BackwardTransitive),
            compared: compared(&["version 3", "version 2", "version 1"]),
            rollout: Some(Rollout::Never),
            ..check("schemas/order_created.avsc", "orders-value", REGISTRY, Outcome::Incompatible)
        },
        Check {
            subject: None,
            level: None,
            ..check("schemas/broken.avsc", "", "lock:schemas/ottla.lock", Outcome::Invalid)
        },
        check("schemas/gone.avsc", "gone-value", GIT, Outcome::Removed),
        Check {
            level: None,
            reason: Some("the registry does not know the subject: a new one takes --allow-new".into()),
            ..check("schemas/typo.avsc", "ordres-value", REGISTRY, Outcome::NotCompared)
        },
        Check {
            file: None,
            subject: None,
            level: None,
            reason: None,
            ..check("", "", "lock:schemas/ottla.lock", Outcome::NotCompared)
        },
    ]
}

fn a_finding_of_each() -> Vec<Finding> {
    vec![
        incompatible(),
        Finding {
            version: Some("version 2".into()),
            old: None,
            new: None,
            fix: None,
            rollout: Some(Rollout::Never),
            ..incompatible()
        },
        answered_for(Some("2026-12-31"), "team-payments"),
        answered_for(None, ""),
        Finding {
            place: Some(place("schemas/broken.avsc", 3, 1, 0, "")),
            fix: Some("close the object".into()),
            ..Finding::new(&rule::INVALID, Severity::Error, "this is no JSON: a comma or a brace is expected")
        },
        about(
            Finding::new(
                &rule::REMOVED,
                Severity::Error,
                "schemas/gone.avsc is gone, and \"gone-value\" with it",
            ),
            "gone-value",
            GIT,
        ),
        about(
            Finding::new(
                &rule::REGISTRY_DISAGREES,
                Severity::Warning,
                "the registry says that it is incompatible",
            ),
            "parcels-value",
            REGISTRY,
        ),
        Finding {
            place: Some(place("ottla.toml", 14, 1, 12, "")),
            ..Finding::new(
                &rule::WAIVER_EXPIRED,
                Severity::Error,
                "the waiver of team-orders ended on 2025-06-30",
            )
        },
        Finding::new(
            &rule::WAIVER_UNUSED,
            Severity::Note,
            "nothing is found that the waiver of team-old is for",
        ),
    ]
}

/// Nothing found, and many files that did not change.
fn fine() -> Verdict {
    let mut verdict = Verdict::default();
    for at in 0..11 {
        let (file, subject) = (format!("schemas/event_{at:02}.avsc"), format!("com.example.Event{at:02}"));
        verdict.checks.push(check(&file, &subject, GIT, Outcome::Unchanged));
    }
    verdict.checks.push(check("schemas/new.avsc", "com.example.New", GIT, Outcome::New));
    verdict.sort();
    verdict
}

/// Nothing that counts.
fn waived() -> Verdict {
    let mut verdict = Verdict::default();
    verdict.checks.push(check("schemas/payment.avsc", "payments-value", GIT, Outcome::Waived));
    verdict.findings.push(answered_for(Some("2026-12-31"), "team-payments"));
    verdict
}

/// Nothing that is known.
fn not_compared() -> Verdict {
    let mut verdict = Verdict::default();
    let reason = "origin/main is not in this clone: fetch it, or clone with its history (fetch-depth: 0)";
    verdict.checks.push(Check {
        file: None,
        subject: None,
        level: None,
        reason: Some(reason.into()),
        ..check("", "", GIT, Outcome::NotCompared)
    });
    verdict
}
