//! Entries of audit logs.

use yidu_store::audit::Note;

use super::{BadRecord, Reader, Record, Writer};

impl Record for Note {
    fn write(&self, out: &mut Writer) {
        out.number(self.at);
        for text in [&self.by, &self.what, &self.whom, &self.before, &self.after] {
            out.bytes(text.as_bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            at: reader.u64("time")?,
            by: reader.text("who")?,
            what: reader.text("what")?,
            whom: reader.text("whom")?,
            before: reader.text("before")?,
            after: reader.text("after")?,
        })
    }
}
