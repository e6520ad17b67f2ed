//! Whether receipts work in a group (semantics.md rule 1).

use yidu_proto::v1;

use crate::service::policy;

/// Why receipts cannot be asked for in this group, and which switch to turn; `None` where they work. They do when the
/// group's type is ticked for the app and the group has not been switched off by itself.
pub(in crate::service) fn refusal(settings: &v1::AppSettings, group: &v1::Group) -> Option<String> {
    let policy = policy::of(group.r#type());
    let name = policy.name;
    if !policy.receipts {
        return Some(format!("read receipts: {name} groups never have them; send without need_receipt"));
    }
    if !settings.receipt_group_types.contains(&group.r#type) {
        return Some(format!(
            "read receipts are off for {name} groups in this app: tick {name} in the console (setting `receipt_group_types`)"
        ));
    }
    match group.receipts() {
        v1::ReceiptSwitch::Inherit | v1::ReceiptSwitch::On => None,
        v1::ReceiptSwitch::Off => Some(format!(
            "read receipts are switched off in group {}: its owner turns them on with the group's switch `receipts`",
            group.id
        )),
    }
}
