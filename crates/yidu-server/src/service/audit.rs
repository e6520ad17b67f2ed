//! The audit log: what administrators and operators have changed.
//!
//! Words of `what`: `app.created`, `settings.changed`, `key.rotated`, `key.deleted`, `group.receipts`, `group.dismissed`,
//! `user.deleted`, `user.kicked`, `receipts.sent_for`, `webhook.replayed`. `before` and `after` are JSON and hold no secret.

use std::sync::Arc;

use serde_json::json;
use yidu_proto::{limits, v1};
use yidu_store::AppId;
use yidu_store::audit::{AuditEntry, Note};

use super::failure::About;
use super::place::{Place, To, page_size};
use super::{Caller, Failure, Service};

/// Who acts without an account: whoever has the machine.
pub(super) const OPERATOR: &str = "operator";

impl Service {
    /// A page of the app's audit log, newest first, of the entries below a number (0: the newest). At most 100. The newest
    /// 10,000 entries are kept. Errors: 6017, 70403.
    pub async fn audit(&self, caller: &Caller, below: u64, limit: u32) -> Result<Vec<AuditEntry>, Failure> {
        self.require_administrator(caller).await?;
        let limit = page_size(limit, limits::PAGE, limits::PAGE)?;
        let below = if below == 0 { u64::MAX } else { below };
        self.store.audit(caller.app, below, limit).await.map_err(Failure::of(About::Account))
    }

    /// An entry of this moment.
    pub(super) fn entry(&self, by: &str, what: &str, whom: impl Into<String>) -> Note {
        Note {
            at: self.clock.now(),
            by: by.to_owned(),
            what: what.to_owned(),
            whom: whom.into(),
            ..Note::default()
        }
    }

    pub(super) async fn note(&self, app: AppId, note: Note) -> Result<(), Failure> {
        self.store.note(app, note).await.map_err(Failure::of(About::Account))
    }

    /// The switch of a group was turned.
    pub(super) fn switch_note(&self, caller: &Caller, group: &v1::Group, now: v1::ReceiptSwitch) -> Note {
        Note {
            before: json!(group.receipts().as_str_name()).to_string(),
            after: json!(now.as_str_name()).to_string(),
            ..self.entry(real(caller), "group.receipts", group.id.clone())
        }
    }

    /// An administrator has sent receipts for a user (semantics.md rule 13).
    pub(super) async fn note_receipts_for(
        &self,
        caller: &Caller,
        administrator: &Arc<str>,
        place: &Place,
        seqs: &[u64],
    ) -> Result<(), Failure> {
        let conversation = match &place.to {
            To::Peer(peer) => json!({"user": peer.user}),
            To::Group(group) => json!({"group": group}),
        };
        let note = Note {
            after: json!({"conversation": conversation, "seqs": seqs}).to_string(),
            ..self.entry(administrator, "receipts.sent_for", &*caller.user)
        };
        self.note(caller.app, note).await
    }
}

/// Who really acts: the administrator where one acts in a user's name.
pub(super) fn real(caller: &Caller) -> &str {
    caller.administrator.as_deref().unwrap_or(&caller.user)
}
