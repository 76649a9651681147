//! Which files belong to a project, told by their names: those of the disk, and those that a commit had.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use toml::Spanned;

use super::paths::{is_within, join};

/// Which files belong to a project.
#[derive(Debug)]
pub struct Scope {
    /// The folder of the project.
    pub base: String,
    /// Files that are named one by one: they are taken wherever they are.
    pub files: Vec<String>,
    /// Folders of which all .avsc files are taken.
    pub folders: Vec<String>,
    globs: Globs,
    exclude: Globs,
    /// What stands in the list, and where.
    said: Vec<(usize, Said)>,
}

/// Which of the lists an entry is in.
#[derive(Debug)]
enum Said {
    File(String),
    Folder(String),
    Glob(usize),
}

/// Globs. One that matches a folder stands for everything in it.
#[derive(Debug, Default)]
pub struct Globs {
    files: GlobSet,
    folders: GlobSet,
    texts: Vec<String>,
}

/// A glob that is none: where it is said, and what is wrong.
pub type Wrong = (usize, String);

impl Scope {
    /// What the lists of `ottla.toml` say. `is_folder`: is there a folder of that name?
    pub fn new(
        base: String,
        schemas: Option<&[Spanned<String>]>,
        exclude: &[Spanned<String>],
        is_folder: impl Fn(&str) -> bool,
    ) -> Result<Self, Wrong> {
        let exclude = Globs::new(&base, exclude)?;
        let (globs, said) = (Globs::default(), Vec::new());
        let mut scope = Self { base, files: Vec::new(), folders: Vec::new(), globs, exclude, said };
        let Some(schemas) = schemas else {
            scope.folders.push(scope.base.clone());
            return Ok(scope);
        };
        let mut globs = Vec::new();
        for entry in schemas {
            let text = entry.get_ref();
            let name = join(&scope.base, text);
            let name =
                name.ok_or_else(|| (entry.span().start, format!("{text} is outside of the repository")))?;
            let said = if text.contains(['*', '?', '[', '{']) {
                globs.push(entry.clone());
                Said::Glob(globs.len() - 1)
            } else if name.ends_with(".avsc") && !is_folder(&name) {
                scope.files.push(name.clone());
                Said::File(name)
            } else {
                scope.folders.push(name.clone());
                Said::Folder(name)
            };
            scope.said.push((entry.span().start, said));
        }
        scope.globs = Globs::new(&scope.base, &globs)?;
        Ok(scope)
    }

    /// Folders that have to be looked into for globs.
    pub fn glob_folders(&self) -> impl Iterator<Item = String> {
        self.globs.texts.iter().map(|text| {
            let plain: Vec<&str> =
                text.split('/').take_while(|p| !p.contains(['*', '?', '[', '{', '\\'])).collect();
            // The last part is the file's, even if it is no pattern.
            let folders = plain.len().min(text.split('/').count() - 1);
            plain[..folders].join("/")
        })
    }

    /// Does a file belong to the project, whether or not git ignores it?
    pub fn covers(&self, name: &str) -> bool {
        self.files.iter().any(|file| file == name) || (self.is_looked_for(name) && !self.excludes(name))
    }

    /// The entries of the list that none of these files is of: where they are said.
    pub fn unmatched(&self, files: &[&str]) -> Vec<usize> {
        let is_of = |said: &Said, file: &str| match said {
            Said::File(name) => name == file,
            Said::Folder(folder) => is_within(file, folder),
            Said::Glob(at) => self.globs.matches(*at, file),
        };
        let unmatched = self.said.iter().filter(|(_, said)| !files.iter().any(|file| is_of(said, file)));
        unmatched.map(|(at, _)| *at).collect()
    }

    /// Is it excluded?
    pub fn excludes(&self, name: &str) -> bool {
        self.exclude.contain(name)
    }

    fn is_looked_for(&self, name: &str) -> bool {
        let folder = self.folders.iter().any(|folder| is_found(name, folder));
        folder || (self.globs.find(name) && self.glob_folders().any(|folder| is_visible(name, &folder)))
    }
}

/// Is a file one of those that are looked for in a folder: a .avsc file, and nothing on the way is hidden?
pub fn is_found(name: &str, folder: &str) -> bool {
    is_schema(name) && is_visible(name, folder)
}

fn is_schema(name: &str) -> bool {
    name.ends_with(".avsc")
}

fn is_visible(name: &str, folder: &str) -> bool {
    let rest = name.strip_prefix(folder).unwrap_or_default();
    is_within(name, folder) && rest.split('/').all(|part| !part.starts_with('.'))
}

impl Globs {
    /// Globs that are said in `ottla.toml`, which is in the folder `base`.
    pub fn new(base: &str, entries: &[Spanned<String>]) -> Result<Self, Wrong> {
        let (mut files, mut folders) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let mut texts = Vec::new();
        for entry in entries {
            let at = entry.span().start;
            let text = entry.get_ref();
            let folder = globset::escape(base);
            let whole =
                join(&folder, text).ok_or_else(|| (at, format!("{text} is outside of the repository")))?;
            let glob = |pattern: &str| glob(pattern).map_err(|e| (at, e.kind().to_string()));
            files.add(glob(&whole)?);
            folders.add(glob(&format!("{whole}/**"))?);
            texts.push(whole);
        }
        let build = |globs: GlobSetBuilder| globs.build().map_err(|e| (0, e.to_string()));
        Ok(Self { files: build(files)?, folders: build(folders)?, texts })
    }

    /// Does one of them match the file, or a folder that it is in?
    pub fn contain(&self, name: &str) -> bool {
        self.files.is_match(name) || self.folders.is_match(name)
    }

    fn matches(&self, at: usize, name: &str) -> bool {
        self.files.matches(name).contains(&at) || self.folders.matches(name).contains(&at)
    }

    /// Is a file one of those that are looked for by these globs? Files of other kinds are, where a glob says how they end.
    fn find(&self, name: &str) -> bool {
        let says_end = |at: &usize| self.texts[*at].rsplit('/').next().is_some_and(|last| last.contains('.'));
        self.files.matches(name).iter().any(|at| is_schema(name) || says_end(at))
            || (is_schema(name) && self.folders.is_match(name))
    }
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(texts: &[&str]) -> Vec<Spanned<String>> {
        texts.iter().map(|text| Spanned::new(0..0, (*text).to_owned())).collect()
    }

    #[test]
    fn files_belong_by_their_names() {
        let schemas = entries(&[
            "schemas",
            "../shared/*.avsc",
            "one.avsc",
            ".hidden",
            "x/**/y.avsc",
            "all/*",
            "j/*.json",
        ]);
        let exclude = entries(&["**/v1/**", "schemas/old"]);
        let scope = Scope::new("app[1]".to_owned(), Some(&schemas), &exclude, |_| false).expect("globs");
        for (name, expected) in [
            ("app[1]/schemas/a.avsc", true),
            ("app[1]/schemas/b/a.avsc", true),
            ("app[1]/schemas/b/a.json", false),
            ("app[1]/schemas/.b/a.avsc", false),
            ("app[1]/schemas/v1/a.avsc", false),
            ("app[1]/schemas/old/a.avsc", false),
            ("app[1]/schemasx/a.avsc", false),
            ("shared/a.avsc", true),
            ("shared/b/a.avsc", false),
            ("app[1]/one.avsc", true),
            ("app[1]/two.avsc", false),
            ("app[1]/.hidden/a.avsc", true),
            ("app[1]/x/y.avsc", true),
            ("app[1]/x/1/2/y.avsc", true),
            ("app[1]/x/1/2/z.avsc", false),
            ("app[1]/all/1/z.avsc", true),
            ("app[1]/all/1/z.json", false),
            ("app[1]/all/.1/z.avsc", false),
            ("app[1]/j/z.json", true),
        ] {
            assert_eq!(scope.covers(name), expected, "{name}");
        }
        let folders: Vec<String> = scope.glob_folders().collect();
        assert_eq!(folders, ["shared", "", "", ""]);
    }
}
