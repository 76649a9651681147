//! The baselines of a check, asked about all files.

use ottla_formats::avro::Schema;
use ottla_gate::lock::Lock;

use super::Options;
use crate::cli::Usage;
use crate::cli::access::{Access, urls};
use crate::cli::baseline::{Against, Answer, Column, Looked, Wanted, git, lock, registry};
use crate::cli::project::{Member, Project};

/// What the baselines say about the files that are schemas.
#[derive(Debug)]
pub struct Columns<'p> {
    /// The members that were asked about, in the order of the answers.
    pub members: Vec<&'p Member>,
    /// The baselines.
    pub all: Vec<Column>,
    /// What they were asked for as.
    pub baselines: &'p [Against],
    /// What git says, if it was not among them and somebody has to know what is new.
    pub newness: Option<Column>,
    /// The lock file, if there is one: it may accept breaks.
    pub lock: Option<Lock>,
}

/// What to compare with: what the command line says, else the project, else git.
pub fn baselines(project: &Project, given: &[Against]) -> Result<Vec<Against>, Usage> {
    let mut all = given.to_vec();
    if all.is_empty() {
        all = configured(project)?;
    }
    if all.is_empty() && project.root.is_repository {
        all.push(Against::Git(None));
    }
    if all.is_empty() {
        let words = "there is nothing to compare with: this is not in a git repository; name a baseline: --against \
                     git:REF, registry:URL or lock:FILE";
        return Err(Usage(words.to_owned()));
    }
    let mut unique: Vec<Against> = Vec::new();
    all.into_iter().for_each(|against| {
        if !unique.contains(&against) {
            unique.push(against);
        }
    });
    Ok(unique)
}

fn configured(project: &Project) -> Result<Vec<Against>, Usage> {
    let texts = project.config().against.as_deref().unwrap_or_default();
    let read = |text: &toml::Spanned<String>| {
        text.get_ref().parse().map_err(|e: &str| project.wrong(text.span().start, e))
    };
    texts.iter().map(read).collect()
}

impl<'p> Columns<'p> {
    /// Asks all baselines.
    pub fn ask(project: &'p Project, baselines: &'p [Against], options: &Options) -> Result<Self, Usage> {
        let members: Vec<&Member> = project.selected().filter(|member| member.source.is_ok()).collect();
        let mut columns = Self { members, all: Vec::new(), baselines, newness: None, lock: None };
        let path = match &options.lock {
            Some(path) => std::path::absolute(path).map_err(|e| Usage(format!("{}: {e}", path.display())))?,
            None => project.lock_file(),
        };
        let is_asked = options.lock.is_some() || baselines.contains(&Against::Lock(None));
        if is_asked || project.config().lock.is_some() || path.exists() {
            columns.lock = Some(lock::read(project, &path)?);
        }
        for against in baselines {
            let column = columns.column(project, against, options)?;
            columns.all.push(column);
        }
        if columns.needs_newness(options) && project.root.is_repository {
            columns.newness = Some(git::look(project, &columns.members, None, false));
        }
        columns.left_out(project);
        Ok(columns)
    }

    /// Tells files that a sparse checkout leaves out from those that are gone.
    fn left_out(&mut self, project: &Project) {
        let looked = self.all.iter_mut().filter_map(|column| column.looked.as_mut().ok());
        let mut gone = looked.flat_map(|looked| &mut looked.gone).peekable();
        if !project.root.is_repository || gone.peek().is_none() {
            return;
        }
        // If git does not say so, they are gone for all that is known.
        let Ok(names) = git::left_out(project) else { return };
        gone.for_each(|gone| gone.is_left_out = gone.file.as_ref().is_some_and(|file| names.contains(file)));
    }

    fn column(&self, project: &Project, against: &Against, options: &Options) -> Result<Column, Usage> {
        match against {
            Against::Git(reference) => {
                Ok(git::look(project, &self.members, reference.as_deref(), options.allow_new))
            }
            Against::Registry(url) => self.registry(project, url.as_deref(), &options.access),
            Against::Lock(None) => self.lock_column(project, self.lock.as_ref()),
            Against::Lock(Some(path)) => {
                let path =
                    std::path::absolute(path).map_err(|e| Usage(format!("{}: {e}", path.display())))?;
                self.lock_column(project, Some(&lock::read(project, &path)?))
            }
        }
    }

    fn lock_column(&self, project: &Project, lock: Option<&Lock>) -> Result<Column, Usage> {
        let lock = lock.ok_or_else(|| Usage("there is no lock file".to_owned()))?;
        let looked = lock::look(lock, project, &self.members);
        Ok(Column::new(format!("lock:{}", lock.shown()), Ok(looked)))
    }

    fn registry(&self, project: &Project, url: Option<&str>, access: &Access) -> Result<Column, Usage> {
        let urls = match url {
            Some(text) => urls(text),
            None => project.registry_urls(),
        };
        if urls.is_empty() {
            let words = "no registry is named: --against registry:URL, OTTLA_REGISTRY, or url in [registry] of ottla.toml";
            return Err(Usage(words.to_owned()));
        }
        let client = access.strict_client(&urls)?;
        let label = format!("registry:{}", client.urls().join(","));
        let wanted: Vec<Wanted<'_>> =
            self.members.iter().filter_map(|member| wanted(project, member)).collect();
        let answers = if wanted.is_empty() { Vec::new() } else { registry::look(client, &wanted) };
        if answers.len() != self.members.len() {
            return Ok(Column::new(label, Err("not all subjects were asked for".to_owned())));
        }
        Ok(Column::new(label, Ok(Looked { answers, gone: Vec::new() })))
    }

    /// Has git to be asked what is new?
    fn needs_newness(&self, options: &Options) -> bool {
        let is_unknown = |column: &Column| {
            let answers = column.looked.as_ref().map(|looked| looked.answers.as_slice()).unwrap_or_default();
            answers.iter().any(|answer| matches!(answer, Answer::Unknown))
        };
        let git = self.baselines.iter().position(|against| matches!(against, Against::Git(_)));
        git.is_none() && !options.allow_new && !options.require_existing && self.all.iter().any(is_unknown)
    }

    /// What is to be said of the baselines, and of files that nobody can know to be there.
    pub fn notes(&self, project: &Project) -> Vec<String> {
        let mut notes: Vec<String> = self.all.iter().filter_map(|column| column.note.clone()).collect();
        let doubt = project.files.doubt.as_ref().filter(|_| self.git().is_none());
        notes.extend(doubt.map(|why| {
            format!("files that .gitignore names are not looked at, and whether git has some of them is not known: {why}")
        }));
        notes
    }

    /// What git says: the first of the baselines that is git, or what was asked for newness alone.
    pub fn git(&self) -> Option<&Column> {
        let of_git = self.baselines.iter().position(|against| matches!(against, Against::Git(_)));
        of_git.and_then(|at| self.all.get(at)).or(self.newness.as_ref())
    }

    /// The newest version of a member that any baseline knows.
    pub fn previous(&self, member: &Member) -> Option<&Schema> {
        let at = self.members.iter().position(|other| std::ptr::eq(*other, member))?;
        self.all.iter().find_map(|column| match column.looked.as_ref().ok()?.answers.get(at)? {
            Answer::Known(past) => past.versions.first().and_then(|version| version.schema.as_avro()),
            _ => None,
        })
    }

    /// Were all baselines asked that the project names, so that a waiver that is for nothing is none that somebody needs?
    pub fn are_all_configured(&self, project: &Project) -> bool {
        configured(project).is_ok_and(|all| all.iter().all(|against| self.baselines.contains(against)))
    }
}

fn wanted<'a>(project: &'a Project, member: &'a Member) -> Option<Wanted<'a>> {
    Some(Wanted {
        subject: member.subject.as_deref()?,
        schema: &member.source(project)?.schema,
        level: member.level,
    })
}
