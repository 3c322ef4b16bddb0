//! The client on the network and the device in the user's hands.

use doorward_core::event::{Client, Device, UserAgent};

use super::{span, text};
use crate::wire;

pub(super) fn client(client: &Client) -> wire::Client {
    wire::Client {
        address: client.address.map(|address| address.to_string()).unwrap_or_default(),
        user_agent: client.user_agent.as_ref().map(user_agent),
        hints: Some(hints(client)).filter(|hints| *hints != wire::ClientHints::default()),
        accept_language: client.accept_language.as_ref().map(ToString::to_string),
        ja4: text(client.ja4.as_ref()),
        bot_score: client.bot_score.map(u32::from),
        round_trip: client.round_trip_ms.map(span),
        origin: text(client.origin.as_ref()),
    }
}

fn user_agent(agent: &UserAgent) -> String {
    match agent {
        UserAgent::Empty => String::new(),
        UserAgent::Text(text) => text.to_string(),
    }
}

fn hints(client: &Client) -> wire::ClientHints {
    wire::ClientHints {
        brands: text(client.hint_brands.as_ref()),
        mobile: client.hint_mobile,
        platform: text(client.hint_platform.as_ref()),
        platform_version: text(client.hint_platform_version.as_ref()),
        model: text(client.hint_model.as_ref()),
    }
}

pub(super) fn device(device: &Device) -> wire::Device {
    wire::Device {
        id: text(device.id.as_ref()),
        emulated: device.emulated,
        rooted: device.rooted,
        tampered: device.tampered,
        cloned_app: device.cloned_app,
        remote_control: device.remote_control,
        automation: device.automation,
        utc_offset_minutes: device.utc_offset_min.map(i32::from),
        screen_class: text(device.screen.as_ref()),
        managed: device.managed,
        compliant: device.compliant,
        reported_lost: device.reported_lost,
        token_id: text(device.token_id.as_ref()),
    }
}
