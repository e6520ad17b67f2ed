//! From an Elem to the element of the contract.

use serde::de::Error;
use yidu_client::{Element, ElementKind, v1};

use super::{Elem, media};
use crate::ffi::enums::TIMElemType;
use crate::json::merge::Merged;

/// The element that its `elem_type` says it is.
pub(super) fn element<E: Error>(elem: Elem) -> Result<Element, E> {
    let number = elem.elem_type.ok_or_else(|| E::missing_field("elem_type"))?;
    let kind = match TIMElemType::from_number(number) {
        Some(TIMElemType::kTIMElem_Text) => text(elem)?,
        Some(TIMElemType::kTIMElem_Custom) => custom(elem),
        Some(TIMElemType::kTIMElem_Face) => face(elem)?,
        Some(TIMElemType::kTIMElem_Location) => location(elem)?,
        Some(TIMElemType::kTIMElem_Image) => media::image(elem)?,
        Some(TIMElemType::kTIMElem_File) => media::file(elem)?,
        Some(TIMElemType::kTIMElem_Sound) => media::sound(elem)?,
        Some(TIMElemType::kTIMElem_Video) => media::video(elem)?,
        Some(TIMElemType::kTIMElem_Merge) => merge(elem)?,
        Some(
            TIMElemType::kTIMElem_GroupTips
            | TIMElemType::kTIMElem_GroupReport
            | TIMElemType::kTIMElem_FriendChange
            | TIMElemType::kTIMElem_ProfileChange
            | TIMElemType::kTIMElem_Invalid,
        )
        | None => return Err(E::custom(format!("elem_type {number}, expected one that can be sent"))),
    };
    Ok(kind.into())
}

fn text<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let content = elem.text_elem_content.ok_or_else(|| E::missing_field("text_elem_content"))?;
    Ok(ElementKind::Text(v1::TextElement { content }))
}

fn custom(elem: Elem) -> ElementKind {
    ElementKind::Custom(v1::CustomElement {
        data: elem.custom_elem_data.unwrap_or_default(),
        description: elem.custom_elem_desc.unwrap_or_default(),
        extension: elem.custom_elem_ext.unwrap_or_default(),
        sound: elem.custom_elem_sound.unwrap_or_default(),
    })
}

fn face<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let index = elem.face_elem_index.ok_or_else(|| E::missing_field("face_elem_index"))?;
    Ok(ElementKind::Face(v1::FaceElement { index, data: elem.face_elem_buf.unwrap_or_default() }))
}

fn location<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let longitude = elem.location_elem_longitude;
    let latitude = elem.location_elem_latitude;
    Ok(ElementKind::Location(v1::LocationElement {
        description: elem.location_elem_desc.unwrap_or_default(),
        longitude: longitude.ok_or_else(|| E::missing_field("location_elem_longitude"))?,
        latitude: latitude.ok_or_else(|| E::missing_field("location_elem_latitude"))?,
    }))
}

/// The messages themselves, or (of a merged message that was received and is sent on) the keys to where they are.
fn merge<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let merge = v1::MergeElement {
        title: elem.merge_elem_title.unwrap_or_default(),
        abstracts: elem.merge_elem_abstract_array.unwrap_or_default(),
        compatible_text: elem.merge_elem_compatible_text.unwrap_or_default(),
        messages: elem.merge_elem_message_array.map(Merged::given).unwrap_or_default(),
        layer_over_limit: elem.merge_elem_layer_over_limit.unwrap_or_default(),
        relay_pb_key: elem.merge_elem_relay_pb_key.unwrap_or_default(),
        relay_json_key: elem.merge_elem_relay_json_key.unwrap_or_default(),
        relay_buffer: elem.merge_elem_relay_buffer.unwrap_or_default(),
    };
    let elsewhere = [&merge.relay_pb_key, &merge.relay_json_key, &merge.relay_buffer];
    if merge.messages.is_empty() && elsewhere.iter().all(|key| key.is_empty()) {
        return Err(E::missing_field("merge_elem_message_array"));
    }
    Ok(ElementKind::Merge(merge))
}
