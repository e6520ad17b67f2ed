//! Hooks that wait, and those that were given up. The number is the row's key.

use prost::Message as _;
use yidu_proto::v1;
use yidu_store::webhook::{DeadHook, GroupName, Hook, MessageKey, News, Place};
use yidu_store::{Millis, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

impl Record for Hook {
    fn write(&self, out: &mut Writer) {
        out.number(self.number);
        out.number(self.at);
        out.number(self.since);
        out.number(self.topic);
        write_news(out, &self.news);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            number: reader.u64("number")?,
            at: reader.u64("time")?,
            since: reader.u64("start of waiting")?,
            topic: reader.u64("topic")?,
            news: read_news(reader)?,
        })
    }
}

impl Record for DeadHook {
    fn write(&self, out: &mut Writer) {
        out.number(self.died);
        out.bytes(self.why.as_bytes());
        self.hook.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let (died, why) = (reader.u64("time of death")?, reader.text("reason")?);
        Ok(Self { hook: Hook::read(reader)?, died, why })
    }
}

const SENT: u8 = 0;
const ASKED: u8 = 1;
const READ: u8 = 2;
const PEER_READ: u8 = 3;
const CLEARED: u8 = 4;
const RECALLED: u8 = 5;
const MOVED: u8 = 6;
const FOUNDED: u8 = 7;
const DISMISSED: u8 = 8;
const STATE: u8 = 9;

fn write_news(out: &mut Writer, news: &News) {
    match news {
        News::Sent { place, sender, message } => {
            out.byte(SENT);
            write_place(out, place);
            out.number(sender.0);
            out.prost_rest(&**message);
        }
        News::Asked { group, seq, audience } => {
            out.byte(ASKED);
            write_group(out, group);
            out.number(*seq);
            out.number(*audience);
        }
        News::Read { group, seq, read, unread, readers } => {
            out.byte(READ);
            write_group(out, group);
            [*seq, u64::from(*read), u64::from(*unread)].into_iter().for_each(|number| out.number(number));
            out.number(readers.len() as u64);
            readers.iter().for_each(|(reader, at)| {
                out.number(reader.0);
                out.number(*at);
            });
        }
        News::PeerRead { author, reader, message } => {
            out.byte(PEER_READ);
            out.number(author.0);
            out.number(reader.0);
            write_key(out, message);
        }
        News::Cleared { reader, peer, time } => {
            out.byte(CLEARED);
            [reader.0, peer.0, *time].into_iter().for_each(|number| out.number(number));
        }
        News::Recalled { place, sender, by, message } => {
            out.byte(RECALLED);
            write_place(out, place);
            out.number(sender.0);
            out.bytes(by.as_bytes());
            write_key(out, message);
        }
        News::Moved { group, join, cause, by, users } => {
            out.byte(MOVED);
            write_group(out, group);
            out.byte(u8::from(*join));
            out.number(cause.cast_unsigned());
            out.number(by.0);
            write_users(out, users);
        }
        News::Founded { group, name, by, owner, users } => {
            out.byte(FOUNDED);
            write_group(out, group);
            out.bytes(name.as_bytes());
            out.option(by.map(|by| by.0));
            out.option(owner.map(|owner| owner.0));
            write_users(out, users);
        }
        News::Dismissed { group, name, owner, users } => {
            out.byte(DISMISSED);
            write_group(out, group);
            out.bytes(name.as_bytes());
            out.option(owner.map(|owner| owner.0));
            write_users(out, users);
        }
        News::State { user, platform, action, reason, kicked } => {
            out.byte(STATE);
            out.number(user.0);
            out.number(platform.cast_unsigned());
            out.bytes(action.as_bytes());
            out.bytes(reason.as_bytes());
            out.number(kicked.len() as u64);
            kicked.iter().for_each(|platform| out.number(platform.cast_unsigned()));
        }
    }
}

fn read_news(reader: &mut Reader<'_>) -> Result<News, BadRecord> {
    Ok(match reader.byte("kind of hook")? {
        SENT => News::Sent {
            place: read_place(reader)?,
            sender: read_user(reader)?,
            message: Box::new(v1::Message::decode(reader.rest())?),
        },
        ASKED => News::Asked {
            group: read_group(reader)?,
            seq: reader.u64("seq")?,
            audience: reader.u32("audience")?,
        },
        READ => News::Read {
            group: read_group(reader)?,
            seq: reader.u64("seq")?,
            read: reader.u32("count")?,
            unread: reader.u32("count")?,
            readers: read_readers(reader)?,
        },
        PEER_READ => News::PeerRead {
            author: read_user(reader)?,
            reader: read_user(reader)?,
            message: read_key(reader)?,
        },
        CLEARED => {
            News::Cleared { reader: read_user(reader)?, peer: read_user(reader)?, time: reader.u64("time")? }
        }
        RECALLED => News::Recalled {
            place: read_place(reader)?,
            sender: read_user(reader)?,
            by: reader.text("who recalled")?,
            message: read_key(reader)?,
        },
        MOVED => News::Moved {
            group: read_group(reader)?,
            join: reader.byte("direction")? != 0,
            cause: reader.u32("cause")?.cast_signed(),
            by: read_user(reader)?,
            users: read_users(reader)?,
        },
        FOUNDED => News::Founded {
            group: read_group(reader)?,
            name: reader.text("name")?,
            by: reader.option("who")?.map(Tinyid),
            owner: reader.option("owner")?.map(Tinyid),
            users: read_users(reader)?,
        },
        DISMISSED => News::Dismissed {
            group: read_group(reader)?,
            name: reader.text("name")?,
            owner: reader.option("owner")?.map(Tinyid),
            users: read_users(reader)?,
        },
        STATE => News::State {
            user: read_user(reader)?,
            platform: reader.u32("platform")?.cast_signed(),
            action: reader.text("action")?,
            reason: reader.text("reason")?,
            kicked: (0..reader.count("platforms")?)
                .map(|_| Ok(reader.u32("platform")?.cast_signed()))
                .collect::<Result<_, BadRecord>>()?,
        },
        _ => return Err(BadRecord::Range("kind of hook")),
    })
}

fn write_place(out: &mut Writer, place: &Place) {
    match place {
        Place::Peer(peer) => {
            out.byte(0);
            out.number(peer.0);
        }
        Place::Group(group) => {
            out.byte(1);
            write_group(out, group);
        }
    }
}

fn read_place(reader: &mut Reader<'_>) -> Result<Place, BadRecord> {
    match reader.byte("place")? {
        0 => Ok(Place::Peer(read_user(reader)?)),
        1 => Ok(Place::Group(read_group(reader)?)),
        _ => Err(BadRecord::Range("place")),
    }
}

fn write_group(out: &mut Writer, group: &GroupName) {
    out.bytes(group.id.as_bytes());
    out.number(group.kind.cast_unsigned());
}

fn read_group(reader: &mut Reader<'_>) -> Result<GroupName, BadRecord> {
    Ok(GroupName { id: reader.text("group")?, kind: reader.u32("type of the group")?.cast_signed() })
}

fn write_key(out: &mut Writer, key: &MessageKey) {
    out.bytes(key.id.as_bytes());
    [key.seq, u64::from(key.random), key.sent_at].into_iter().for_each(|number| out.number(number));
}

fn read_key(reader: &mut Reader<'_>) -> Result<MessageKey, BadRecord> {
    Ok(MessageKey {
        id: reader.text("message id")?,
        seq: reader.u64("seq")?,
        random: reader.u32("random")?,
        sent_at: reader.u64("time of sending")?,
    })
}

fn read_user(reader: &mut Reader<'_>) -> Result<Tinyid, BadRecord> {
    reader.u64("user").map(Tinyid)
}

fn write_users(out: &mut Writer, users: &[Tinyid]) {
    out.number(users.len() as u64);
    users.iter().for_each(|user| out.number(user.0));
}

fn read_users(reader: &mut Reader<'_>) -> Result<Vec<Tinyid>, BadRecord> {
    (0..reader.count("users")?).map(|_| read_user(reader)).collect()
}

fn read_readers(reader: &mut Reader<'_>) -> Result<Vec<(Tinyid, Millis)>, BadRecord> {
    (0..reader.count("readers")?).map(|_| Ok((read_user(reader)?, reader.u64("time of reading")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{decode, encode};

    #[test]
    fn every_kind_of_hook_reads_as_it_was_written() {
        let group = GroupName { id: "@TGS#1".into(), kind: 2 };
        let key = MessageKey { id: "1-2-3".into(), seq: 9, random: u32::MAX, sent_at: 1_700_000_000_000 };
        let (anna, ben) = (Tinyid(u64::MAX), Tinyid(7));
        let message = Box::new(v1::Message { id: "1-2-3".into(), ..Default::default() });
        let users = vec![anna, ben];
        let places = [Place::Group(group.clone()), Place::Peer(ben)];
        let sent = places.clone().map(|place| News::Sent { place, sender: anna, message: message.clone() });
        let recalled = places.map(|place| News::Recalled {
            place,
            sender: anna,
            by: "admin".into(),
            message: key.clone(),
        });
        let others = [
            News::Asked { group: group.clone(), seq: 1, audience: 3 },
            News::Read {
                group: group.clone(),
                seq: 1,
                read: 2,
                unread: 1,
                readers: vec![(anna, 5), (ben, 6)],
            },
            News::PeerRead { author: anna, reader: ben, message: key },
            News::Cleared { reader: anna, peer: ben, time: 8 },
            News::Moved { group: group.clone(), join: true, cause: -1, by: ben, users: users.clone() },
            News::Founded {
                group: group.clone(),
                name: "n".into(),
                by: None,
                owner: Some(ben),
                users: users.clone(),
            },
            News::Dismissed { group, name: "n".into(), owner: None, users },
            News::State {
                user: anna,
                platform: 3,
                action: "Login".into(),
                reason: "Register".into(),
                kicked: vec![1, -1],
            },
        ];
        for news in sent.into_iter().chain(recalled).chain(others) {
            let hook = Hook { number: 4, at: 1, since: 2, topic: 3, news };
            let dead = DeadHook { hook, died: 9, why: "gone".into() };
            assert_eq!(decode::<DeadHook>(&encode(&dead)), Ok(dead.clone()));
            assert_eq!(decode::<Hook>(&encode(&dead.hook)), Ok(dead.hook));
        }
    }
}
