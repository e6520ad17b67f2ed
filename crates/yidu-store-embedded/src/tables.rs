//! The catalog: every keyspace, its keys, its values, and why it is set up as it is.
//!
//! Numbers in keys are big-endian, so that their order is the order of the numbers; what belongs together lies together.
//! `conv` is a conversation's number (8 bytes), `user` a tinyid (8), `seq` 8, `ordinal` and `chunk` 4, `app` 4.
//!
//! | table | key | value |
//! |---|---|---|
//! | meta | name of a counter | the next number |
//! | apps | app | `record::App` |
//! | users | app, name | tinyid of the live account |
//! | accounts | user | `record::Account` |
//! | c2c | app, smaller user, greater user | conv |
//! | groups | app, group id | conv; kept when the group is dismissed |
//! | conversations | conv | `record::Description`: what it is; changes rarely |
//! | heads | conv | `record::Head`: what every message moves |
//! | rosters | conv, chunk | a chunk of the roster, in the encoding of `yidu-readset` |
//! | members | conv, ordinal | `record::Member`; kept when the member leaves |
//! | ordinals | conv, user | ordinal |
//! | user_conversations | user, conv | `record::Standing`: the conversation as this user has it |
//! | own_counted | conv, user, seq | how many counting messages the user had sent, this one included |
//! | messages | conv, seq | `record::Message` |
//! | deletions | conv, user, seq | empty: the user deleted the message for themselves |
//! | conversation_feed | conv, number | seq of the message that was recalled, or reminded of; a reminder goes when a newer one comes |
//! | reminders | conv, seq | `record::Reminder`: the newest reminder of the message, with its number in the feed |
//! | feed | user, number | `record::Entry` |
//! | feed_things | user, thing | number of its entry; receipts have it in their read set instead |
//! | journal | number of the commit | `record::journal`: the receipts of one commit |
//! | read_sets | conv, seq | `record::StoredSet`: a whole set, or the head of one in chunks |
//! | read_set_chunks | conv, seq, chunk | a chunk of a read set, in the encoding of `yidu-readset` |
//! | recalled_left | conv, seq | who had left without reading when the message was recalled, as a read set |
//! | hooks | app, number | `record::hook`: what an app's back end is still to be told |
//! | dead_hooks | app, number | `record::hook`: what it was not told in time |
//! | audit | app, number | `record::audit`: who changed what |
//! | oldest | app, time, conv | empty: the oldest message of the conversation that has not expired |

use fjall::KeyspaceCreateOptions;
use fjall::config::{BlockSizePolicy, CompressionPolicy};
use fjall::{CompressionType, Database, Keyspace};

macro_rules! tables {
    ($($variant:ident $name:literal $size:ident,)*) => {
        /// A keyspace of the engine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Table { $($variant,)* }

        impl Table {
            pub(crate) const ALL: &[Table] = &[$(Table::$variant,)*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Table::$variant => $name,)* }
            }

            fn size(self) -> Size {
                match self { $(Table::$variant => Size::$size,)* }
            }
        }
    };
}

tables! {
    Meta "meta" Small,
    Apps "apps" Small,
    Users "users" Small,
    Accounts "accounts" Small,
    C2c "c2c" Small,
    Groups "groups" Small,
    Conversations "conversations" Small,
    Heads "heads" Small,
    Rosters "rosters" Small,
    Members "members" Small,
    Ordinals "ordinals" Small,
    UserConversations "user_conversations" Small,
    OwnCounted "own_counted" Small,
    Messages "messages" Large,
    Deletions "deletions" Small,
    ConversationFeed "conversation_feed" Small,
    Reminders "reminders" Small,
    Feed "feed" Small,
    FeedThings "feed_things" Small,
    Journal "journal" Journal,
    ReadSets "read_sets" Large,
    ReadSetChunks "read_set_chunks" Large,
    RecalledLeft "recalled_left" Small,
    Hooks "hooks" Small,
    DeadHooks "dead_hooks" Small,
    Audit "audit" Small,
    Oldest "oldest" Small,
}

#[derive(Clone, Copy)]
enum Size {
    Small,
    Large,
    Journal,
}

/// Opens all tables, making those that are not there.
pub(crate) fn open(db: &Database) -> fjall::Result<Vec<Keyspace>> {
    Table::ALL.iter().map(|table| db.keyspace(table.name(), || options(table.size()))).collect()
}

fn options(size: Size) -> KeyspaceCreateOptions {
    let options = KeyspaceCreateOptions::default();
    match size {
        // The log can be cut only behind the slowest table, so no table may sit on its rows for long.
        Size::Small => options.max_memtable_size(8 << 20),
        // Rows that are written once and read in order: larger blocks compress better.
        Size::Large => options
            .max_memtable_size(32 << 20)
            .data_block_size_policy(BlockSizePolicy::all(8 << 10))
            .data_block_compression_policy(CompressionPolicy::all(CompressionType::Lz4)),
        // Written, then deleted by the next fold, hardly ever read; packed already.
        Size::Journal => {
            options.max_memtable_size(16 << 20).data_block_compression_policy(CompressionPolicy::disabled())
        }
    }
}
