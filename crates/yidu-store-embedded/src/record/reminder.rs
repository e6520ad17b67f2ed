//! Reminders of messages that are not read.

use yidu_store::{Millis, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

/// The newest reminder of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reminder {
    /// Its number in the conversation's feed.
    pub(crate) change: u64,
    pub(crate) by: Tinyid,
    pub(crate) at: Millis,
    /// For these only; `None`: for everybody.
    pub(crate) users: Option<Vec<Tinyid>>,
}

impl Record for Reminder {
    fn write(&self, out: &mut Writer) {
        out.number(self.change);
        out.number(self.by.0);
        out.number(self.at);
        // Nobody named is everybody: a reminder for nobody is not kept.
        let users = self.users.as_deref().unwrap_or_default();
        out.number(users.len() as u64);
        users.iter().for_each(|user| out.number(user.0));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let change = reader.u64("number in the feed")?;
        let by = Tinyid(reader.u64("who reminds")?);
        let at = reader.u64("time")?;
        let count = reader.count("users")?;
        let users: Result<Vec<Tinyid>, BadRecord> =
            (0..count).map(|_| reader.u64("user").map(Tinyid)).collect();
        Ok(Self { change, by, at, users: Some(users?).filter(|users| !users.is_empty()) })
    }
}
