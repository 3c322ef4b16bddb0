//! Attributes: `attribute merchant text "who is paid in the shop"`.

use super::names::not_among;
use super::{Builder, code};
use crate::event::{self, ATTRIBUTE_NAME_BYTES_MAX};
use crate::policy::ast::{self, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::signal::AttributeSpec;
use crate::value::Type;

/// What attributes can be read as.
const KINDS: [(&str, Type); 5] = [
    ("text", Type::Text),
    ("int", Type::Int),
    ("decimal", Type::Decimal),
    ("bool", Type::Bool),
    ("risk", Type::Ratio),
];

impl Builder<'_> {
    /// Reads every attribute that is declared.
    pub(crate) fn attributes(&mut self) {
        for attribute in self.names.attributes.clone() {
            let spec = self.attribute_spec(attribute);
            self.attributes.push(spec);
        }
    }

    /// The type of an attribute; `None` if its declaration is wrong.
    pub(crate) fn attribute_kind(&self, index: usize) -> Option<Type> {
        self.attributes.get(index)?.as_ref().map(|attribute| attribute.kind)
    }

    fn attribute_spec(&mut self, attribute: &ast::Attribute) -> Option<AttributeSpec> {
        let named = self.nameable(&attribute.name);
        let kind = self.read_as(&attribute.kind);
        named?;
        let doc = attribute.doc.as_ref().map_or("", |doc| doc.value.as_str()).into();
        Some(AttributeSpec { name: attribute.name.text.as_str().into(), kind: kind?, doc })
    }

    /// Whether callers can send an attribute of this name.
    fn nameable(&mut self, name: &Name) -> Option<()> {
        if event::Attribute::name(&name.text).is_some() {
            return Some(());
        }
        let message = format!("no event can have an attribute `{}`", name.text);
        let allowed =
            format!("names are 1 to {ATTRIBUTE_NAME_BYTES_MAX} of a-z, 0-9 and _, a letter first");
        self.report(Diagnostic::error(code::MISPLACED, message).at(name.span, "").help(allowed))
    }

    fn read_as(&mut self, kind: &Name) -> Option<Type> {
        if let Some((_, known)) = KINDS.iter().find(|(name, _)| *name == kind.text) {
            return Some(*known);
        }
        let names = KINDS.map(|(name, _)| name);
        let problem = not_among("type of attribute", &kind.text, kind.span, &names);
        self.report(problem)
    }
}
