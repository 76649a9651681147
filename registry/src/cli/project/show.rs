//! `--print-config`: what was understood.

use std::fmt::Write as _;

use super::Project;
use super::config::FILE_NAME;
use crate::cli::access::without_login;

/// All of it, as text. `baselines`: what would be compared with.
pub fn show(project: &Project, baselines: &[String]) -> String {
    let mut out = String::new();
    let root = project.root.path.display();
    let kind = if project.root.is_repository { "git repository" } else { "folder" };
    let _ = writeln!(out, "root: {root} ({kind})");
    match &project.config_file {
        Some(file) => _ = writeln!(out, "configuration: {file}"),
        None => _ = writeln!(out, "configuration: none ({FILE_NAME} is in no folder up to the root)"),
    }
    let _ = writeln!(out, "baselines: {}", or_none(baselines));
    let urls: Vec<String> = project.registry_urls().iter().map(|url| without_login(url)).collect();
    let _ = writeln!(out, "registry: {}", or_none(&urls));
    let _ = writeln!(out, "lock file: {}", lock_file(project));
    let _ = writeln!(out, "schemas:");
    for member in project.selected() {
        let _ = match (&member.subject, &member.source) {
            (Some(subject), Ok(_)) => {
                let level = member.level.map_or("no level", |level| level.name());
                writeln!(
                    out,
                    "  {} -> {subject} ({}), {level} ({})",
                    member.file, member.why, member.level_why
                )
            }
            (_, Err(error)) => writeln!(out, "  {} is invalid: {}", member.file, error.message()),
            (None, Ok(_)) => Ok(()),
        };
    }
    let config = project.config();
    let _ = writeln!(out, "waivers:");
    for waiver in &config.waivers {
        let line = project.read.position(waiver.span().start).line;
        let waiver = waiver.get_ref();
        let of = waiver.subject.as_deref().or(waiver.file.as_ref().map(|f| f.get_ref().as_str()));
        let (rule, owner, reason) = (waiver.rule.get_ref(), waiver.owner.get_ref(), waiver.reason.get_ref());
        let _ = writeln!(
            out,
            "  line {line}: {rule} of {} until {} ({owner}: {reason})",
            of.unwrap_or("all subjects"),
            waiver.expires
        );
    }
    let _ = writeln!(out, "lint:");
    for (name, level) in &config.lint {
        let _ = writeln!(out, "  {} = {}", name.get_ref(), level.name());
    }
    out
}

fn lock_file(project: &Project) -> String {
    let path = project.lock_file();
    let there = if path.exists() { "" } else { " (it is not there)" };
    format!("{}{there}", project.root.name(&path))
}

fn or_none(list: &[String]) -> String {
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}
