//! The script of the stories of faults: every intent that writes, each with something to write.

use super::step::{Manner, Step, UpTo};

pub(in crate::suite) fn script() -> Vec<Step> {
    let plain = Manner { asks: true, counts: true, targets: None, as_administrator: false, unlisted: false };
    let whispered = Manner { targets: Some(vec![1, 2]), ..plain.clone() };
    let send = |to, from| Step::Send { to, from, manner: plain.clone() };
    vec![
        Step::Found { group: 0, members: vec![0, 1, 2] },
        send(0, 0),
        Step::Send { to: 0, from: 0, manner: whispered },
        Step::Join { group: 0, users: vec![3, 4], tip: true },
        send(0, 1),
        Step::Read { of: 0, by: 2, back: vec![0, 2, 3] },
        Step::Read { of: 0, by: 1, back: vec![2, 3] },
        Step::Leave { group: 0, users: vec![2, 3], tip: true },
        Step::Recall { of: 0, back: 1, too_late: false },
        Step::Recall { of: 0, back: 4, too_late: false },
        send(2, 0),
        send(2, 1),
        Step::Read { of: 2, by: 1, back: vec![1] },
        Step::Clear { of: 2, by: 1, up_to: UpTo::Newest },
        Step::Clear { of: 0, by: 1, up_to: UpTo::Back(1) },
        Step::DeleteMessages { of: 2, by: 0, back: vec![0] },
        Step::DeleteConversation { of: 2, by: 1 },
        Step::Own { group: 0, user: 1 },
        Step::NameCard { group: 0, user: 0, tip: true },
        Step::Profile { user: 4 },
        Step::DeleteAccount { user: 1 },
        Step::OpenAccount { user: 1 },
        Step::Join { group: 0, users: vec![2, 1], tip: false },
        send(0, 0),
        Step::Read { of: 0, by: 2, back: vec![0] },
        Step::Found { group: 1, members: vec![3] },
        Step::Dismiss { group: 1 },
    ]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::memory::MemoryStore;
    use crate::suite::block_on;
    use crate::suite::model::World;

    #[test]
    fn every_step_of_the_script_has_something_to_write() {
        block_on(async {
            let store = Arc::new(MemoryStore::new());
            let mut world = World::open(store.clone()).await;
            for step in script() {
                let before = store.commits();
                assert!(world.try_take(&step).await.is_ok(), "{step:?} is refused");
                assert_eq!(store.commits(), before + 1, "{step:?} writes nothing");
            }
        });
    }
}
