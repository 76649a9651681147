//! The schema files of a project and their subjects: what all commands about files start from.
