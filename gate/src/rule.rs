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
    &MISSING_DOC,
    &ENUM_WITHOUT_DEFAULT,
    &OPTIONAL_FIELD_WITHOUT_DEFAULT,
    &DEFAULT_NOT_IN_FIRST_BRANCH,
    &DECIMAL_AS_DOUBLE,
    &TIMESTAMP_WITHOUT_LOGICAL_TYPE,
    &NAME_STYLE,
    &RENAMED_WITHOUT_ALIAS,
    &LOGICAL_TYPE_CHANGED,
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

// What lints find.
rules! {
    /// A named type or field has no doc.
    MISSING_DOC = "LINT-MISSING-DOC", "types and fields say what they are for",
        "A schema is read by people who cannot ask its author: the doc says what a value means, its unit, and when it is \
         missing.";
    /// An enum has no default.
    ENUM_WITHOUT_DEFAULT = "LINT-ENUM-WITHOUT-DEFAULT", "enums have a default",
        "Without a default a reader fails at every symbol that it does not know, so that no symbol can be added before all \
         consumers know it.";
    /// A field that may be null has no default.
    OPTIONAL_FIELD_WITHOUT_DEFAULT = "LINT-OPTIONAL-FIELD-WITHOUT-DEFAULT", "optional fields have a default",
        "A field without a default cannot be added, nor left out by a writer later, though null would say that it is \
         missing.";
    /// A default is a value of another branch than the first of its union.
    DEFAULT_NOT_IN_FIRST_BRANCH = "LINT-DEFAULT-NOT-IN-FIRST-BRANCH", "defaults are of the first branch of their union",
        "Until Avro 1.12 the default of a union is a value of its first branch: older libraries refuse the schema, although \
         registries take it.";
    /// Money is a float or double.
    DECIMAL_AS_DOUBLE = "LINT-DECIMAL-AS-DOUBLE", "money is a decimal",
        "A double holds no tenth exactly: sums of prices drift, and two of them are compared in vain.";
    /// A point in time is a number that does not say what it counts.
    TIMESTAMP_WITHOUT_LOGICAL_TYPE = "LINT-TIMESTAMP-WITHOUT-LOGICAL-TYPE", "points in time say how they are counted",
        "A number does not tell seconds from milliseconds; a logical type does, and generated code has a type for it.";
    /// A name is in another style than others.
    NAME_STYLE = "LINT-NAME-STYLE", "names are in one style",
        "Types in UpperCamelCase, symbols in UPPER_SNAKE_CASE, and the fields of a file all in snake_case or all in \
         lowerCamelCase: names are hard to change once they are released.";
    /// A type has another name than before.
    RENAMED_WITHOUT_ALIAS = "LINT-RENAMED-WITHOUT-ALIAS", "renamed types keep their old name as an alias",
        "A type is read as another name's only if an alias of the reader says so (Avro specification, Aliases).";
    /// A type has another logical type than before.
    LOGICAL_TYPE_CHANGED = "LINT-LOGICAL-TYPE-CHANGED", "logical types stay",
        "Resolution does not look at logical types: seconds, days or cents are read as something else without an error, \
         and every checker calls that compatible (Avro specification, Schema Resolution).";
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
