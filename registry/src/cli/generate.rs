//! `ottla generate`: Rust code for schema files, as the build script and the macro make it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

/// What `ottla generate` takes.
#[derive(Debug, Args)]
pub struct Options {
    /// Schema files, and folders of .avsc files, in any order
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Where to write the code; standard output if nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write nothing; fail if the file is not what would be written
    #[arg(long, requires = "out")]
    check: bool,

    /// Make no modules for this namespace
    #[arg(long, value_name = "NAMESPACE")]
    strip: Option<String>,

    /// A derive for types, as in 'com.example.**=serde::Serialize'
    #[arg(long, value_name = "TYPES=PATH", value_parser = pair)]
    derive: Vec<(String, String)>,

    /// An attribute for types, as in 'com.example.Order=#[non_exhaustive]'
    #[arg(long, value_name = "TYPES=ATTRIBUTE", value_parser = pair)]
    type_attribute: Vec<(String, String)>,

    /// An attribute for fields, as in '**.password=#[serde(skip)]'
    #[arg(long, value_name = "FIELDS=ATTRIBUTE", value_parser = pair)]
    field_attribute: Vec<(String, String)>,

    /// A type of yours for a logical or named type, as in 'com.example.Money=crate::Money'
    #[arg(long, value_name = "NAME=TYPE", value_parser = pair)]
    map_type: Vec<(String, String)>,

    /// Where a type or the types of a namespace are generated, as in 'com.example.shared=::shared'
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    extern_path: Vec<(String, String)>,

    /// Types that have a twin that points into the message
    #[arg(long, value_name = "TYPES")]
    borrowed: Vec<String>,

    /// Enums that keep symbols that the schema does not have
    #[arg(long, value_name = "ENUMS")]
    open_enums: Vec<String>,

    /// Fields or records whose maps are sorted
    #[arg(long, value_name = "TYPES")]
    sorted_maps: Vec<String>,

    /// Dates and times of the crate chrono
    #[arg(long)]
    chrono: bool,

    /// UUIDs of the crate uuid
    #[arg(long)]
    uuid: bool,

    /// Decimals of the crate rust_decimal
    #[arg(long)]
    rust_decimal: bool,

    /// The path of the crate ottla in the code
    #[arg(long, value_name = "PATH", default_value = "::ottla")]
    runtime: String,
}

/// Generates code. What is wrong with schemas is said as compilers do, all of it.
pub fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let code = ottla_codegen::generate(&options.paths, &options.of_codegen())?.to_source();
    let Some(path) = &options.out else {
        return Ok(std::io::stdout().write_all(code.as_bytes())?);
    };
    let same = fs::read(path).is_ok_and(|known| known == code.as_bytes());
    match (same, options.check) {
        // A file that stays as it is keeps its time.
        (true, _) => Ok(()),
        (false, true) => Err(format!("{}: this is not what the schemas give", path.display()).into()),
        (false, false) => fs::write(path, code).map_err(|e| format!("{}: {e}", path.display()).into()),
    }
}

impl Options {
    fn of_codegen(&self) -> ottla_codegen::Options {
        let mut options = ottla_codegen::Options::new()
            .runtime(&self.runtime)
            .chrono(self.chrono)
            .uuid(self.uuid)
            .rust_decimal(self.rust_decimal);
        for (types, path) in &self.derive {
            options = options.derive(types, path);
        }
        for (types, attribute) in &self.type_attribute {
            options = options.type_attribute(types, attribute);
        }
        for (fields, attribute) in &self.field_attribute {
            options = options.field_attribute(fields, attribute);
        }
        for (name, path) in &self.map_type {
            options = options.map_type(name, path);
        }
        for (name, path) in &self.extern_path {
            options = options.extern_path(name, path);
        }
        options = self.borrowed.iter().fold(options, ottla_codegen::Options::borrowed);
        options = self.open_enums.iter().fold(options, ottla_codegen::Options::open_enums);
        options = self.sorted_maps.iter().fold(options, ottla_codegen::Options::sorted_maps);
        self.strip.iter().fold(options, ottla_codegen::Options::strip)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
