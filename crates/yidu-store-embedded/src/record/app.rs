//! Apps.

use prost::Message as _;
use yidu_proto::v1;
use yidu_store::AppId;
use yidu_store::app::{App, AppKey};

use super::{BadRecord, Reader, Record, Writer};

impl Record for App {
    fn write(&self, out: &mut Writer) {
        out.number(self.id.0);
        out.bytes(self.name.as_bytes());
        out.number(self.created);
        out.number(self.keys.len() as u64);
        for key in &self.keys {
            out.bytes(key.secret.as_bytes());
            out.number(key.created);
            out.option(key.retires);
        }
        out.prost_rest(&self.settings);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let id = AppId(reader.u32("app")?);
        let name = reader.text("name")?;
        let created = reader.u64("time of creation")?;
        let mut keys = Vec::new();
        for _ in 0..reader.count("keys")? {
            keys.push(AppKey {
                secret: reader.text("key")?,
                created: reader.u64("time of a key")?,
                retires: reader.option("end of a key")?,
            });
        }
        let settings = v1::AppSettings::decode(reader.rest())?;
        Ok(Self { id, name, keys, settings, created })
    }
}
