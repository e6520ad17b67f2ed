//! People come and go: what joining and leaving write.

use yidu_proto::v1;
use yidu_readset::Ordinal;
use yidu_store::{ConversationId, Millis, Result, Seq, StoreError, Tinyid};

use crate::commit::Txn;
use crate::conversation::{standing, standings};
use crate::record::{Kind, Member, Standing};
use crate::rows::{View, corrupt};
use crate::state::{Conversation, key_member, key_roster, key_standing, key_user};
use crate::tables::Table;

/// Somebody comes, or comes back, in front of the next message. Not a member before. The caller then calls [`put`].
pub(crate) fn join(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    user: Tinyid,
    role: i32,
    at: Millis,
) -> Result<Ordinal> {
    let next: Seq = conversation.head.last_seq + 1;
    let id = conversation.id;
    let key = key_standing(user, id);
    let before: Standing = txn.view.record(Table::UserConversations, &key)?.unwrap_or_default();
    let ordinal = match conversation.ordinal(&txn.view, user)? {
        Some(ordinal) => {
            let member = member(&txn.view, id, ordinal)?;
            conversation.roster.rejoin(ordinal, next).map_err(|error| unknown(id, user, error))?;
            let member = Member { role, joined: at, ..member };
            txn.put_record(Table::Members, &key_member(id, ordinal), &member);
            ordinal
        }
        None => {
            let ordinal = conversation.roster.join_new(next);
            let member = Member { user, role, joined: at, muted_until: 0, name_card: String::new() };
            txn.put_record(Table::Members, &key_member(id, ordinal), &member);
            txn.put(Table::Ordinals, &key_user(id, user), &u64::from(ordinal).to_be_bytes());
            conversation.give_ordinal(user, ordinal);
            ordinal
        }
    };
    let standing = Standing {
        member: true,
        joined: at,
        hidden: None,
        read_seq: conversation.head.last_seq,
        counted_at_mark: conversation.head.counted,
        own_at_mark: before.own,
        ..before
    };
    txn.put_record(Table::UserConversations, &key, &standing);
    Ok(ordinal)
}

/// A member goes, behind the newest message. The caller then calls [`put`].
pub(crate) fn leave(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    user: Tinyid,
    ordinal: Ordinal,
) -> Result<()> {
    let id = conversation.id;
    let mut member = member(&txn.view, id, ordinal)?;
    let standing = Standing { member: false, ..standing(&txn.view, user, id)? };
    let next = conversation.head.last_seq + 1;
    conversation.roster.leave(ordinal, next).map_err(|error| unknown(id, user, error))?;
    member.role = v1::Role::None.into();
    txn.put_record(Table::Members, &key_member(id, ordinal), &member);
    txn.put_record(Table::UserConversations, &key_standing(user, id), &standing);
    if let Kind::Group { owner, .. } = &mut conversation.description.kind
        && *owner == Some(user)
    {
        *owner = None;
        txn.put_record(Table::Conversations, &id.0.to_be_bytes(), &conversation.description);
    }
    Ok(())
}

/// Writes what has changed of roster and head, and keeps readers waiting for it.
pub(crate) fn put(txn: &mut Txn<'_>, conversation: &mut Conversation) {
    let id = conversation.id;
    for chunk in conversation.roster.dirty_chunks() {
        if let Some(bytes) = conversation.roster.encode_chunk(chunk) {
            txn.put(Table::Rosters, &key_roster(id, chunk), &bytes);
        }
    }
    conversation.roster.mark_clean();
    conversation.head.ordinals = conversation.roster.ordinals();
    conversation.head.members = conversation.roster.members();
    conversation.pending = txn.batch;
    txn.put_record(Table::Heads, &id.0.to_be_bytes(), &conversation.head);
}

/// Writes a new conversation; it is loaded when it is asked for.
pub(crate) fn put_new(txn: &mut Txn<'_>, mut conversation: Conversation) {
    put(txn, &mut conversation);
    let key = conversation.id.0.to_be_bytes();
    txn.put_record(Table::Conversations, &key, &conversation.description);
}

/// Who has an ordinal, member now or not.
pub(crate) fn member(view: &View<'_>, id: ConversationId, ordinal: Ordinal) -> Result<Member> {
    view.expect(Table::Members, &key_member(id, ordinal))
}

/// Makes a user a leaver of everything; returns the groups the user was in.
pub(crate) fn leave_everything(txn: &mut Txn<'_>, user: Tinyid) -> Result<Vec<ConversationId>> {
    let mut groups = Vec::new();
    for (id, _) in standings(&txn.view, user)?.into_iter().filter(|(_, standing)| standing.member) {
        let slot = txn.slot(id);
        let mut conversation = match txn.lock(&slot, id) {
            Ok(conversation) => conversation,
            Err(StoreError::NoSuchConversation) => continue,
            Err(error) => return Err(error),
        };
        let ordinal = conversation.member(&txn.view, user)?;
        leave(txn, &mut conversation, user, ordinal)?;
        put(txn, &mut conversation);
        if !conversation.is_c2c() {
            groups.push(id);
        }
    }
    Ok(groups)
}

fn unknown(id: ConversationId, user: Tinyid, error: yidu_readset::UnknownOrdinal) -> StoreError {
    corrupt(Table::Ordinals, &key_user(id, user), &error.to_string())
}
