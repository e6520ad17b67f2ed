//! Bodies of requests, in the vendor's words.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use yidu_proto::v1::{self, GroupType, membership::Cause};
use yidu_store::webhook::{GroupName, MessageKey, News, Place};

use super::calls::Call;
use crate::rest::v4::elements;
use crate::service::{Failure, Hook, Millis, Service, Tinyid};

type Names = HashMap<Tinyid, String>;

/// The body of a call, and the platform it came from as `v1::Platform`.
pub(super) async fn of_call(service: &Service, call: &Call) -> Result<(String, i32), Failure> {
    let Some(first) = call.hooks.first() else { return Ok((String::new(), 0)) };
    let names = service.user_names(call.hooks.iter().flat_map(|hook| people(&hook.news)).collect()).await?;
    let unread = match &first.news {
        News::Sent { place: Place::Peer(user), .. } | News::Cleared { reader: user, .. } => {
            service.unread(*user).await?
        }
        News::Recalled { place: Place::Peer(user), .. } => service.unread(*user).await?,
        _ => 0,
    };
    let mut body = body(call, first, &names, unread);
    let last = call.hooks.last().map_or(first.at, |hook| hook.at);
    body["CallbackCommand"] = json!(first.news.command().name());
    body["EventTime"] = json!(last);
    let platform = match &first.news {
        News::Sent { message, .. } => message.platform,
        News::State { platform, .. } => *platform,
        _ => 0,
    };
    Ok((body.to_string(), platform))
}

fn body(call: &Call, first: &Hook, names: &Names, unread: u64) -> Value {
    let name = |user: &Tinyid| names.get(user).cloned().unwrap_or_default();
    let accounts = |users: &[Tinyid]| members(users.iter().map(name));
    match &first.news {
        News::Sent { place, sender, message } => {
            let peer = match place {
                Place::Peer(peer) => name(peer),
                Place::Group(_) => String::new(),
            };
            let mut body = sent(place, &name(sender), &peer, message);
            match place {
                Place::Group(_) => {
                    body["Operator_Account"] = json!(name(sender));
                    body["MsgSeq"] = json!(message.seq);
                    body["MsgTime"] = json!(message.time_ms / 1_000);
                    if message.at_all || !message.at_users.is_empty() {
                        body["GroupAtInfo"] = mentions(message);
                    }
                }
                Place::Peer(_) => {
                    body["MsgSeq"] = json!(message.seq);
                    body["MsgKey"] = json!(key(message.seq, message.random, message.time_ms));
                    body["SendMsgResult"] = json!(0);
                    body["ErrorInfo"] = json!("send msg succeed");
                    body["UnreadMsgNum"] = json!(unread);
                }
            }
            body
        }
        News::Asked { group, .. } | News::Read { group, .. } => {
            let mut body = of_group(group);
            body["GroupMsgReceiptList"] = receipts(call, name);
            body
        }
        News::PeerRead { author, reader, .. } => {
            json!({"From_Account": name(author), "To_Account": name(reader), "MsgReceiptList": peer_receipts(call)})
        }
        News::Cleared { reader, peer, time } => json!({
            "Report_Account": name(reader),
            "Peer_Account": name(peer),
            "LastReadTime": time / 1_000,
            "UnreadMsgNum": unread,
        }),
        News::Recalled { place: Place::Group(group), by, message, .. } => {
            let mut body = of_group(group);
            body["Operator_Account"] = json!(by);
            body["MsgSeqList"] = json!([{"MsgSeq": message.seq}]);
            body
        }
        News::Recalled { place: Place::Peer(peer), sender, message, .. } => json!({
            "From_Account": name(sender),
            "To_Account": name(peer),
            "MsgKey": key_of(message),
            "UnreadMsgNum": unread,
        }),
        News::Moved { group, join, cause, by, users } => {
            let mut body = of_group(group);
            body["Operator_Account"] = json!(name(by));
            if *join {
                let applied = *cause == i32::from(Cause::Joined);
                body["JoinType"] = json!(if applied { "Apply" } else { "Invited" });
                body["NewMemberList"] = accounts(users);
            } else {
                let quit = *cause == i32::from(Cause::Quit);
                body["ExitType"] = json!(if quit { "Quit" } else { "Kicked" });
                body["ExitMemberList"] = accounts(users);
            }
            body
        }
        News::Founded { group, name: group_name, by, owner, users } => {
            let mut body = of_group(group);
            body["Operator_Account"] = json!(by.as_ref().map(name).unwrap_or_default());
            body["Owner_Account"] = json!(owner.as_ref().map(name).unwrap_or_default());
            body["Name"] = json!(group_name);
            body["MemberList"] = accounts(users);
            body["UserDefinedDataList"] = json!([]);
            body
        }
        News::Dismissed { group, name: group_name, owner, users } => {
            let mut body = of_group(group);
            body["Owner_Account"] = json!(owner.as_ref().map(name).unwrap_or_default());
            body["Name"] = json!(group_name);
            body["MemberList"] = accounts(users);
            body
        }
        News::State { user, action, reason, kicked, .. } => {
            let info = json!({"To_Account": name(user), "Action": action, "Reason": reason});
            let kicked: Vec<_> =
                kicked.iter().map(|&one| json!({"Platform": super::http::platform(one)})).collect();
            json!({"Info": info, "KickedDevice": kicked})
        }
    }
}

/// What before and after have in common.
pub(super) fn sent(place: &Place, from: &str, to: &str, message: &v1::Message) -> Value {
    let mut body = match place {
        Place::Group(group) => of_group(group),
        Place::Peer(_) => json!({"To_Account": to}),
    };
    body["From_Account"] = json!(from);
    match place {
        Place::Group(_) => body["Random"] = json!(message.random),
        Place::Peer(_) => {
            body["MsgRandom"] = json!(message.random);
            body["MsgTime"] = json!(message.time_ms / 1_000);
        }
    }
    body["MsgId"] = json!(message.id);
    body["OnlineOnlyFlag"] = json!(u8::from(message.online_only));
    body["MsgBody"] = json!(elements::body(&message.elements));
    body["CloudCustomData"] = json!(message.cloud_custom_data);
    body
}

/// The vendor's `MsgKey`.
pub(super) fn key(seq: u64, random: u32, time: Millis) -> String {
    format!("{seq}_{random}_{}", time / 1_000)
}

fn key_of(message: &MessageKey) -> String {
    key(message.seq, message.random, message.sent_at)
}

fn of_group(group: &GroupName) -> Value {
    let kind = match GroupType::try_from(group.kind) {
        Ok(GroupType::Public) => "Public",
        Ok(GroupType::Work) => "Private",
        Ok(GroupType::Meeting) => "ChatRoom",
        Ok(GroupType::AvChatRoom) => "AVChatRoom",
        Ok(GroupType::Community) => "Community",
        Err(_) => "",
    };
    json!({"GroupId": group.id, "Type": kind})
}

fn members(users: impl Iterator<Item = String>) -> Value {
    users.map(|user| json!({"Member_Account": user})).collect()
}

fn mentions(message: &v1::Message) -> Value {
    let all = message.at_all.then(|| json!({"GroupAtAllFlag": 1}));
    let users = message.at_users.iter().map(|user| json!({"GroupAtAllFlag": 0, "GroupAt_Account": user}));
    all.into_iter().chain(users).collect()
}

/// By message: an entry for its sending, and one for its receipts with the newest counts and everybody whose receipt came.
fn receipts(call: &Call, name: impl Fn(&Tinyid) -> String) -> Value {
    let mut sent = BTreeMap::new();
    let mut messages = BTreeMap::new();
    for hook in &call.hooks {
        match &hook.news {
            News::Asked { seq, audience, .. } => drop(sent.insert(*seq, *audience)),
            News::Read { seq, read, unread, readers, .. } => {
                let (counts, named) = messages.entry(*seq).or_insert(((0, 0), Vec::new()));
                *counts = (*read, *unread);
                named.extend(readers.iter().map(|(reader, _)| name(reader)));
            }
            _ => {}
        }
    }
    let sent = sent.into_iter().map(|(seq, audience)| (seq, ((0, audience), Vec::new())));
    let mut entries: Vec<_> = sent.chain(messages).collect();
    // Stable: of one message the sending comes first.
    entries.sort_by_key(|(seq, _)| *seq);
    let entry = |(seq, ((read, unread), readers)): (u64, ((u32, u32), Vec<String>))| {
        json!({
            "MsgSeq": seq,
            "ReadNum": read,
            "UnreadNum": unread,
            "ReadReceiptMembers": members(readers.into_iter()),
        })
    };
    entries.into_iter().map(entry).collect()
}

fn peer_receipts(call: &Call) -> Value {
    let receipts = call.hooks.iter().filter_map(|hook| match &hook.news {
        News::PeerRead { message, .. } => Some(json!({
            "MsgId": message.id,
            "MsgSeq": message.seq,
            "MsgKey": key_of(message),
            "ReadTime": hook.at,
        })),
        _ => None,
    });
    receipts.collect()
}

fn people(news: &News) -> Vec<Tinyid> {
    match news {
        News::Sent { place, sender, .. } | News::Recalled { place, sender, .. } => match place {
            Place::Peer(peer) => vec![*sender, *peer],
            Place::Group(_) => vec![*sender],
        },
        News::Asked { .. } => Vec::new(),
        News::Read { readers, .. } => readers.iter().map(|(reader, _)| *reader).collect(),
        News::PeerRead { author, reader, .. } => vec![*author, *reader],
        News::Cleared { reader, peer, .. } => vec![*reader, *peer],
        News::Moved { by, users, .. } => users.iter().copied().chain([*by]).collect(),
        News::Founded { by, owner, users, .. } => users.iter().copied().chain(*by).chain(*owner).collect(),
        News::Dismissed { owner, users, .. } => users.iter().copied().chain(*owner).collect(),
        News::State { user, .. } => vec![*user],
    }
}
