//! What stands between the parentheses, and what becomes of it.

use tempfile::TempDir;

use super::arguments::UNKNOWN;
use super::*;
use crate::options::Options;

fn arguments(text: &str) -> Result<Arguments, String> {
    let tokens: TokenStream = text.parse().expect("tokens");
    syn::parse2(tokens).map_err(|e| e.to_string())
}

#[test]
fn options_are_those_of_the_builder() {
    let text = r##"
        "a.avsc", strip = "com", "b/c.avsc",
        derive("com.**", serde::Serialize), derive("com.A", ::std::hash::Hash, Eq), derive("com.B", "Eq"),
        type_attribute("**", #[serde(rename_all = "camelCase")]),
        field_attribute("**.x", "#[serde(skip)]"),
        map_type("uuid", crate::Id), map_type("decimal", ::a::Big<u8, { 3 }>),
        extern_path("com.shared", ::shared),
        borrowed = "a.*", borrowed = "b.*", open_enums = "**", sorted_maps = "com.A.m",
        runtime = "::my", compatible_with = "schemas/ottla.lock", chrono, uuid, rust_decimal,
    "##;
    let Arguments { files, options, .. } = arguments(text).expect("arguments");
    assert_eq!(files.iter().map(LitStr::value).collect::<Vec<_>>(), ["a.avsc", "b/c.avsc"]);
    let expected = Options::new()
        .strip("com")
        .derive("com.**", "serde::Serialize")
        .derive("com.A", "::std::hash::Hash")
        .derive("com.A", "Eq")
        .derive("com.B", "Eq")
        .type_attribute("**", "# [serde (rename_all = \"camelCase\")]")
        .field_attribute("**.x", "#[serde(skip)]")
        .map_type("uuid", "crate::Id")
        .map_type("decimal", "::a::Big<u8 , { 3 }>")
        .extern_path("com.shared", "::shared")
        .borrowed("a.*")
        .borrowed("b.*")
        .open_enums("**")
        .sorted_maps("com.A.m")
        .runtime("::my")
        .compatible_with("schemas/ottla.lock")
        .chrono(true)
        .uuid(true)
        .rust_decimal(true);
    assert_eq!(options, expected);
}

#[test]
fn arguments_that_are_none() {
    for (text, expected) in [
        ("\"a\" \"b\"", "expected `,`"),
        ("borrowed", "expected `=`"),
        ("borrowed = 1", "expected string literal"),
        ("derive = \"a\"", "expected parentheses"),
        ("derive(a, b)", "expected string literal"),
        ("map_type(\"a\", \"b\" c)", "expected `)`"),
        ("5", "expected identifier"),
    ] {
        let error = arguments(text).err().unwrap_or_default();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert_eq!(arguments("nonsense").err().as_deref(), Some(UNKNOWN));
}

/// The code is that of the other front ends; only what tells the compiler of the files is more.
#[test]
fn code_is_that_of_the_builder() {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir(folder.path().join("s")).expect("a folder");
    std::fs::write(
        folder.path().join("s/a.avsc"),
        "{\"type\":\"enum\",\"name\":\"n.E\",\"symbols\":[\"A\"]}",
    )
    .expect("a file");
    let code =
        expand(arguments("\"s/a.avsc\", strip = \"n\"").expect("arguments"), folder.path()).to_string();
    let options = Options::new().strip("n").base_dir(folder.path());
    let expected = generate(&["s"], &options).expect("code").tokens().to_string();
    let tracked = code.strip_prefix(&expected).expect("the same code").trim();
    let path = folder.path().join("s/a.avsc");
    let tokens: TokenStream =
        format!("const _: &[u8] = ::core::include_bytes!({:?});", path.to_string_lossy())
            .parse()
            .expect("tokens");
    assert_eq!(tracked, tokens.to_string());
    assert!(!expected.contains(&*folder.path().to_string_lossy()), "a path of this machine");
}

#[test]
fn events_are_those_of_the_build_script() {
    let code = include_events("\"more.rs\"".parse().expect("tokens")).to_string();
    assert!(code.contains("\"OUT_DIR\"") && code.contains("\"/more.rs\""), "{code}");
    assert!(include_events(TokenStream::new()).to_string().contains("\"/events.rs\""));
}

/// The compiler looks at the lock and the texts that it names again if they have changed.
#[test]
fn the_lock_is_tracked() {
    use ottla_formats::avro::{Mode, parse};
    use ottla_gate::lock::{Lock, Subject, Version};

    let folder = TempDir::new().expect("a folder");
    let text = r#"{"type":"enum","name":"n.E","symbols":["A"]}"#;
    std::fs::write(folder.path().join("a.avsc"), text).expect("a file");
    let mut subject = Subject::new("n.E", Default::default());
    let mut version = Version::of(1, &parse(text, Mode::Register).expect("a schema"), Vec::new());
    version.path = Some("old/1.json".to_owned());
    subject.versions.push(version);
    let mut lock = Lock::new(folder.path().join("ottla.lock"));
    lock.put(subject);
    lock.write().expect("a lock");
    let given = "\"a.avsc\", compatible_with = \"ottla.lock\"";
    let code = expand(arguments(given).expect("arguments"), folder.path()).to_string();
    assert_eq!(code.matches("include_bytes").count(), 3, "{code}");
    for name in ["a.avsc", "ottla.lock", "old/1.json"] {
        let path = folder.path().join(name);
        assert!(code.contains(&format!("({:?})", path.to_string_lossy())), "{name} in {code}");
    }
    // The other front ends make the same code.
    let options = Options::new().base_dir(folder.path());
    let expected = generate(&["a.avsc"], &options).expect("code").tokens().to_string();
    assert!(code.starts_with(&expected), "the lock changes the code");
}
