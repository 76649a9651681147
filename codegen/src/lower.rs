//! From schemas to the model of the Rust items.
//!
//! ```text
//! lower/definitions.rs  which types there are, and who defines them
//! lower/choices.rs      the options, and which of them were of use
//! lower/modules.rs      the modules of namespaces, and the names in them
//! lower/items.rs        what the items are
//! lower/types.rs        the types of fields and other parts
//! lower/unions.rs       unions that become enums
//! lower/logical.rs      logical types;  lower/defaults.rs  defaults that are none of them;  lower/held.rs  or that other crates
//!                       cannot hold;  lower/encoded.rs  their bytes
//! lower/words.rs        types as people read them
//! lower/finite.rs       types that hold themselves without end
//! lower/cycles.rs       which types can hold themselves, and where that needs a box
//! lower/borrowed.rs     which types have a borrowed twin
//! ```

mod borrowed;
mod choices;
mod cycles;
mod defaults;
mod definitions;
mod encoded;
mod finite;
mod held;
mod items;
mod logical;
mod modules;
mod types;
mod unions;
mod words;

use std::collections::HashMap;

use crate::error::Error;
use crate::model::{self, Item, ItemId, Model};
use crate::options::Options;
use crate::source::{PlaceId, Source};
use choices::Choices;
use defaults::Ignored;
use definitions::Definitions;
use modules::{ModuleId, Modules};

/// Lowers sources, which are all there are if they are `whole`: else options may be about what is not there.
pub(crate) fn lower(sources: Vec<Source>, options: &Options, whole: bool) -> Result<Model, Vec<Error>> {
    let mut errors = Vec::new();
    let choices = Choices::new(options, &mut errors);
    let definitions = Definitions::of(&sources, &mut errors);
    let mut lowering = Lowering {
        sources: &sources,
        definitions,
        choices,
        named: HashMap::new(),
        drafts: Vec::new(),
        modules: Modules::default(),
        errors,
        ignored: Ignored::new(),
    };
    lowering.run();
    if whole && lowering.errors.is_empty() {
        lowering.choices.tell_unused(&mut lowering.errors);
    }
    let Lowering { drafts, modules, errors, .. } = lowering;
    if !errors.is_empty() {
        return Err(errors);
    }
    let (items, root) = modules.build(drafts);
    let sources = sources.into_iter().map(into_model).collect();
    Ok(Model { sources, items, root })
}

/// The work in hand.
struct Lowering<'a> {
    sources: &'a [Source],
    definitions: Definitions<'a>,
    choices: Choices<'a>,
    /// The items of named types, by full name.
    named: HashMap<&'a str, ItemId>,
    drafts: Vec<Draft>,
    modules: Modules,
    errors: Vec<Error>,
    ignored: Ignored,
}

/// An item that is not finished.
struct Draft {
    item: Item,
    /// Its name, not written yet.
    name: String,
    module: ModuleId,
    source: usize,
    /// Where its schema stands.
    place: PlaceId,
    /// Where those of its fields or branches stand.
    fields: Vec<PlaceId>,
    /// The item that it is part of, if it stands for a union.
    owner: Option<ItemId>,
    /// It has no name in Avro.
    unnamed: bool,
}

impl Lowering<'_> {
    fn run(&mut self) {
        // Types that are defined in several ways have no defaults to go by.
        if self.errors.is_empty() {
            self.ignored = self.unsuitable();
        }
        self.declare();
        self.name_types();
        for at in 0..self.drafts.len() {
            self.define(at);
        }
        if !self.tell_infinite() {
            self.box_cycles();
        }
        self.name_unions();
        self.name_twins();
    }

    /// An error at a place of a source.
    fn fail(&mut self, source: usize, place: PlaceId, message: String, help: &str) {
        let error = self.sources[source].file.error(place, message);
        self.errors.push(error.help(help));
    }
}

fn into_model(source: Source) -> model::Source {
    let Source { file, schema, references } = source;
    model::Source { name: file.found.name, path: file.found.path, text: file.text, schema, references }
}
