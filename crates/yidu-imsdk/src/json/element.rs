//! Elem: a piece of content. One flat object for every type: the keys that count are those of its `elem_type`, the others
//! are passed over, whatever they hold (C# always sends the numbers of all types).

mod media;
mod read;
mod show;

use serde::Serialize;
use serde::ser::Serializer;
use yidu_client::Element;

use super::merge::Merged;
use super::object::{Field, objects};
use super::tips::GroupTipsElem;

pub(crate) use show::{Context, shown};

objects! {
    /// An element of every type but tips, as it is read and written.
    Elem {
        elem_type: Option<i32>,
        text_elem_content: Option<String>,
        custom_elem_data: Option<String>,
        custom_elem_desc: Option<String>,
        custom_elem_ext: Option<String>,
        custom_elem_sound: Option<String>,
        face_elem_index: Option<i32>,
        face_elem_buf: Option<String>,
        location_elem_desc: Option<String>,
        location_elem_longitude: Option<f64>,
        location_elem_latitude: Option<f64>,
        image_elem_orig_path: Option<String>,
        image_elem_level: Option<u32>,
        image_elem_format: Option<u32>,
        image_elem_orig_id: Option<String>,
        image_elem_orig_pic_height: Option<u32>,
        image_elem_orig_pic_width: Option<u32>,
        image_elem_orig_pic_size: Option<u64>,
        image_elem_orig_url: Option<String>,
        image_elem_large_id: Option<String>,
        image_elem_large_pic_height: Option<u32>,
        image_elem_large_pic_width: Option<u32>,
        image_elem_large_pic_size: Option<u64>,
        image_elem_large_url: Option<String>,
        image_elem_thumb_id: Option<String>,
        image_elem_thumb_pic_height: Option<u32>,
        image_elem_thumb_pic_width: Option<u32>,
        image_elem_thumb_pic_size: Option<u64>,
        image_elem_thumb_url: Option<String>,
        file_elem_file_path: Option<String>,
        file_elem_file_name: Option<String>,
        file_elem_file_size: Option<u64>,
        file_elem_file_id: Option<String>,
        file_elem_business_id: Option<i32>,
        file_elem_url: Option<String>,
        sound_elem_file_path: Option<String>,
        sound_elem_file_size: Option<u64>,
        sound_elem_file_time: Option<u32>,
        sound_elem_file_id: Option<String>,
        sound_elem_business_id: Option<i32>,
        sound_elem_url: Option<String>,
        video_elem_video_type: Option<String>,
        video_elem_video_size: Option<u64>,
        video_elem_video_duration: Option<u32>,
        video_elem_video_path: Option<String>,
        video_elem_video_id: Option<String>,
        video_elem_business_id: Option<i32>,
        video_elem_video_url: Option<String>,
        video_elem_image_type: Option<String>,
        video_elem_image_size: Option<u64>,
        video_elem_image_width: Option<u32>,
        video_elem_image_height: Option<u32>,
        video_elem_image_path: Option<String>,
        video_elem_image_id: Option<String>,
        video_elem_image_url: Option<String>,
        merge_elem_title: Option<String>,
        merge_elem_abstract_array: Option<Vec<String>>,
        merge_elem_compatible_text: Option<String>,
        merge_elem_message_array: Option<Merged>,
        merge_elem_layer_over_limit: Option<bool>,
        merge_elem_relay_pb_key: Option<String>,
        merge_elem_relay_json_key: Option<String>,
        merge_elem_relay_buffer: Option<String>,
    }
}

/// An element as it is written.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(untagged)]
pub(crate) enum AnyElem {
    Plain(Box<Elem>),
    Tips(Box<GroupTipsElem>),
}

/// An element as it is read: taken for the contract at once, since the flat object is large.
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct GivenElem(pub(crate) Element);

impl Field for GivenElem {
    fn read<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read::element(Elem::read(from)?).map(GivenElem)
    }
}

impl Serialize for GivenElem {
    /// What was read is never written.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_none()
    }
}
