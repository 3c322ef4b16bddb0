//! Reasons: their code, and a text with the numbers filled in.

use std::sync::Arc;

use super::names::Meaning;
use super::slots::Given;
use super::{Builder, Stage};
use crate::policy::ast::{self, Name, TemplatePart, Text};
use crate::policy::plan::{Lookup, Part, Reason};
use crate::policy::program::{Condition, Slot};

impl<'a> Builder<'a> {
    /// Compiles a reason; `condition` tells which reading an attribute of a list belongs to.
    pub(crate) fn reason(
        &mut self,
        reason: &ast::Reason,
        tell: Option<&Text>,
        tags: &[Name],
        condition: &Condition,
    ) -> Option<Reason> {
        let parts: Vec<_> =
            reason.template.parts.iter().map(|part| self.part(part, condition)).collect();
        Some(Reason {
            code: reason.code.text.as_str().into(),
            template: parts.into_iter().collect::<Option<_>>()?,
            tell: tell.map(|text| text.value.as_str().into()),
            tags: tags.iter().map(|tag| Arc::from(tag.text.as_str())).collect(),
        })
    }

    fn part(&mut self, part: &TemplatePart, condition: &Condition) -> Option<Part> {
        match part {
            TemplatePart::Text(text) => Some(Part::Text(text.as_str().into())),
            TemplatePart::Placeholder(name) => {
                let slot = match self.attribute_of(name) {
                    Some(list) => self.attribute(list, name, condition)?,
                    None => self.slot(Stage::Decision, name)?.0,
                };
                Some(Part::Reading(slot))
            }
        }
    }

    /// The list, if the name is that of a list and a column.
    fn attribute_of(&self, name: &Name) -> Option<usize> {
        let (list, _) = name.text.rsplit_once('.')?;
        match self.names.meaning(list)? {
            Meaning::List(index) => Some(index),
            Meaning::Signal(_) | Meaning::Attribute(_) => None,
            Meaning::Window(_) | Meaning::Derived(_) => None,
        }
    }

    /// The slot of `burned_device.since`, looked up for what the condition asks the list about.
    fn attribute(&mut self, list: usize, name: &Name, condition: &Condition) -> Option<Slot> {
        let mut operand = None;
        self.program.reads(condition, &mut |slot| {
            if let Slot::Given(index) = slot
                && let Some(Given::Lookup(lookup)) = self.given(index)
                && lookup.list == list
            {
                operand = operand.or(Some(lookup.operand));
            }
        });
        let definition = *self.names.lists.get(list)?;
        let Some(operand) = operand else {
            let message = format!("the condition does not ask list `{}`", definition.name.text);
            let problem =
                crate::policy::diagnostic::Diagnostic::error(super::code::MISPLACED, message);
            return self.report(problem.at(name.span, "no entry to show"));
        };
        let attribute = self.column(list, definition, name)?;
        let name = format!("{} of {}", name.text, self.given_name(operand));
        Some(self.lookup(Lookup { name: name.into(), operand, list, attribute: Some(attribute) }))
    }
}
