//! An attempt, encoded by hand: every decision hashes and keeps it as prost would write it.

use super::{Attempt, Client, Credential, Device, Fields, User};

/// Room for most attempts.
const ATTEMPT_BYTES: usize = 512;

impl Attempt {
    /// All of it, encoded.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ATTEMPT_BYTES);
        write(&mut Fields::of(&mut bytes), self);
        bytes
    }
}

/// Every message is taken apart by name, so that a field that is new and not written does not compile.
fn write(fields: &mut Fields<'_>, attempt: &Attempt) {
    let Attempt {
        event_id,
        occurred_at,
        tenant,
        population,
        journey,
        user,
        credential,
        client,
        device,
        session,
        transaction,
        attributes,
        purposes,
        app,
        change,
        contact,
        scores,
    } = attempt;
    fields.text(1, event_id);
    fields.timestamp(2, occurred_at.as_ref());
    fields.text(3, tenant);
    fields.word(4, *population);
    fields.word(5, *journey);
    fields.optional(6, user.as_ref(), write_user);
    fields.optional(7, credential.as_ref(), write_credential);
    fields.optional(8, client.as_ref(), write_client);
    fields.optional(9, device.as_ref(), write_device);
    fields.generated(10, session.as_ref());
    fields.generated(11, transaction.as_ref());
    for (name, value) in attributes {
        fields.message(12, |entry| {
            entry.text(1, name);
            entry.generated(2, Some(value).filter(|it| it.value.is_some()));
        });
    }
    fields.texts(13, purposes);
    fields.text(14, app);
    fields.generated(15, contact.as_ref());
    scores.iter().for_each(|score| fields.generated(16, Some(score)));
    fields.word(17, *change);
}

fn write_user(fields: &mut Fields<'_>, user: &User) {
    let User { id, exists, created_at, privileged } = user;
    fields.text(1, id);
    fields.flag(2, *exists);
    fields.timestamp(3, created_at.as_ref());
    fields.flag(4, *privileged);
}

fn write_credential(fields: &mut Fields<'_>, credential: &Credential) {
    let Credential { method, result, failure, secret_tag, breached, authenticator } = credential;
    fields.word(1, *method);
    fields.word(2, *result);
    fields.word(3, *failure);
    fields.text(4, secret_tag);
    fields.flag(5, *breached);
    fields.generated(6, authenticator.as_ref());
}

fn write_client(fields: &mut Fields<'_>, client: &Client) {
    let Client { address, user_agent, hints, accept_language, ja4, bot_score, round_trip, origin } =
        client;
    fields.text(1, address);
    if let Some(agent) = user_agent {
        fields.some_bytes(2, agent);
    }
    fields.generated(3, hints.as_ref());
    if let Some(language) = accept_language {
        fields.some_bytes(4, language);
    }
    fields.text(5, ja4);
    if let Some(score) = bot_score {
        fields.some_number(6, u64::from(*score));
    }
    fields.duration(7, round_trip.as_ref());
    fields.text(8, origin);
}

fn write_device(fields: &mut Fields<'_>, device: &Device) {
    let Device {
        id,
        emulated,
        rooted,
        tampered,
        cloned_app,
        remote_control,
        automation,
        utc_offset_minutes,
        screen_class,
        managed,
        compliant,
        reported_lost,
        token_id,
    } = device;
    let facts = [emulated, rooted, tampered, cloned_app, remote_control, automation];
    fields.text(1, id);
    (2..).zip(facts).for_each(|(field, fact)| fields.flag(field, *fact));
    if let Some(minutes) = utc_offset_minutes {
        fields.some_signed(8, i64::from(*minutes));
    }
    fields.text(9, screen_class);
    fields.flag(10, *managed);
    fields.flag(11, *compliant);
    fields.flag(12, *reported_lost);
    fields.text(13, token_id);
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::wire::attribute_value::Value;
    use crate::wire::google::{Duration, Timestamp};
    use crate::wire::{
        AttributeValue, Authenticator, ClientHints, Contact, Email, ExternalScore, Phone, Session,
        SessionStart, Transaction,
    };

    fn text(length: usize) -> String {
        "x".repeat(length)
    }

    /// An attempt that says everything, with texts of this length and this truth.
    fn told(length: usize, flag: bool) -> Attempt {
        let number = i32::from(flag);
        let fact = Some(flag);
        let at = Some(Timestamp { seconds: -i64::from(number), nanos: number });
        Attempt {
            event_id: text(length),
            occurred_at: at,
            tenant: text(length),
            population: number,
            journey: -number,
            user: Some(User { id: text(length), exists: fact, created_at: at, privileged: fact }),
            credential: Some(Credential {
                method: number,
                result: 300 * number,
                failure: number,
                secret_tag: text(length),
                breached: fact,
                authenticator: Some(Authenticator {
                    aaguid: text(length),
                    sign_count: Some(number.unsigned_abs()),
                    ..Authenticator::default()
                }),
            }),
            client: Some(client(length, number)),
            device: Some(Device {
                id: text(length),
                emulated: fact,
                rooted: fact,
                tampered: fact,
                cloned_app: fact,
                remote_control: fact,
                automation: fact,
                utc_offset_minutes: Some(-number),
                screen_class: text(length),
                managed: fact,
                compliant: fact,
                reported_lost: fact,
                token_id: text(length),
            }),
            session: Some(Session {
                id: text(length),
                start: Some(SessionStart { ja4: text(length), ..SessionStart::default() }),
                token_reused: fact,
                ..Session::default()
            }),
            transaction: Some(Transaction { payee: text(length), ..Transaction::default() }),
            attributes: [Some(Value::Text(text(length))), Some(Value::Flag(flag)), None]
                .into_iter()
                .enumerate()
                .map(|(index, value)| (text(index), AttributeValue { value }))
                .collect(),
            purposes: vec![text(length), String::new()],
            app: text(length),
            change: number,
            scores: vec![
                ExternalScore { name: text(length), risk: Some(0.5), ..ExternalScore::default() },
                ExternalScore::default(),
            ],
            contact: Some(Contact {
                email: Some(Email { domain: text(length), has_mx: fact, ..Email::default() }),
                phone: Some(Phone { tag: text(length), ..Phone::default() }),
            }),
        }
    }

    fn client(length: usize, number: i32) -> Client {
        Client {
            address: text(length),
            user_agent: Some(text(length)),
            hints: Some(ClientHints { model: text(length), ..ClientHints::default() }),
            accept_language: Some(text(length)),
            ja4: text(length),
            bot_score: Some(number.unsigned_abs()),
            round_trip: Some(Duration { seconds: number.into(), nanos: -number }),
            origin: text(length),
        }
    }

    #[test]
    fn writes_as_prost_does() {
        let check = |attempt: &Attempt| {
            assert_eq!(attempt.encoded(), attempt.encode_to_vec(), "{attempt:?}");
        };
        check(&Attempt::default());
        check(&Attempt {
            user: Some(User::default()),
            credential: Some(Credential::default()),
            client: Some(Client::default()),
            device: Some(Device::default()),
            ..Attempt::default()
        });
        for length in [0, 1, 127, 128, 16_384] {
            check(&told(length, false));
            check(&told(length, true));
        }
    }
}
