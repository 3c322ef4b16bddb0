//! A change of an account at the desk.

use doorward_core::event::AccountChangeKind;
use prost::Message as _;

use super::memory::Known;
use super::{Desk, Pending};
use crate::edge::{Refusal, parse};
use crate::record;
use crate::wire;

impl Desk {
    /// Takes in that an account has another user id or begins anew, and hands that to the log. Nothing else is decided
    /// meanwhile, so that the log says which attempts came before.
    ///
    /// # Errors
    /// As [`Desk::evaluate`], and if the account is to have the user id of another that is trusted.
    pub fn change_account(
        &self,
        request: wire::ChangeAccountRequest,
    ) -> Result<Pending<wire::ChangeAccountResponse>, Refusal> {
        let now = (self.clock)();
        let change = parse::account_change(request.change.as_ref(), now)?;
        let sent = request.change.unwrap_or_default();
        let slot = self.reserve()?;
        let payload = sent.encode_to_vec();
        let _until_complete = self.gate.close();
        let event = self.memory.key(&change.tenant, &change.event_id);
        if let Some(known) = self.memory.event(event) {
            self.claim(event, &change.event_id, &payload)?;
            let answer = wire::ChangeAccountResponse { duplicate: true };
            return Ok(Pending::recorded(&self.log, known, move |_| Ok(answer)));
        }
        if let AccountChangeKind::Renamed(to) = &change.kind
            && self.engine.store().trusts(&change.tenant, to, change.occurred_at)
        {
            return Err(Refusal::Occupied { user_id: to.as_str().to_owned() });
        }
        self.claim(event, &change.event_id, &payload)?;

        // Below this line nothing fails and nothing is cancelled.
        self.engine.change_account(&change);
        let message = record::account(sent, &change, now);
        let ticket = slot.append(record::KIND_ACCOUNT, &message.encode_to_vec());
        let known = Known { position: ticket.position(), sequence: ticket.sequence() };
        self.memory.complete(event, known);
        Ok(Pending::new(ticket, wire::ChangeAccountResponse { duplicate: false }))
    }
}
