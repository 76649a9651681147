//! The rules, by their identifiers. An identifier never changes its meaning: waivers and other tools refer to it.

/// A rule that a schema can break.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The identifier, such as `AVRO-TYPE`.
    pub id: &'static str,
    /// What it asks for, in a few words.
    pub title: &'static str,
    /// Why, and where it comes from.
    pub about: &'static str,
}

/// All rules, by subject matter.
pub static RULES: &[&Rule] = &[
    &NAME,
    &FIXED_SIZE,
    &ENUM_SYMBOLS,
    &READER_FIELD_NO_DEFAULT,
    &TYPE,
    &UNION_BRANCH,
    &FIELD_AMBIGUOUS,
    &LIMIT,
    &INVALID,
    &REMOVED,
    &REGISTRY_DISAGREES,
    &WAIVER_EXPIRED,
    &WAIVER_UNUSED,
];

/// The rule with an identifier.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])* $name:ident = $id:literal, $title:literal, $about:literal;)*) => {
        $($(#[doc = $doc])* pub static $name: Rule = Rule { id: $id, title: $title, about: $about };)*
    };
}

rules! {
    /// Two named types are not called the same.
    NAME = "AVRO-NAME", "named types keep their name",
        "A record, enum or fixed is read as another only if the names are the same, or an alias of the reader says so \
         (Avro specification, Schema Resolution and Aliases).";
    /// A fixed has another size.
    FIXED_SIZE = "AVRO-FIXED-SIZE", "a fixed keeps its size",
        "The size of a fixed is not written: both sides have to agree on it (Avro specification, Schema Resolution).";
    /// A reader's enum lacks symbols.
    ENUM_SYMBOLS = "AVRO-ENUM-SYMBOLS", "readers know all symbols, or have a default",
        "A symbol that the reader's enum lacks is read as the enum's default; without one it cannot be read (Avro \
         specification, Schema Resolution).";
    /// A reader's field is not written and has no default.
    READER_FIELD_NO_DEFAULT = "AVRO-READER-FIELD-NO-DEFAULT", "fields that are not written have a default",
        "A field that the writer does not write takes its default; without one the record cannot be read (Avro \
         specification, Schema Resolution).";
    /// The types differ.
    TYPE = "AVRO-TYPE", "types stay, or are widened",
        "int is read as long, float and double, long as float and double, float as double, string and bytes as each other; \
         nothing else is read as another type (Avro specification, Schema Resolution).";
    /// A reader's union lacks a branch.
    UNION_BRANCH = "AVRO-UNION-BRANCH", "readers know all branches that are written",
        "Every branch of the writer's union, or the writer's type, needs a branch of the reader's union that can read it \
         (Avro specification, Schema Resolution).";
    /// A reader's field stands for several of the writer.
    FIELD_AMBIGUOUS = "AVRO-FIELD-AMBIGUOUS", "a field stands for one field",
        "By its name and aliases a field of the reader may stand for one field of the writer only: the registry's checker \
         refuses others.";
    /// Two schemas cannot be compared within the limits.
    LIMIT = "AVRO-LIMIT", "schemas can be compared with bounded work",
        "Comparing has a bound on its steps and on what it lists, so that no schema can occupy a server or a build.";
    /// A file is no valid schema.
    INVALID = "SCHEMA-INVALID", "files are valid schemas",
        "A text that is no schema can neither be registered nor compared.";
    /// A file that was there is gone.
    REMOVED = "SCHEMA-REMOVED", "schemas are not removed",
        "Removing a file ends the comparison of its subject, while its messages and consumers live on.";
    /// The registry's own verdict is another one.
    REGISTRY_DISAGREES = "REGISTRY-DISAGREES", "the registry comes to the same verdict",
        "The registry was asked as well, and says something else than the comparison here: what it would register is not \
         what was checked.";
    /// The time of a waiver is over.
    WAIVER_EXPIRED = "WAIVER-EXPIRED", "waivers end on their day",
        "A waiver covers nothing after the day on which it expires.";
    /// Nothing is found that a waiver is for.
    WAIVER_UNUSED = "WAIVER-UNUSED", "waivers are for something",
        "A waiver that matches no finding would silently cover a later one.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_unique() {
        for (at, one) in RULES.iter().enumerate() {
            assert_eq!(RULES.iter().position(|other| other.id == one.id), Some(at), "{}", one.id);
        }
    }
}
