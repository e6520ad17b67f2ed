//! What is shown can be given again, and what is given is shown the same.

use proptest::prelude::*;
use yidu_client::v1::image_element::Variant;
use yidu_client::{Element, ElementKind, v1};

use crate::ffi::enums::TIMMsgStatus;
use crate::json::group::create::NewGroup;
use crate::json::group::{modify, params};
use crate::json::locator::MsgLocator;
use crate::json::message::given::Draft;
use crate::json::message::{Message, Seen};
use crate::json::reference::MessageRef;
use crate::json::{conversation, profile, text};

/// Any text, emoji and control characters included.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[\u{4e00}-\u{9fff}👍🏽👩‍👩‍👧‍👦]{0,6}",
        any::<String>().prop_map(|s| s.chars().take(12).collect())
    ]
}

/// Not empty.
fn path() -> impl Strategy<Value = String> {
    words().prop_map(|words| format!("/{words}"))
}

fn number() -> impl Strategy<Value = u32> {
    0..=i32::MAX.unsigned_abs()
}

fn variant(kind: u32) -> impl Strategy<Value = Variant> {
    (number(), any::<u32>(), any::<u32>(), words(), path()).prop_map(move |(size, width, height, url, id)| {
        Variant { r#type: kind, size: size.into(), width, height, url, id }
    })
}

fn kind() -> impl Strategy<Value = ElementKind> {
    let text = words().prop_map(|content| ElementKind::Text(v1::TextElement { content }));
    let custom = (words(), words(), words(), words()).prop_map(|(data, description, extension, sound)| {
        ElementKind::Custom(v1::CustomElement { data, description, extension, sound })
    });
    let face =
        (any::<i32>(), words()).prop_map(|(index, data)| ElementKind::Face(v1::FaceElement { index, data }));
    let location = (words(), -180.0..180.0, -90.0..90.0).prop_map(|(description, longitude, latitude)| {
        ElementKind::Location(v1::LocationElement { description, longitude, latitude })
    });
    let image = (variant(1), variant(2), variant(3), any::<u32>(), any::<u32>(), path()).prop_map(
        |(original, large, thumb, format, level, path)| {
            let uuid = original.id.clone();
            let variants = vec![original, large, thumb];
            ElementKind::Image(v1::ImageElement { uuid, format, variants, level, path })
        },
    );
    let file = (path(), words(), number(), words(), any::<i32>()).prop_map(
        |(path, name, size, url, business_id)| {
            let uuid = url.clone();
            ElementKind::File(v1::FileElement {
                uuid,
                name,
                size: size.into(),
                url,
                path,
                business_id,
                ..Default::default()
            })
        },
    );
    let sound = (path(), number(), number(), words()).prop_map(|(path, size, duration_s, url)| {
        ElementKind::Sound(v1::SoundElement {
            size: size.into(),
            duration_s,
            url,
            path,
            ..Default::default()
        })
    });
    let video = (path(), number(), any::<u32>(), words(), words(), number()).prop_map(
        |(path, size, duration_s, r#type, thumb_path, thumb_size)| {
            let (size, thumb_size) = (size.into(), thumb_size.into());
            ElementKind::Video(v1::VideoElement {
                r#type,
                size,
                duration_s,
                path,
                thumb_size,
                thumb_path,
                ..Default::default()
            })
        },
    );
    prop_oneof![text, custom, face, location, image, file, sound, video]
}

fn seen(message: &v1::Message) -> String {
    let view = v1::MessageView { message: Some(message.clone()), ..Default::default() };
    let status = TIMMsgStatus::kTIMMsg_SendSucc;
    let seen = Seen { view: &view, me: "me", status, is_read: false, custom_int: 0, custom_str: "" };
    text(&Message::of(&seen))
}

proptest! {
    #[test]
    fn every_element_comes_back(kinds in prop::collection::vec(kind(), 1..5), data in words(), at_all: bool) {
        let elements: Vec<Element> = kinds.into_iter().map(Element::from).collect();
        let message = v1::Message {
            id: "1-2-3".into(),
            to: Some(yidu_client::group("群")),
            from: "me".into(),
            seq: 9,
            elements: elements.clone(),
            cloud_custom_data: data.clone(),
            at_all,
            at_users: vec![data.clone()],
            priority: v1::Priority::Low.into(),
            ..Default::default()
        };
        let json = seen(&message);
        let draft = Draft::parse(&json).unwrap();
        prop_assert_eq!(draft.request.elements, elements);
        prop_assert_eq!(&draft.request.cloud_custom_data, &data);
        prop_assert_eq!(draft.request.at_all, at_all);
        prop_assert_eq!(draft.request.at_users, vec![data]);
        prop_assert_eq!(draft.request.priority, i32::from(v1::Priority::Low));

        let reference = MessageRef::parse(&json).unwrap();
        prop_assert_eq!(reference.message_msg_id, "1-2-3");
        prop_assert_eq!(reference.message_seq, 9);
    }

    #[test]
    fn merged_messages_come_back(kinds in prop::collection::vec(kind(), 1..3), nick in words()) {
        use prost::Message as _;
        let inner = v1::Message {
            id: "7-8-9".into(),
            to: Some(yidu_client::group("群")),
            from: "other".into(),
            seq: 4,
            time_ms: 1_000,
            random: 9,
            elements: kinds.into_iter().map(Element::from).collect(),
            from_nick: nick.clone(),
            priority: v1::Priority::Normal.into(),
            ..Default::default()
        };
        let merge = v1::MergeElement {
            title: nick,
            abstracts: vec!["摘要".into()],
            messages: vec![inner.encode_to_vec().into()],
            ..Default::default()
        };
        let element = Element::from(ElementKind::Merge(merge));
        let outer = v1::Message { elements: vec![element.clone()], ..Default::default() };
        let draft = Draft::parse(&seen(&outer)).unwrap();
        prop_assert_eq!(draft.request.elements, vec![element]);
    }

    #[test]
    fn no_text_panics(text in any::<String>(), pieces in prop::collection::vec(
        prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"message_elem_array\"", "\"elem_type\"", "0", "12",
            "-1", "1e999", "null", "\"message_msg_id\"", "\"merge_elem_message_array\"", "\"\\ud800\"", "\"x\""]), 0..40)) {
        for text in [text, pieces.concat()] {
            let _ = Draft::parse(&text);
            let _ = MessageRef::parse(&text);
            let _ = MessageRef::parse_array(&text);
            let _ = MsgLocator::parse_array(&text);
            let _ = conversation::read_get(&text);
            let _ = (profile::read_get(&text), profile::read_modify(&text));
            let _ = (NewGroup::parse(&text), modify::read_group(&text), modify::read_member(&text));
            let _ = (params::read_invite(&text), params::read_delete(&text));
            let _ = (params::read_members(&text), params::read_groups(&text));
        }
    }
}
