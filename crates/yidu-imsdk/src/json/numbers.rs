//! The interface's numbers where the contract has others.

use yidu_client::v1;

use crate::ffi::enums::{TIMMsgPriority, TIMPlatform};

/// `message_priority`; a message that says nothing is a normal one.
pub(crate) fn priority(priority: v1::Priority) -> i32 {
    let number = match priority {
        v1::Priority::High => TIMMsgPriority::kTIMMsgPriority_High,
        v1::Priority::Normal | v1::Priority::Unspecified => TIMMsgPriority::kTIMMsgPriority_Normal,
        v1::Priority::Low => TIMMsgPriority::kTIMMsgPriority_Low,
        v1::Priority::Lowest => TIMMsgPriority::kTIMMsgPriority_Lowest,
    };
    number as i32
}

/// The priority with this number.
pub(crate) fn priority_of(number: i32) -> Option<v1::Priority> {
    let priority = match TIMMsgPriority::from_number(number)? {
        TIMMsgPriority::kTIMMsgPriority_High => v1::Priority::High,
        TIMMsgPriority::kTIMMsgPriority_Normal => v1::Priority::Normal,
        TIMMsgPriority::kTIMMsgPriority_Low => v1::Priority::Low,
        TIMMsgPriority::kTIMMsgPriority_Lowest => v1::Priority::Lowest,
    };
    Some(priority)
}

/// `message_platform`; what the interface has no number for is Other.
pub(crate) fn platform(platform: v1::Platform) -> i32 {
    let number = match platform {
        v1::Platform::Windows => TIMPlatform::kTIMPlatform_Windows,
        v1::Platform::Android => TIMPlatform::kTIMPlatform_Android,
        v1::Platform::Ios => TIMPlatform::kTIMPlatform_IOS,
        v1::Platform::Mac => TIMPlatform::kTIMPlatform_Mac,
        v1::Platform::Simulator => TIMPlatform::kTIMPlatform_Simulator,
        v1::Platform::Other | v1::Platform::Web | v1::Platform::Linux => TIMPlatform::kTIMPlatform_Other,
    };
    number as i32
}
