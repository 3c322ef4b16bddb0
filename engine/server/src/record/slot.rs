//! The slots of a policy, as the log keeps them: what each reading is.

use doorward_core::policy::SlotSpec;
use doorward_core::value::Type;

use crate::wire::log::{Slot, SlotType};

/// The slots of a policy, for its record.
pub(crate) fn slots(slots: &[SlotSpec]) -> Vec<Slot> {
    let slot = |slot: &SlotSpec| Slot {
        name: slot.name.to_string(),
        r#type: slot_type(slot.kind).into(),
        definition: String::new(),
    };
    slots.iter().map(slot).collect()
}

fn slot_type(kind: Type) -> SlotType {
    match kind {
        Type::Bool => SlotType::Bool,
        Type::Int => SlotType::Int,
        Type::Ratio => SlotType::Ratio,
        Type::Decimal => SlotType::Decimal,
        Type::Money => SlotType::Money,
        Type::Duration => SlotType::Duration,
        Type::Instant => SlotType::Instant,
        Type::Distance => SlotType::Distance,
        Type::Speed => SlotType::Speed,
        Type::Ip => SlotType::Ip,
        Type::Cidr => SlotType::Cidr,
        Type::Asn => SlotType::Asn,
        Type::Country => SlotType::Country,
        Type::Device => SlotType::Device,
        Type::User => SlotType::User,
        Type::Text => SlotType::Text,
        Type::Word(_) => SlotType::Enum,
    }
}

/// The type of a slot, as far as the record tells: which words an enumeration has, it does not.
pub(super) fn kind(slot: SlotType) -> Option<Type> {
    match slot {
        SlotType::Unspecified => None,
        SlotType::Bool => Some(Type::Bool),
        SlotType::Int => Some(Type::Int),
        SlotType::Ratio => Some(Type::Ratio),
        SlotType::Decimal => Some(Type::Decimal),
        SlotType::Money => Some(Type::Money),
        SlotType::Duration => Some(Type::Duration),
        SlotType::Instant => Some(Type::Instant),
        SlotType::Distance => Some(Type::Distance),
        SlotType::Speed => Some(Type::Speed),
        SlotType::Ip => Some(Type::Ip),
        SlotType::Cidr => Some(Type::Cidr),
        SlotType::Asn => Some(Type::Asn),
        SlotType::Country => Some(Type::Country),
        SlotType::Device => Some(Type::Device),
        SlotType::User => Some(Type::User),
        SlotType::Text | SlotType::Enum => Some(Type::Text),
    }
}
