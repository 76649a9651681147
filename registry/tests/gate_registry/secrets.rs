//! Who is asking, and what is never shown.

use crate::fake::{Fake, Subject, refusal};
use crate::folder::{Folder, record, run};

/// A registry that refuses everybody, in a server's words that nobody should repeat.
fn strict() -> Fake {
    let subject = Subject { name: "com.example.Order", level: "BACKWARD", versions: Vec::new() };
    Fake::new(subject, |_, _| Some(refusal(401, 40101, "Unauthorized")))
}

#[test]
fn passwords_and_tokens_are_not_shown() {
    let secret = "hunter2";
    let fake = strict();
    let host = fake.url().trim_start_matches("http://").to_owned();
    let with_password = format!("http://me:{secret}@{host}");
    let folder = Folder::with(&[("order.avsc", &record("Order", &[]))]);
    let against = format!("registry:{with_password}");
    // A comma may be of a password, too.
    let several = format!("registry:http://me:p,{secret}@{host},http://you:{secret}@127.0.0.1:1");
    let config = format!("[registry]\nurl = \"{with_password}\"\n");
    for (variable, value, arguments, configured) in [
        ("OTTLA_REGISTRY", with_password.as_str(), &["check", "--against", "registry"][..], ""),
        ("OTTLA_REGISTRY", &with_password, &["register"], ""),
        ("OTTLA_REGISTRY", &with_password, &["register", "--dry-run", "--format", "json"], ""),
        ("OTTLA_REGISTRY", &with_password, &["drift", "--all", "--format", "json"], ""),
        ("OTTLA_REGISTRY_USER", "me:hunter2", &["check", "--against", "registry"], &config),
        ("OTTLA_REGISTRY_TOKEN", secret, &["check", "--against", &against], ""),
        ("OTTLA_REGISTRY_TOKEN", secret, &["drift"], &config),
        ("X", "", &["check", "--against", &against, "--format", "json"], ""),
        ("X", "", &["check", "--against", &against, "--format", "markdown"], ""),
        ("X", "", &["check", "--against", &against, "--print-config"], ""),
        ("X", "", &["check", "--print-config", "--against", "registry"], &config),
        ("X", "", &["register", "--registry", &format!("ftp://me:{secret}@{host}")], ""),
        ("X", "", &["register", "--registry", &format!("me:{secret}@{host}")], ""),
        ("OTTLA_REGISTRY_USER", secret, &["drift"], &config),
        ("X", "", &["check", "--against", &several], ""),
        ("X", "", &["check", "--against", &several, "--print-config"], ""),
        ("X", "", &["check", "--against", &format!("registry:me:{secret}@{host}"), "--print-config"], ""),
        ("OTTLA_REGISTRY", several.trim_start_matches("registry:"), &["check", "--against", "registry"], ""),
        ("X", "", &["lock", "--registry", several.trim_start_matches("registry:")], ""),
        ("X", "", &["lock", "--registry", &format!("me:{secret}@{host}")], ""),
        ("OTTLA_REGISTRY", several.trim_start_matches("registry:"), &["diff", "a:1", "a:2"], ""),
    ] {
        folder.write("ottla.toml", configured);
        let ended = run(folder.command(arguments).env(variable, value));
        assert!(!ended.all().contains(secret), "{variable} {arguments:?} {ended:#?}");
        let is_shown_only = arguments.contains(&"--print-config");
        assert_eq!(ended.code == 0, is_shown_only, "{variable} {arguments:?} {ended:#?}");
    }
}

#[test]
fn who_is_refused_is_told_what_to_give() {
    let fake = strict();
    let folder = Folder::with(&[("order.avsc", &record("Order", &[]))]);
    for arguments in [&["check", "--against", "registry"][..], &["register"], &["drift"]] {
        let ended = run(folder.command(arguments).env("OTTLA_REGISTRY", fake.url()));
        assert_eq!(ended.code, 3, "{ended:#?}");
        assert!(ended.all().contains("give OTTLA_REGISTRY_TOKEN"), "{ended:#?}");
    }
}

#[test]
fn credentials_go_where_they_belong() {
    let subject =
        Subject { name: "com.example.Order", level: "BACKWARD", versions: vec![record("Order", &[])] };
    let fake = Fake::new(subject, |_, _| None);
    let folder = Folder::with(&[("order.avsc", &record("Order", &[]))]);
    let host = fake.url().trim_start_matches("http://").to_owned();
    for (variable, value, url, expected) in [
        ("OTTLA_REGISTRY_TOKEN", "abc", fake.url(), "bearer abc"),
        ("OTTLA_REGISTRY_USER", "me:p", fake.url(), "basic bwu6ca=="),
        ("X", "", format!("http://me:p@{host}"), "basic bwu6ca=="),
        ("X", "", fake.url(), ""),
    ] {
        let against = format!("registry:{url}");
        let ended = run(folder.command(&["check", "--against", &against]).env(variable, value));
        assert_eq!(ended.code, 0, "{ended:#?}");
        let said = fake.credentials();
        assert!(said.iter().all(|said| said == expected), "{expected}: {said:?}");
        assert!(!said.is_empty());
    }
}
