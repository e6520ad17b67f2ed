//! Accounts.

use yidu_store::account::Account;
use yidu_store::{AppId, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

impl Record for Account {
    fn write(&self, out: &mut Writer) {
        out.number(self.tinyid.0);
        out.number(self.app.0);
        out.bytes(self.user.as_bytes());
        out.bytes(self.nick.as_bytes());
        out.bytes(self.avatar_url.as_bytes());
        out.number(self.created);
        out.number(self.sigs_valid_from_s);
        out.byte(u8::from(self.deleted));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            tinyid: Tinyid(reader.u64("tinyid")?),
            app: AppId(reader.u32("app")?),
            user: reader.text("user")?,
            nick: reader.text("nick")?,
            avatar_url: reader.text("avatar")?,
            created: reader.u64("time of creation")?,
            sigs_valid_from_s: reader.u64("time of revocation")?,
            deleted: reader.byte("deletion")? != 0,
        })
    }
}
