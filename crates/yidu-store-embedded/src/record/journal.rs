//! The receipts of one commit, grouped by message: about a byte per receipt where readers acknowledge runs of messages,
//! up to eight where every message has one receipt.

use yidu_store::{ConversationId, Millis, Ordinal, Seq, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

/// New receipts of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) conversation: ConversationId,
    pub(crate) seq: Seq,
    pub(crate) sender: Tinyid,
    /// The newest number of the message in the sender's feed.
    pub(crate) change: u64,
    pub(crate) receipts: Vec<(Ordinal, Millis)>,
}

/// One receipt, as it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) conversation: ConversationId,
    pub(crate) seq: Seq,
    pub(crate) sender: Tinyid,
    pub(crate) change: u64,
    pub(crate) reader: Ordinal,
    pub(crate) at: Millis,
}

/// A row of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Journal(pub(crate) Vec<Group>);

/// What of a group is as in the one before it.
const SAME_CONVERSATION: u8 = 1;
const NEXT_SEQ: u8 = 1 << 1;
const SAME_SENDER: u8 = 1 << 2;
const NEXT_CHANGE: u8 = 1 << 3;
const SAME_RECEIPTS: u8 = 1 << 4;

impl Journal {
    pub(crate) fn new(mut receipts: Vec<Receipt>) -> Self {
        // Stable: of one message the order of recording stays, so that the last change is the newest.
        receipts.sort_by_key(|receipt| (receipt.conversation, receipt.seq));
        let same = |a: &Receipt, b: &Receipt| (a.conversation, a.seq) == (b.conversation, b.seq);
        let group = |group: &[Receipt]| {
            let last = group[group.len() - 1];
            let receipts = group.iter().map(|receipt| (receipt.reader, receipt.at)).collect();
            let Receipt { conversation, seq, sender, change, .. } = last;
            Group { conversation, seq, sender, change, receipts }
        };
        Self(receipts.chunk_by(same).map(group).collect())
    }
}

impl Record for Journal {
    fn write(&self, out: &mut Writer) {
        out.number(self.0.len() as u64);
        let mut before = Group::none();
        for group in &self.0 {
            write_group(out, &before, group);
            before.clone_from(group);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let mut groups: Vec<Group> = Vec::new();
        let none = Group::none();
        for _ in 0..reader.count("messages")? {
            let group = read_group(reader, groups.last().unwrap_or(&none))?;
            groups.push(group);
        }
        Ok(Self(groups))
    }
}

impl Group {
    fn none() -> Self {
        Self { conversation: ConversationId(0), seq: 0, sender: Tinyid(0), change: 0, receipts: Vec::new() }
    }
}

fn write_group(out: &mut Writer, before: &Group, group: &Group) {
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    let same_conversation = group.conversation == before.conversation;
    let flags = flag(same_conversation, SAME_CONVERSATION)
        | flag(same_conversation && group.seq == before.seq.wrapping_add(1), NEXT_SEQ)
        | flag(group.sender == before.sender, SAME_SENDER)
        | flag(group.change == before.change.wrapping_add(1), NEXT_CHANGE)
        | flag(group.receipts == before.receipts, SAME_RECEIPTS);
    out.byte(flags);
    if flags & SAME_CONVERSATION == 0 {
        out.number(group.conversation.0);
    }
    if flags & NEXT_SEQ == 0 {
        out.number(if same_conversation { group.seq - before.seq } else { group.seq });
    }
    if flags & SAME_SENDER == 0 {
        out.number(zigzag(before.sender.0, group.sender.0));
    }
    if flags & NEXT_CHANGE == 0 {
        out.number(zigzag(before.change, group.change));
    }
    if flags & SAME_RECEIPTS == 0 {
        write_receipts(out, &group.receipts, before.receipts.first());
    }
}

fn write_receipts(out: &mut Writer, receipts: &[(Ordinal, Millis)], before: Option<&(Ordinal, Millis)>) {
    out.number(receipts.len() as u64);
    let (mut last, mut time) = before.map_or((0, 0), |&(reader, at)| (u64::from(reader), at));
    for &(reader, at) in receipts {
        out.number(zigzag(last, u64::from(reader)));
        out.number(zigzag(time, at));
        (last, time) = (u64::from(reader), at);
    }
}

fn read_group(reader: &mut Reader<'_>, before: &Group) -> Result<Group, BadRecord> {
    let flags = reader.byte("flags")?;
    let has = |bit: u8| flags & bit != 0;
    let conversation = if has(SAME_CONVERSATION) {
        before.conversation
    } else {
        ConversationId(reader.u64("conversation")?)
    };
    let step = if has(NEXT_SEQ) { 1 } else { reader.u64("seq")? };
    let base = if has(SAME_CONVERSATION) { before.seq } else { 0 };
    let seq = base.checked_add(step).ok_or(BadRecord::Range("seq"))?;
    let sender = if has(SAME_SENDER) {
        before.sender
    } else {
        Tinyid(unzigzag(before.sender.0, reader.u64("sender")?))
    };
    let change = if has(NEXT_CHANGE) {
        before.change.wrapping_add(1)
    } else {
        unzigzag(before.change, reader.u64("change")?)
    };
    let receipts = if has(SAME_RECEIPTS) {
        before.receipts.clone()
    } else {
        read_receipts(reader, before.receipts.first())?
    };
    Ok(Group { conversation, seq, sender, change, receipts })
}

fn read_receipts(
    reader: &mut Reader<'_>,
    before: Option<&(Ordinal, Millis)>,
) -> Result<Vec<(Ordinal, Millis)>, BadRecord> {
    let (mut last, mut time) = before.map_or((0, 0), |&(reader, at)| (u64::from(reader), at));
    let mut receipts = Vec::new();
    for _ in 0..reader.count("receipts")? {
        last = unzigzag(last, reader.u64("reader")?);
        time = unzigzag(time, reader.u64("time")?);
        receipts.push((Ordinal::try_from(last).map_err(|_| BadRecord::Range("reader"))?, time));
    }
    Ok(receipts)
}

/// Small differences of either sign as small numbers.
fn zigzag(from: u64, to: u64) -> u64 {
    let difference = to.wrapping_sub(from);
    (difference << 1) ^ if difference >> 63 == 1 { u64::MAX } else { 0 }
}

fn unzigzag(from: u64, value: u64) -> u64 {
    let sign = if value & 1 == 1 { u64::MAX } else { 0 };
    from.wrapping_add((value >> 1) ^ sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{decode, encode};

    fn receipt() -> impl Strategy<Value = Receipt> {
        (1..4_u64, 1..9_u64, 1..3_u64, any::<u32>(), 0..5_000_u64).prop_map(|(c, seq, sender, reader, at)| {
            Receipt {
                conversation: ConversationId(c),
                seq,
                sender: Tinyid(sender),
                change: at + seq,
                reader,
                at: 1_700_000_000_000 + at,
            }
        })
    }

    proptest! {
        #[test]
        fn a_journal_row_reads_as_it_was_written(receipts in proptest::collection::vec(receipt(), 0..60)) {
            let journal = Journal::new(receipts.clone());
            let read: Journal = decode(&encode(&journal)).unwrap();
            prop_assert_eq!(&read, &journal);
            prop_assert_eq!(read.0.iter().map(|group| group.receipts.len()).sum::<usize>(), receipts.len());
        }

        #[test]
        fn damaged_rows_are_refused(
            receipts in proptest::collection::vec(receipt(), 1..20),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let mut bytes = encode(&Journal::new(receipts));
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(decode::<Journal>(&bytes).is_err());
        }
    }

    #[test]
    fn one_reader_of_fifty_messages_takes_about_a_byte_a_receipt() {
        let receipts = (1..=50).map(|seq| Receipt {
            conversation: ConversationId(1_000_000),
            seq,
            sender: Tinyid::FIRST,
            change: 77 + seq,
            reader: 99_999,
            at: 1_700_000_000_000,
        });
        assert!(encode(&Journal::new(receipts.collect())).len() < 90);
    }
}
