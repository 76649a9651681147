//! The modules of namespaces, and the names in them.

use std::collections::{BTreeMap, HashMap};

use super::{Draft, Lowering};
use crate::error::Error;
use crate::model::{Item, ItemId, Module};
use crate::names::{self, Case, Scope, Wanted, written};

/// The index of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ModuleId(usize);

/// The outermost module.
pub(super) const ROOT: ModuleId = ModuleId(0);

/// All modules.
#[derive(Debug)]
pub(super) struct Modules {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    outer: Option<ModuleId>,
    /// The whole namespace in Avro.
    namespace: String,
    /// In Rust, not written yet.
    name: String,
    /// By the parts of the namespace.
    inner: BTreeMap<String, ModuleId>,
    scope: Scope,
}

impl Default for Modules {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Modules {
    /// The module of a namespace; `stripped` is what is left of it.
    pub(super) fn of(&mut self, namespace: &str, stripped: &str) -> ModuleId {
        let mut at = ROOT;
        let mut end = namespace.len() - stripped.len();
        for part in stripped.split('.').filter(|part| !part.is_empty()) {
            end += part.len() + usize::from(!namespace[end..].starts_with(part));
            at = match self.nodes[at.0].inner.get(part) {
                Some(known) => *known,
                None => {
                    let new = ModuleId(self.nodes.len());
                    self.nodes[at.0].inner.insert(part.to_owned(), new);
                    let namespace = namespace[..end].to_owned();
                    self.nodes.push(Node { outer: Some(at), namespace, ..Node::default() });
                    new
                }
            };
        }
        at
    }

    fn path(&self, mut module: ModuleId) -> Vec<String> {
        let mut path = Vec::new();
        while let Some(outer) = self.nodes[module.0].outer {
            path.push(written(&self.nodes[module.0].name));
            module = outer;
        }
        path.reverse();
        path
    }

    /// Finishes the items, and puts them into their modules. A union stands after the type that it is in.
    pub(super) fn build(&self, drafts: Vec<Draft>) -> (Vec<Item>, Module) {
        let paths: Vec<Vec<String>> = (0..self.nodes.len()).map(|at| self.path(ModuleId(at))).collect();
        let mut inside: Vec<Vec<(ItemId, ItemId)>> = vec![Vec::new(); self.nodes.len()];
        let mut items = Vec::with_capacity(drafts.len());
        for (at, Draft { mut item, name, module, owner, .. }) in drafts.into_iter().enumerate() {
            item.modules = paths[module.0].clone();
            item.ident = written(&name);
            let id = ItemId(at);
            inside[module.0].push((owner.unwrap_or(id), id));
            items.push(item);
        }
        // Modules inside have been added after those around them.
        let mut modules: Vec<Option<Module>> = self.nodes.iter().map(|_| None).collect();
        for (at, node) in self.nodes.iter().enumerate().rev() {
            inside[at].sort_unstable();
            let mut inner: Vec<Module> =
                node.inner.values().filter_map(|inner| modules[inner.0].take()).collect();
            inner.sort_by(|a, b| a.name.cmp(&b.name));
            modules[at] = Some(Module {
                name: written(&node.name),
                namespace: node.namespace.clone(),
                items: inside[at].iter().map(|(_, id)| *id).collect(),
                modules: inner,
            });
        }
        let mut root = modules.swap_remove(0).unwrap_or_default();
        root.name.clear();
        (items, root)
    }
}

impl Lowering<'_> {
    /// Gives names to all types but those that stand for unions, and to the modules.
    pub(super) fn name_types(&mut self) {
        self.tell_merged();
        self.tell_stems();
        let mut by_module: BTreeMap<ModuleId, Vec<usize>> = BTreeMap::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            by_module.entry(draft.module).or_default().push(at);
        }
        for (module, drafts) in by_module {
            let wanted = drafts.iter().map(|at| {
                let draft = &self.drafts[*at];
                let simple = draft.item.avro.rsplit('.').next().unwrap_or_default();
                let avro = if draft.is_named() { simple } else { "" };
                Wanted { avro, name: draft.name.clone() }
            });
            let wanted: Vec<Wanted<'_>> = wanted.collect();
            let names = self.modules.nodes[module.0].scope.assign(Case::Camel, &wanted);
            for (at, name) in drafts.into_iter().zip(names) {
                self.drafts[at].name = name;
            }
        }
        for node in 0..self.modules.nodes.len() {
            let inner = self.modules.nodes[node].inner.clone();
            let wanted: Vec<Wanted<'_>> =
                inner.keys().map(|part| Wanted { avro: part, name: names::module(part) }).collect();
            let names = self.modules.nodes[node].scope.assign(Case::Snake, &wanted);
            for (module, name) in inner.values().zip(names) {
                self.modules.nodes[module.0].name = name;
            }
        }
    }

    /// Gives a name to a type that was not there before.
    pub(super) fn name_late(&mut self, module: ModuleId, name: String) -> String {
        let wanted = [Wanted { avro: "", name }];
        self.modules.nodes[module.0].scope.assign(Case::Camel, &wanted).pop().unwrap_or_default()
    }

    /// Gives names to the types that stand for unions.
    pub(super) fn name_unions(&mut self) {
        for at in 0..self.drafts.len() {
            let Draft { owner: Some(_), module, name, .. } = &self.drafts[at] else { continue };
            let (module, name) = (*module, name.clone());
            self.drafts[at].name = self.name_late(module, name);
        }
    }

    /// Tells of types that are one because of what is stripped.
    fn tell_merged(&mut self) {
        let mut met: HashMap<String, usize> = HashMap::new();
        let mut merged = Vec::new();
        for (at, draft) in self.drafts.iter().enumerate().filter(|(_, draft)| draft.is_named()) {
            let left = self.choices.stripped(&draft.item.avro);
            match met.get(left) {
                Some(first) => merged.push((*first, at, left.to_owned())),
                None => {
                    met.insert(left.to_owned(), at);
                }
            }
        }
        for (first, second, left) in merged {
            self.tell_pair(
                first,
                second,
                &format!("is {left} without the stripped namespace, as is"),
                "strip less",
            );
        }
    }

    /// Tells of files whose types take the same name from theirs.
    fn tell_stems(&mut self) {
        let mut met: HashMap<String, usize> = HashMap::new();
        let mut same = Vec::new();
        for (at, draft) in self.drafts.iter().enumerate().filter(|(_, draft)| !draft.is_named()) {
            match met.get(&draft.name) {
                Some(first) => same.push((*first, at)),
                None => {
                    met.insert(draft.name.clone(), at);
                }
            }
        }
        for (first, second) in same {
            let what = format!("has no name and takes {} from its file, as does", self.drafts[first].name);
            self.tell_pair(first, second, &what, "rename one of the files");
        }
    }

    fn tell_pair(&mut self, first: usize, second: usize, what: &str, help: &str) {
        for (here, there) in [(first, second), (second, first)] {
            let (here, there) = (&self.drafts[here], &self.drafts[there]);
            let other = self.sources[there.source].file.place(there.place);
            let message = format!("{} {what} {} at {other}", here.item.avro, there.item.avro);
            let error: Error = self.sources[here.source].file.error(here.place, message).help(help);
            self.errors.push(error);
        }
    }
}

impl Draft {
    /// Has it a name in Avro?
    fn is_named(&self) -> bool {
        !self.unnamed
    }
}
