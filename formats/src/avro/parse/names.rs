//! What may be a name.

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};

use super::Mode;
use super::error::Mistake;
use crate::avro::Name;

/// Refuses what is no name of a type, field or symbol.
pub(super) fn check_name(name: &str, mode: Mode) -> Result<(), Mistake> {
    match wrong_name(name, mode) {
        None => Ok(()),
        Some(message) => Err(Mistake::new(message, "a name: a letter or _, then letters, digits and _")),
    }
}

/// Refuses what is no full name. The namespace stands in the member `key`.
pub(super) fn check_full_name(name: &Name, mode: Mode, key: &'static str) -> Result<(), Mistake> {
    check_name(name.simple(), mode).map_err(|m| m.within("name"))?;
    if !mode.checks_namespaces() {
        return Ok(());
    }
    for part in name.namespace().into_iter().flat_map(|n| n.split('.')) {
        if let Some(message) = wrong_name(part, mode) {
            let message = format!("Namespace part \"{part}\" is invalid: {message}");
            return Err(Mistake::new(message, "a namespace: names joined by dots").within(key));
        }
    }
    Ok(())
}

fn wrong_name(name: &str, mode: Mode) -> Option<String> {
    let letter = |c: char| if mode == Mode::Register { c.is_ascii_alphabetic() } else { is_letter(c) };
    let digit = |c: char| if mode == Mode::Register { c.is_ascii_digit() } else { is_digit(c) };
    let mut chars = name.chars();
    match chars.next() {
        None => Some("Empty name".into()),
        Some(c) if !letter(c) && c != '_' => Some(format!("Illegal initial character: {name}")),
        Some(_) if chars.any(|c| !letter(c) && !digit(c) && c != '_') => {
            Some(format!("Illegal character in: {name}"))
        }
        Some(_) => None,
    }
}

/// As Java's `Character.isLetter` on a UTF-16 unit: nothing beyond U+FFFF is a letter.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (!c.is_ascii()
            && c <= '\u{FFFF}'
            && matches!(
                c.general_category(),
                Category::UppercaseLetter
                    | Category::LowercaseLetter
                    | Category::TitlecaseLetter
                    | Category::ModifierLetter
                    | Category::OtherLetter
            ))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || (!c.is_ascii() && c <= '\u{FFFF}' && c.general_category() == Category::DecimalNumber)
}
