//! The cases of the generator: each with several choices of options, by the builder and by the macro.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ottla_codegen::{Builder, Options, generate as code_of, model_of};

use crate::Outcome;
use crate::module::{has_floats, outermost};

const CASES: &str = "../../codegen/tests/cases";

/// What is chosen: as an argument of the macro, and for the builder.
type Choice = (&'static str, fn(Options) -> Options);

/// Choices that go together. Those that a case has nothing for are left out.
const VARIATIONS: [(&str, &[Choice]); 3] = [
    ("plain", &[]),
    (
        "rich",
        &[
            ("borrowed = \"**\"", |o| o.borrowed("**")),
            ("open_enums = \"**\"", |o| o.open_enums("**")),
            ("sorted_maps = \"**\"", |o| o.sorted_maps("**")),
            ("strip = \"com.acme\"", |o| o.strip("com.acme")),
            ("type_attribute(\"**\", #[non_exhaustive])", |o| o.type_attribute("**", "#[non_exhaustive]")),
            ("derive(\"**\", ::core::cmp::Eq)", |o| o.derive("**", "::core::cmp::Eq")),
        ],
    ),
    (
        "libraries",
        &[
            ("chrono", |o| o.chrono(true)),
            ("uuid", |o| o.uuid(true)),
            ("rust_decimal", |o| o.rust_decimal(true)),
        ],
    ),
];

/// Writes `cases.rs`: the modules `built` and `included`, each with one for each case and in it one for each variation,
/// and `TABLE`.
pub fn generate(out: &Path) -> Outcome<()> {
    println!("cargo::rerun-if-changed={CASES}");
    let mut folders = fs::read_dir(CASES)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    folders.sort();
    let mut all = All { out, built: String::new(), included: String::new(), table: String::new() };
    for folder in &folders {
        all.case(folder)?;
    }
    let All { built, included, table, .. } = all;
    let mut code = String::new();
    writeln!(code, "/// By the builder.\npub mod built {{\n    use crate::sample::sample;\n{built}}}")?;
    writeln!(code, "/// By the macro.\npub mod included {{\n    use crate::sample::sample;\n{included}}}")?;
    writeln!(code, "/// All cases in all variations.\npub static TABLE: &[Case] = &[\n{table}];")?;
    fs::write(out.join("cases.rs"), code)?;
    Ok(())
}

struct All<'o> {
    out: &'o Path,
    built: String,
    included: String,
    table: String,
}

impl All<'_> {
    fn case(&mut self, folder: &Path) -> Outcome<()> {
        let mut files =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<PathBuf>>>()?;
        files.retain(|file| file.extension().is_some_and(|e| e == "avsc"));
        files.sort();
        let case = folder.file_name().and_then(|name| name.to_str()).ok_or("a case has a name")?;
        let plain = code_of(&files, &Options::new())?.tokens().to_string();
        for (variation, choices) in VARIATIONS {
            let (options, arguments) = choose(&files, choices)?;
            // What changes nothing proves nothing.
            if choices.is_empty() || code_of(&files, &options)?.tokens().to_string() != plain {
                self.variation(case, variation, &files, &options, &arguments)?;
            }
        }
        Ok(())
    }

    fn variation(
        &mut self,
        case: &str,
        variation: &str,
        files: &[PathBuf],
        options: &Options,
        arguments: &str,
    ) -> Outcome<()> {
        let module = format!("{case}_{variation}");
        let file = format!("case_{module}.rs");
        Builder::new()
            .schemas(files)
            .options(options.clone())
            .out_dir(self.out)
            .file_name(&file)
            .generate()?;
        let model = model_of(files, options)?;
        let (path, sample) = outermost(&model, &module).ok_or("an outermost type")?;
        let code = format!("ottla::include_events!({file:?});");
        self.built.push_str(&in_module(&module, &code, &sample)?);
        let files: Vec<String> = files.iter().map(|file| format!("{:?}", file.display())).collect();
        let arguments = files.join(", ") + arguments;
        let code = format!("ottla::include_schema!({arguments});");
        self.included.push_str(&in_module(&module, &code, &sample)?);
        writeln!(
            self.table,
            "    Case {{ name: {case:?}, variation: {variation:?}, arguments: {arguments:?}, \
             built: Type::of::<built::{path}>(), included: Type::of::<included::{path}>() }},"
        )?;
        Ok(())
    }
}

fn in_module(module: &str, code: &str, sample: &str) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "    /// {module}\n    pub mod {module} {{\n        {code}\n    }}\n    {sample}")?;
    Ok(text)
}

/// The choices that there is something for in these files.
fn choose(files: &[PathBuf], choices: &[Choice]) -> Outcome<(Options, String)> {
    let (mut options, mut arguments) = (Options::new(), String::new());
    let floats = has_floats(&model_of(files, &Options::new())?);
    for (argument, choose) in choices {
        let more = choose(options.clone());
        let suits = !(floats && argument.starts_with("derive"));
        if suits && code_of(files, &more).is_ok() {
            options = more;
            write!(arguments, ", {argument}")?;
        }
    }
    Ok((options, arguments))
}
