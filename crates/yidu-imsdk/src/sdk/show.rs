//! What is known, as the texts of the interface.

use yidu_client::v1::{self, conversation_ref::Of};
use yidu_client::{Element, ElementKind};

use super::conversations::type_of_group;
use super::session::Session;
use crate::ffi::enums::{TIMElemType, TIMMsgStatus};
use crate::json;
use crate::json::conversation::{ConvInfo, SeenConversation};
use crate::json::locator::MsgRevoked;
use crate::json::member::GroupMemberInfo;
use crate::json::message::{Message, Seen};
use crate::json::profile::UserProfile;
use crate::json::receipt::MessageReceipt;
use crate::json::tips::GroupTipsElem;
use crate::local::{Marks, Record, Way};

/// An array of Message.
pub(crate) fn messages(session: &Session, records: &[Record]) -> String {
    json::array(records.iter().map(|record| shown(session, record)))
}

/// One Message.
pub(crate) fn message(session: &Session, record: &Record) -> String {
    json::text(&shown(session, record))
}

fn shown(session: &Session, record: &Record) -> Message {
    let message = record.message();
    let conversation = session.conversation_of(message).unwrap_or_default();
    let mut view = record.view.clone().unwrap_or_default();
    let marks = session.local.marks(&conversation);
    let is_mine = message.from == session.me.user_id;
    let is_c2c = matches!(conversation.of, Some(Of::User(_)));
    view.peer_read |= is_mine && is_c2c && message.time_ms > 0 && message.time_ms <= marks.peer_read_ms;
    let status = match (record.deleted, record.way()) {
        (true, _) => TIMMsgStatus::kTIMMsg_Deleted,
        (false, Way::OnServer) => TIMMsgStatus::kTIMMsg_SendSucc,
        (false, Way::Sending) => TIMMsgStatus::kTIMMsg_Sending,
        (false, Way::Failed) => TIMMsgStatus::kTIMMsg_SendFail,
    };
    Message::of(&Seen {
        view: &view,
        me: &session.me.user_id,
        status,
        is_read: message.seq > 0 && message.seq <= marks.read_seq,
        custom_int: record.custom_int,
        custom_str: &record.custom_str,
    })
}

/// An array of MessageReceipt.
pub(crate) fn receipts(states: &[v1::ReceiptState]) -> String {
    json::array(states.iter().map(MessageReceipt::from))
}

/// An array of one MessageReceipt: the conversation was read.
pub(crate) fn peer_read(read: &v1::PeerRead) -> String {
    json::array([MessageReceipt::from(read)])
}

/// An array of GroupMemberInfo.
pub(crate) fn read_members(conversation: &v1::ConversationRef, members: &[v1::ReceiptMember]) -> String {
    let group = match &conversation.of {
        Some(Of::Group(group)) => group.as_str(),
        Some(Of::User(_)) | None => "",
    };
    json::array(members.iter().map(|member| GroupMemberInfo::reader(group, member)))
}

/// An array of one: which message was revoked, by whom, why.
pub(crate) fn recalled(
    session: &Session,
    conversation: &v1::ConversationRef,
    recalled: &v1::RecalledMessage,
    record: Option<&Record>,
) -> String {
    let message = record.map(Record::message);
    json::array([MsgRevoked::of(conversation, recalled, &session.me.user_id, message)])
}

/// An array of ConvInfo.
pub(crate) fn conversations(session: &Session, conversations: &[v1::Conversation]) -> String {
    json::array(conversations.iter().map(|conversation| conversation_of(session, conversation)))
}

/// An array of ConvInfo that say no more than which they are.
pub(crate) fn conversation_names(conversations: &[v1::ConversationRef]) -> String {
    json::array(conversations.iter().map(ConvInfo::named))
}

/// Takes over how far a conversation was read.
pub(crate) fn see(session: &Session, conversation: &v1::Conversation) {
    if let Some(of) = &conversation.r#ref {
        let (peer_read_ms, read_seq) = (conversation.peer_read_time_ms, conversation.read_seq);
        session.local.mark(of, Marks { peer_read_ms, read_seq });
    }
}

fn conversation_of(session: &Session, conversation: &v1::Conversation) -> ConvInfo {
    see(session, conversation);
    let of = conversation.r#ref.clone().unwrap_or_default();
    let last = conversation.last_message.clone().map(|view| session.local.see(&of, view));
    let read = session.local.at(&of, conversation.read_seq);
    let last_if_read = last.as_ref().filter(|last| last.message().seq <= conversation.read_seq);
    let read_time_ms = read.as_ref().or(last_if_read).map_or(0, |read| read.message().time_ms);
    let group_type = match &of.of {
        Some(Of::Group(group)) => type_of_group(session, group),
        Some(Of::User(_)) | None => None,
    };
    let last_message = last.as_ref().map(|last| shown(session, last));
    ConvInfo::of(SeenConversation { conversation, last_message, group_type, read_time_ms })
}

/// One UserProfile.
pub(crate) fn profile(profile: &v1::Profile) -> String {
    json::text(&UserProfile::from(profile))
}

/// One GroupTipsElem; `None` when the message is something else.
pub(crate) fn group_tip(message: &v1::Message) -> Option<String> {
    let tip = message.elements.iter().find_map(|element| match element.kind() {
        Ok(Some(ElementKind::GroupTip(tip))) => Some(tip),
        _ => None,
    })?;
    Some(json::text(&GroupTipsElem::of(message, &tip)))
}

/// Whether a message has an element of one of these kinds (TIMElemType).
pub(crate) fn has_element_of(message: &v1::Message, types: &[u32]) -> bool {
    let listed = |element: &Element| match element.kind() {
        Ok(Some(kind)) => types.contains(&(type_of(&kind) as u32)),
        Ok(None) | Err(_) => false,
    };
    message.elements.iter().any(listed)
}

fn type_of(kind: &ElementKind) -> TIMElemType {
    match kind {
        ElementKind::Text(_) => TIMElemType::kTIMElem_Text,
        ElementKind::Custom(_) => TIMElemType::kTIMElem_Custom,
        ElementKind::Face(_) => TIMElemType::kTIMElem_Face,
        ElementKind::Image(_) => TIMElemType::kTIMElem_Image,
        ElementKind::Location(_) => TIMElemType::kTIMElem_Location,
        ElementKind::File(_) => TIMElemType::kTIMElem_File,
        ElementKind::Sound(_) => TIMElemType::kTIMElem_Sound,
        ElementKind::Video(_) => TIMElemType::kTIMElem_Video,
        ElementKind::Merge(_) => TIMElemType::kTIMElem_Merge,
        ElementKind::GroupTip(_) => TIMElemType::kTIMElem_GroupTips,
    }
}
