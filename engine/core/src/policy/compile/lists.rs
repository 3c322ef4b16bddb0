//! Lists: their definitions, and the files behind them.

use super::names::{listed, not_among};
use super::{Builder, code};
use crate::policy::ast::{self, Document, Item, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::list::{Definition, List, ListFile};
use crate::value::Type;

/// What the entries of a list can be.
const ENTRIES: [(&str, Type); 7] = [
    ("cidr", Type::Cidr),
    ("ip", Type::Ip),
    ("asn", Type::Asn),
    ("country", Type::Country),
    ("device", Type::Device),
    ("user", Type::User),
    ("text", Type::Text),
];

/// Wrong lines of one file that are reported one by one.
const LINES_SHOWN: usize = 5;

impl<'a> Builder<'a> {
    /// `use` has no meaning yet: all files of the directory are one policy.
    pub(crate) fn refuse_use(&mut self, document: &Document) {
        for item in document.items() {
            if let Item::Use(line) = item {
                let message = "`use` is not available in this version";
                self.found.push(
                    Diagnostic::error(code::UNAVAILABLE, message)
                        .at(line.span, "")
                        .help("all files of the rule directory are read; take this line out"),
                );
            }
        }
    }

    /// Reads every list that is defined.
    pub(crate) fn lists(&mut self, files: &[ListFile]) -> Vec<List> {
        let mut lists = Vec::new();
        for list in self.names.lists.clone() {
            let kind = self.entries(list);
            self.list_kinds.push(kind);
            self.list_stales.push(list.stale_after.is_some());
            let read = kind.and_then(|kind| self.list(list, kind, files));
            self.list_columns
                .push(read.as_ref().map(|list| list.columns.clone()).unwrap_or_default());
            lists.extend(read);
        }
        lists
    }

    fn entries(&mut self, list: &ast::List) -> Option<Type> {
        let known = ENTRIES.iter().find(|(name, _)| *name == list.entries.text);
        if let Some((_, kind)) = known {
            return Some(*kind);
        }
        let names = ENTRIES.map(|(name, _)| name);
        let problem = not_among("type of list", &list.entries.text, list.entries.span, &names);
        self.report(problem)
    }

    fn list(&mut self, list: &ast::List, kind: Type, files: &[ListFile]) -> Option<List> {
        let from = list.from.as_ref()?;
        let Some(file) = files.iter().find(|file| file.path == from.value) else {
            let message = format!("the file of list `{}` is missing", list.name.text);
            let problem = Diagnostic::error(code::LIST_FILE, message);
            let problem = problem.at(from.span, "no such file beside the rules");
            return self
                .report(problem.help("a list without entries is a file with its header line"));
        };
        let definition = Definition {
            name: list.name.text.as_str().into(),
            kind,
            stale_ms: list.stale_after.map(|after| after.ms),
            entries_expire: list.entries_expire.is_some(),
        };
        match List::parse(definition, file) {
            Ok(list) => Some(list),
            Err(lines) => {
                let message = format!("the file of list `{}` cannot be read", list.name.text);
                let mut problem = Diagnostic::error(code::LIST_FILE, message).at(from.span, "");
                let path = self.sources.shown(&file.path);
                for (line, reason) in lines.iter().take(LINES_SHOWN) {
                    problem = problem.note(format!("{path}:{line}: {reason}"));
                }
                let rest = lines.len().saturating_sub(LINES_SHOWN);
                if rest > 0 {
                    problem = problem.note(format!("{rest} more lines are wrong"));
                }
                self.report(problem)
            }
        }
    }

    /// The column of a list that a reason shows.
    pub(crate) fn column(&mut self, index: usize, list: &ast::List, name: &Name) -> Option<usize> {
        let attribute = name.text.rsplit('.').next().unwrap_or_default();
        let columns = self.list_columns.get(index)?.clone();
        if let Some(column) = columns.iter().position(|column| &**column == attribute) {
            return Some(column);
        }
        let message = format!("list `{}` has no column `{attribute}`", list.name.text);
        let problem = Diagnostic::error(code::UNKNOWN_NAME, message).at(name.span, "");
        self.report(if columns.is_empty() {
            problem.help("its file has one column only")
        } else {
            problem.help(format!("its file has {}", listed(&columns)))
        })
    }
}
