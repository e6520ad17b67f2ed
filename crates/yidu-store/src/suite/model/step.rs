//! What scripts are made of.

use proptest::bool::ANY as EITHER;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy};
use proptest::prop_oneof;

/// Users of a script, by place.
pub(super) const USERS: usize = 5;
/// The places of groups; the conversations behind them are one-to-one.
pub(super) const GROUPS: usize = 2;
/// Who talk to each other.
pub(super) const PAIRS: [(usize, usize); 2] = [(0, 1), (2, 0)];
/// Places of conversations.
pub(super) const CONVERSATIONS: usize = GROUPS + PAIRS.len();
/// Members at which groups are full.
pub(super) const FULL: u32 = 4;

/// An intent of a script. Users and conversations are named by place; seqs count back from the newest message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::suite) enum Step {
    /// Makes the group, with these members.
    Found {
        group: usize,
        members: Vec<usize>,
    },
    Join {
        group: usize,
        users: Vec<usize>,
        tip: bool,
    },
    Leave {
        group: usize,
        users: Vec<usize>,
        tip: bool,
    },
    Send {
        to: usize,
        from: usize,
        manner: Manner,
    },
    /// The last message of the user to the conversation once more.
    SendAgain {
        to: usize,
        from: usize,
    },
    Read {
        of: usize,
        by: usize,
        back: Vec<u64>,
    },
    Recall {
        of: usize,
        back: u64,
        too_late: bool,
    },
    Clear {
        of: usize,
        by: usize,
        up_to: UpTo,
    },
    DeleteMessages {
        of: usize,
        by: usize,
        back: Vec<u64>,
    },
    DeleteConversation {
        of: usize,
        by: usize,
    },
    Own {
        group: usize,
        user: usize,
    },
    NameCard {
        group: usize,
        user: usize,
        tip: bool,
    },
    Dismiss {
        group: usize,
    },
    DeleteAccount {
        user: usize,
    },
    /// Makes the account that has the user's name, where it was deleted.
    OpenAccount {
        user: usize,
    },
    Profile {
        user: usize,
    },
    Reopen,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::suite) struct Manner {
    pub(in crate::suite) asks: bool,
    pub(in crate::suite) counts: bool,
    pub(in crate::suite) targets: Option<Vec<usize>>,
    pub(in crate::suite) as_administrator: bool,
    /// May not be the last message of a list.
    pub(in crate::suite) unlisted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::suite) enum UpTo {
    Newest,
    /// So many before the newest.
    Back(u64),
    /// So many milliseconds ago.
    Ago(u64),
    Beyond,
}

pub(super) fn scripts() -> impl Strategy<Value = Vec<Step>> {
    let founding = Just(Step::Found { group: 0, members: vec![0, 1, 2] });
    (founding, vec(step(), 1..60)).prop_map(|(founding, mut steps)| {
        steps.insert(0, founding);
        steps
    })
}

fn step() -> impl Strategy<Value = Step> {
    let group = || 0..GROUPS;
    let conversation = || prop_oneof![3 => Just(0), 2 => 0..CONVERSATIONS];
    let user = || 0..USERS;
    let users = || vec(user(), 1..4).prop_map(without_repetition);
    let back = || vec(0_u64..5, 1..5);
    let sending = (conversation(), user(), manner());
    prop_oneof![
        2 => (group(), users()).prop_map(|(group, members)| Step::Found { group, members }),
        4 => (group(), users(), EITHER).prop_map(|(group, users, tip)| Step::Join { group, users, tip }),
        4 => (group(), users(), EITHER).prop_map(|(group, users, tip)| Step::Leave { group, users, tip }),
        14 => sending.prop_map(|(to, from, manner)| Step::Send { to, from, manner }),
        2 => (conversation(), user()).prop_map(|(to, from)| Step::SendAgain { to, from }),
        14 => (conversation(), user(), back()).prop_map(|(of, by, back)| Step::Read { of, by, back }),
        3 => (conversation(), 0_u64..4, EITHER).prop_map(|(of, back, too_late)| Step::Recall { of, back, too_late }),
        4 => (conversation(), user(), up_to()).prop_map(|(of, by, up_to)| Step::Clear { of, by, up_to }),
        2 => (conversation(), user(), back()).prop_map(|(of, by, back)| Step::DeleteMessages { of, by, back }),
        2 => (conversation(), user()).prop_map(|(of, by)| Step::DeleteConversation { of, by }),
        1 => (group(), user()).prop_map(|(group, user)| Step::Own { group, user }),
        1 => (group(), user(), EITHER).prop_map(|(group, user, tip)| Step::NameCard { group, user, tip }),
        1 => (1..GROUPS).prop_map(|group| Step::Dismiss { group }),
        1 => user().prop_map(|user| Step::DeleteAccount { user }),
        2 => user().prop_map(|user| Step::OpenAccount { user }),
        1 => user().prop_map(|user| Step::Profile { user }),
        2 => Just(Step::Reopen),
    ]
}

fn manner() -> impl Strategy<Value = Manner> {
    let rarely = || proptest::bool::weighted(0.1);
    let targets = proptest::option::weighted(0.2, vec(0..USERS, 1..4).prop_map(without_repetition));
    (proptest::bool::weighted(0.8), proptest::bool::weighted(0.8), targets, rarely(), rarely()).prop_map(
        |(asks, counts, targets, as_administrator, unlisted)| Manner {
            asks,
            counts,
            targets,
            as_administrator,
            unlisted,
        },
    )
}

fn up_to() -> impl Strategy<Value = UpTo> {
    prop_oneof![
        Just(UpTo::Newest),
        Just(UpTo::Beyond),
        (0_u64..4).prop_map(UpTo::Back),
        (0_u64..40).prop_map(UpTo::Ago),
    ]
}

fn without_repetition(mut users: Vec<usize>) -> Vec<usize> {
    let mut seen = [false; USERS];
    users.retain(|user| !std::mem::replace(&mut seen[*user], true));
    users
}
