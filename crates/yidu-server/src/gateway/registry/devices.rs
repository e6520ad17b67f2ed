//! How many devices a user may be online on (semantics.md rule 20).

use v1::kicked::Reason;
use yidu_proto::{Code, limits, v1};

/// What tells the devices of a user apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// Empty: a device of its own, whoever comes.
    pub(crate) id: String,
    /// As `v1::Platform`; a number this build does not know is a platform like any other.
    pub(crate) platform: i32,
}

/// Who of those online gives way to a newcomer, and why. `online` is in the order of login.
pub(crate) fn giving_way(
    policy: v1::MultiDevice,
    online: &[&Device],
    newcomer: &Device,
) -> Vec<(usize, Reason)> {
    let same = |device: &Device| !newcomer.id.is_empty() && device.id == newcomer.id;
    let others = online.iter().filter(|device| !same(device)).count();
    let mut surplus = (others + 1).saturating_sub(limits::DEVICES);
    let mut giving_way = Vec::new();
    for (index, device) in online.iter().enumerate() {
        let leaves = match policy {
            v1::MultiDevice::All => surplus > 0,
            v1::MultiDevice::OnePerPlatform => device.platform == newcomer.platform,
            v1::MultiDevice::One => true,
        };
        if same(device) {
            giving_way.push((index, Reason::Replaced));
        } else if leaves {
            surplus = surplus.saturating_sub(1);
            giving_way.push((index, Reason::OtherDevice));
        }
    }
    giving_way
}

/// What a session that the gateway ends by itself is told.
pub(crate) fn farewell(reason: Reason) -> v1::Kicked {
    let (code, text) = match reason {
        Reason::OtherDevice => {
            (Code::KickedOffline, "another device logged in and this app leaves room for one of them")
        }
        Reason::Replaced => (Code::KickedOffline, "this device logged in on a new connection"),
        Reason::UserSigExpired => (Code::UserSigExpiredOnline, "the UserSig ran out: log in with a new one"),
        Reason::Administrator => (Code::UserSigRevoked, "an administrator ended the user's sessions"),
        Reason::AccountDeleted => (Code::NoAccount, "the account was deleted"),
        Reason::Unspecified => (Code::Internal, "the server ended the session"),
    };
    v1::Kicked { reason: reason.into(), code: code.number(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::MultiDevice::{All, One, OnePerPlatform};

    fn check(
        policy: v1::MultiDevice,
        online: &[(&str, i32)],
        newcomer: (&str, i32),
        expected: &[(usize, Reason)],
    ) {
        let device = |(id, platform): &(&str, i32)| Device { id: (*id).to_owned(), platform: *platform };
        let online: Vec<Device> = online.iter().map(device).collect();
        let online: Vec<&Device> = online.iter().collect();
        assert_eq!(giving_way(policy, &online, &device(&newcomer)), expected);
    }

    #[test]
    fn one_device_leaves_room_for_nobody_else() {
        let others = [(0, Reason::OtherDevice), (1, Reason::OtherDevice)];
        check(One, &[("a", 1), ("b", 2)], ("c", 3), &others);
        check(One, &[("a", 1)], ("a", 1), &[(0, Reason::Replaced)]);
    }

    #[test]
    fn one_per_platform_compares_platforms() {
        check(OnePerPlatform, &[("a", 1), ("b", 2)], ("c", 2), &[(1, Reason::OtherDevice)]);
        check(OnePerPlatform, &[("a", 1)], ("c", 77), &[]);
    }

    #[test]
    fn the_eleventh_device_pushes_out_the_oldest() {
        let ids: Vec<String> = (0..10).map(|n| n.to_string()).collect();
        let ten: Vec<(&str, i32)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
        check(All, &ten[..9], ("x", 1), &[]);
        check(All, &ten, ("x", 1), &[(0, Reason::OtherDevice)]);
        check(All, &ten, ("4", 1), &[(4, Reason::Replaced)]);
        check(All, &[("", 1)], ("", 1), &[]);
    }
}
