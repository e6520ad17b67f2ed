//! From the element of the contract to an Elem.

use yidu_client::{Element, ElementKind, v1};

use super::{AnyElem, Elem, media};
use crate::ffi::enums::TIMElemType;
use crate::json::merge::Merged;
use crate::json::tips::GroupTipsElem;

/// What an element alone does not say.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Who looks.
    pub(crate) me: &'a str,
    /// The message that it is in.
    pub(crate) message: &'a v1::Message,
    /// How many merged messages that one is inside of.
    pub(crate) depth: u32,
}

/// An element as it is written. What this build does not know has the type Invalid and nothing else.
pub(crate) fn shown(element: &Element, context: Context<'_>) -> AnyElem {
    let Ok(Some(kind)) = element.kind() else {
        return plain(TIMElemType::kTIMElem_Invalid, Elem::default());
    };
    match kind {
        ElementKind::Text(text) => {
            let elem = Elem { text_elem_content: Some(text.content), ..Elem::default() };
            plain(TIMElemType::kTIMElem_Text, elem)
        }
        ElementKind::Custom(custom) => plain(TIMElemType::kTIMElem_Custom, show_custom(custom)),
        ElementKind::Face(face) => {
            let elem =
                Elem { face_elem_index: Some(face.index), face_elem_buf: Some(face.data), ..Elem::default() };
            plain(TIMElemType::kTIMElem_Face, elem)
        }
        ElementKind::Location(place) => plain(TIMElemType::kTIMElem_Location, show_location(place)),
        ElementKind::Image(image) => plain(TIMElemType::kTIMElem_Image, media::show_image(image)),
        ElementKind::File(file) => plain(TIMElemType::kTIMElem_File, media::show_file(file)),
        ElementKind::Sound(sound) => plain(TIMElemType::kTIMElem_Sound, media::show_sound(sound)),
        ElementKind::Video(video) => plain(TIMElemType::kTIMElem_Video, media::show_video(video)),
        ElementKind::Merge(merge) => plain(TIMElemType::kTIMElem_Merge, show_merge(merge, context)),
        ElementKind::GroupTip(tip) => AnyElem::Tips(Box::new(GroupTipsElem::of(context.message, &tip))),
    }
}

fn plain(kind: TIMElemType, elem: Elem) -> AnyElem {
    AnyElem::Plain(Box::new(Elem { elem_type: Some(kind as i32), ..elem }))
}

fn show_custom(custom: v1::CustomElement) -> Elem {
    Elem {
        custom_elem_data: Some(custom.data),
        custom_elem_desc: Some(custom.description),
        custom_elem_ext: Some(custom.extension),
        custom_elem_sound: Some(custom.sound),
        ..Elem::default()
    }
}

fn show_location(place: v1::LocationElement) -> Elem {
    Elem {
        location_elem_desc: Some(place.description),
        location_elem_longitude: Some(finite(place.longitude)),
        location_elem_latitude: Some(finite(place.latitude)),
        ..Elem::default()
    }
}

/// JSON has no word for the others, and null where a number belongs breaks strict readers.
fn finite(number: f64) -> f64 {
    if number.is_finite() { number } else { 0.0 }
}

fn show_merge(merge: v1::MergeElement, context: Context<'_>) -> Elem {
    let (messages, over_limit) = Merged::shown(&merge.messages, context);
    Elem {
        merge_elem_title: Some(merge.title),
        merge_elem_abstract_array: Some(merge.abstracts),
        merge_elem_compatible_text: Some(merge.compatible_text),
        merge_elem_message_array: Some(messages),
        merge_elem_layer_over_limit: Some(merge.layer_over_limit || over_limit),
        merge_elem_relay_pb_key: Some(merge.relay_pb_key),
        merge_elem_relay_json_key: Some(merge.relay_json_key),
        merge_elem_relay_buffer: Some(merge.relay_buffer),
        ..Elem::default()
    }
}
