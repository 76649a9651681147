use super::*;

fn read<T: Request>(body: &str) -> Result<T, ApiError> {
    parse(body.as_bytes(), "method")
}

fn register(body: &str) -> Result<RegisterRequest, String> {
    read(body).map_err(|error: ApiError| format!("{} {}", error.status.as_u16(), error.message))
}

fn refused(body: &str) -> String {
    register(body).expect_err(body)
}

#[test]
fn no_body() {
    for body in ["", " \n", "null", " null ", "\u{FEFF}"] {
        assert_eq!(refused(body), "422 method.request must not be null (was null)", "{body:?}");
    }
}

#[test]
fn scalars_are_coerced() {
    let schema = |json: &str| register(&format!("{{\"schema\":{json}}}")).expect(json).schema;
    for (json, expected) in [
        ("\"x\"", Some("x")),
        ("5", Some("5")),
        ("-1.50e+3", Some("-1.50e+3")),
        ("true", Some("true")),
        ("NaN", Some("NaN")),
        ("null", None),
        ("\"\"", Some("")),
        (r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, Some("a\"\\/\u{8}\u{C}\n\r\té😀")),
    ] {
        assert_eq!(schema(json).as_deref(), expected, "{json}");
    }
    let version = |json: &str| register(&format!("{{\"version\":{json}}}")).map(|r| r.version);
    for (json, expected) in [
        ("1", Some(1)),
        ("-7", Some(-7)),
        ("\"1\"", Some(1)),
        ("\" +1 \"", Some(1)),
        ("\"\"", None),
        ("1.9", Some(1)),
        ("-1.9", Some(-1)),
        ("1e2", Some(100)),
        ("null", None),
    ] {
        assert_eq!(version(json), Ok(expected), "{json}");
    }
    for json in ["true", "\"1.5\"", "\"x\"", "2147483648", "99999999999", "1e10", "NaN", "{}", "[1]"] {
        assert!(version(json).is_err(), "{json}");
    }
    let flag = |json: &str| register(&format!("{{\"propagateSchemaTags\":{json}}}"));
    for (json, expected) in [
        ("true", true),
        ("\"True\"", true),
        ("\"TRUE\"", true),
        ("2", true),
        ("0", false),
        ("\"false\"", false),
        ("\"\"", false),
        ("null", false),
    ] {
        assert_eq!(flag(json).map(|r| r.propagate_schema_tags), Ok(expected), "{json}");
    }
    for json in ["\"yes\"", "1.5", "{}", "[]"] {
        assert!(flag(json).is_err(), "{json}");
    }
}

#[test]
fn what_belongs_to_a_schema() {
    let request = register(
        r#"{"schema":"a","schema":"b","unknown":{"a":[1,{"b":[[],{}]},null,NaN]},"ruleset":{},
            "references":[{"name":"n","version":1.5},null,{"subject":"s","x":1}],
            "metadata":{"tags":{"p":["T","T",null]},"properties":{"a":1,"b":null},"sensitive":["a"]},
            "schemaTagsToAdd":[{"schemaEntity":{"entityPath":"R.f","entityType":"sr_field"},"tags":["PII"]}]}"#,
    )
    .expect("a request");
    assert_eq!(request.schema.as_deref(), Some("b"));
    assert_eq!(request.references.len(), 3);
    assert_eq!(request.references[0].as_ref().and_then(|r| r.version), Some(1));
    assert_eq!(request.references[1], None);
    let metadata = request.metadata.expect("metadata");
    assert_eq!(metadata.properties.into_iter().collect::<Vec<_>>(), [("a".to_owned(), "1".to_owned())]);
    assert_eq!(metadata.tags["p"].len(), 1);
    assert_eq!(request.rule_set, Some(crate::domain::RuleSet::default()));
    assert_eq!(request.schema_tags_to_add.expect("tags")[0].tags, ["PII"]);
}

#[test]
fn config_fields_have_three_states() {
    let update: ConfigUpdate =
        read(r#"{"normalize":null,"alias":"","compatibility":"full"}"#).expect("an update");
    assert_eq!(update.normalize, Update::Clear);
    assert_eq!(update.alias, Update::Set(String::new()));
    assert_eq!(update.compatibility, Update::Set("full".into()));
    assert_eq!(update.validate_fields, Update::Keep);
    assert_eq!(read::<ModeUpdate>("{\"mode\":null}").expect("an update").mode, Update::Clear);
    assert!(read::<ConfigUpdate>(r#"{"defaultRuleSet":{"domainRules":[{"kind":"condition"}]}}"#).is_err());
}

#[test]
fn mistakes_have_a_place() {
    for (body, expected) in [
        ("{\"schema\":\n \"x\",}", "400 expected a name in double quotes, found '}' (line 2, column 6)"),
        ("{'schema':'int'}", "400 expected a name in double quotes, found '\\'' (line 1, column 2)"),
        ("{}{}", "400 expected the end of the body, found an object (line 1, column 3)"),
        ("[]", "400 expected an object, found a list (line 1, column 1)"),
        ("{\"é\":1,\"schema\":[]}", "400 expected a string, found a list (line 1, column 17)"),
        ("{\"schema\":\"x", "400 expected '\"', found the end of the body (line 1, column 13)"),
        ("{\"schema\":01}", "400 expected a string, found '0' (line 1, column 11)"),
        ("{\"schema\":nul}", "400 expected a string, found 'n' (line 1, column 11)"),
        ("{\"schema\":\"\\ud800\"}", "400 not an escape sequence (line 1, column 12)"),
        ("{\"schema\":\"\\x\"}", "400 not an escape sequence (line 1, column 12)"),
        ("{\"version\":true}", "400 expected an integer, found a boolean (line 1, column 12)"),
        ("schema=int", "400 expected an object, found 's' (line 1, column 1)"),
    ] {
        assert_eq!(refused(body), expected, "{body}");
    }
    let not_utf8 = parse::<RegisterRequest>(b"{\"schema\":\"\xFF\"}", "m").expect_err("not UTF-8");
    assert_eq!(not_utf8.message, "the body is not UTF-8 (line 1, column 12)");
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(register(&nested(999)).is_ok());
    assert!(refused(&nested(100_000)).contains("too many levels"));
    assert!(register(&format!("{{\"x\":{}", "{\"a\":".repeat(100_000))).is_err());
}
