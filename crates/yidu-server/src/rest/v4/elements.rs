//! Message bodies: the vendor's `MsgBody` and the elements of the wire, in both directions.

use bytes::Bytes;
use prost::Message as _;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use yidu_proto::{Element, ElementKind, v1};

use super::fields::in_group;

/// Merged messages inside merged messages that are shown; deeper ones are there and not shown.
const DEPTH: usize = 10;

/// One element as back ends write it.
#[derive(Debug, Serialize)]
#[serde(tag = "MsgType", content = "MsgContent")]
pub(crate) enum Item {
    #[serde(rename = "TIMTextElem")]
    Text(Text),
    #[serde(rename = "TIMCustomElem")]
    Custom(Custom),
    #[serde(rename = "TIMFaceElem")]
    Face(Face),
    #[serde(rename = "TIMLocationElem")]
    Location(Location),
    #[serde(rename = "TIMImageElem")]
    Image(Image),
    #[serde(rename = "TIMSoundElem")]
    Sound(Sound),
    #[serde(rename = "TIMFileElem")]
    File(File),
    #[serde(rename = "TIMVideoFileElem")]
    Video(Video),
    #[serde(rename = "TIMRelayElem")]
    Relay(Relay),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Text {
    text: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Custom {
    data: String,
    desc: String,
    ext: String,
    sound: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Face {
    index: i32,
    data: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Location {
    #[serde(default)]
    desc: String,
    latitude: f64,
    longitude: f64,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Image {
    #[serde(rename = "UUID")]
    uuid: String,
    image_format: u32,
    image_info_array: Vec<ImageInfo>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ImageInfo {
    r#type: u32,
    size: u64,
    width: u32,
    height: u32,
    #[serde(rename = "URL")]
    url: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Sound {
    url: String,
    #[serde(rename = "UUID")]
    uuid: String,
    size: u64,
    second: u32,
    #[serde(rename = "Download_Flag")]
    download_flag: u32,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct File {
    url: String,
    #[serde(rename = "UUID")]
    uuid: String,
    file_size: u64,
    file_name: String,
    #[serde(rename = "Download_Flag")]
    download_flag: u32,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Video {
    video_url: String,
    #[serde(rename = "VideoUUID")]
    video_uuid: String,
    video_size: u64,
    video_second: u32,
    video_format: String,
    video_download_flag: u32,
    thumb_url: String,
    #[serde(rename = "ThumbUUID")]
    thumb_uuid: String,
    thumb_size: u64,
    thumb_width: u32,
    thumb_height: u32,
    thumb_format: String,
    thumb_download_flag: u32,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Relay {
    title: String,
    msg_num: u32,
    compatible_text: String,
    abstract_list: Vec<String>,
    msg_list: Vec<Relayed>,
}

/// A message inside a merged one.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Relayed {
    #[serde(rename = "From_Account")]
    from: String,
    #[serde(rename = "To_Account", skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    group_id: String,
    msg_seq: u64,
    msg_random: u32,
    msg_time_stamp: u64,
    msg_body: Vec<Item>,
    #[serde(skip_serializing_if = "String::is_empty")]
    cloud_custom_data: String,
}

#[derive(Deserialize)]
struct Tagged {
    #[serde(rename = "MsgType")]
    kind: String,
    #[serde(rename = "MsgContent")]
    content: Value,
}

/// By hand, so that a refusal names the field of the content whichever of the two keys comes first.
impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Item, D::Error> {
        let Tagged { kind, content } = Tagged::deserialize(deserializer)?;
        match kind.as_str() {
            "TIMTextElem" => read(content).map(Item::Text),
            "TIMCustomElem" => read(content).map(Item::Custom),
            "TIMFaceElem" => read(content).map(Item::Face),
            "TIMLocationElem" => read(content).map(Item::Location),
            "TIMImageElem" => read(content).map(Item::Image),
            "TIMSoundElem" => read(content).map(Item::Sound),
            "TIMFileElem" => read(content).map(Item::File),
            "TIMVideoFileElem" => read(content).map(Item::Video),
            "TIMRelayElem" => read(content).map(Item::Relay),
            other => Err(D::Error::custom(format!("MsgType {other:?} is none that can be sent"))),
        }
    }
}

fn read<T: DeserializeOwned, E: Error>(content: Value) -> Result<T, E> {
    serde_path_to_error::deserialize(content)
        .map_err(|error| E::custom(format!("MsgContent.{}: {}", error.path(), error.inner())))
}

/// The elements of a body.
pub(crate) fn elements(body: Vec<Item>) -> Vec<Element> {
    body.into_iter().map(|item| kind(item).into()).collect()
}

/// The body of elements. Tips, and elements of a contract newer than this server, have no form there and are left out.
pub(crate) fn body(elements: &[Element]) -> Vec<Item> {
    shown(elements, 0)
}

fn shown(elements: &[Element], depth: usize) -> Vec<Item> {
    elements.iter().filter_map(|element| item(element.kind().ok()??, depth)).collect()
}

fn kind(item: Item) -> ElementKind {
    match item {
        Item::Text(text) => ElementKind::Text(v1::TextElement { content: text.text }),
        Item::Custom(custom) => ElementKind::Custom(v1::CustomElement {
            data: custom.data,
            description: custom.desc,
            extension: custom.ext,
            sound: custom.sound,
        }),
        Item::Face(face) => ElementKind::Face(v1::FaceElement { index: face.index, data: face.data }),
        Item::Location(at) => ElementKind::Location(v1::LocationElement {
            description: at.desc,
            longitude: at.longitude,
            latitude: at.latitude,
        }),
        Item::Image(image) => ElementKind::Image(v1::ImageElement {
            uuid: image.uuid,
            format: image.image_format,
            variants: image.image_info_array.into_iter().map(variant).collect(),
            ..Default::default()
        }),
        Item::Sound(sound) => ElementKind::Sound(v1::SoundElement {
            uuid: sound.uuid,
            size: sound.size,
            duration_s: sound.second,
            url: sound.url,
            download_flag: sound.download_flag,
            ..Default::default()
        }),
        Item::File(file) => ElementKind::File(v1::FileElement {
            uuid: file.uuid,
            name: file.file_name,
            size: file.file_size,
            url: file.url,
            download_flag: file.download_flag,
            ..Default::default()
        }),
        Item::Video(video) => ElementKind::Video(video_element(video)),
        Item::Relay(relay) => ElementKind::Merge(v1::MergeElement {
            title: relay.title,
            abstracts: relay.abstract_list,
            compatible_text: relay.compatible_text,
            messages: relay.msg_list.into_iter().map(merged).collect(),
            ..Default::default()
        }),
    }
}

fn variant(info: ImageInfo) -> v1::image_element::Variant {
    v1::image_element::Variant {
        r#type: info.r#type,
        size: info.size,
        width: info.width,
        height: info.height,
        url: info.url,
        ..Default::default()
    }
}

fn video_element(video: Video) -> v1::VideoElement {
    v1::VideoElement {
        uuid: video.video_uuid,
        r#type: video.video_format,
        size: video.video_size,
        duration_s: video.video_second,
        url: video.video_url,
        download_flag: video.video_download_flag,
        thumb_uuid: video.thumb_uuid,
        thumb_type: video.thumb_format,
        thumb_size: video.thumb_size,
        thumb_width: video.thumb_width,
        thumb_height: video.thumb_height,
        thumb_url: video.thumb_url,
        thumb_download_flag: video.thumb_download_flag,
        ..Default::default()
    }
}

fn merged(message: Relayed) -> Bytes {
    let to = v1::conversation_ref::Of::User(message.to);
    let to = if message.group_id.is_empty() {
        Some(v1::ConversationRef { of: Some(to) })
    } else {
        in_group(&message.group_id)
    };
    v1::Message {
        to,
        from: message.from,
        seq: message.msg_seq,
        time_ms: message.msg_time_stamp.saturating_mul(1_000),
        random: message.msg_random,
        elements: elements(message.msg_body),
        cloud_custom_data: message.cloud_custom_data,
        ..Default::default()
    }
    .encode_to_vec()
    .into()
}

fn item(kind: ElementKind, depth: usize) -> Option<Item> {
    Some(match kind {
        ElementKind::Text(text) => Item::Text(Text { text: text.content }),
        ElementKind::Custom(custom) => Item::Custom(Custom {
            data: custom.data,
            desc: custom.description,
            ext: custom.extension,
            sound: custom.sound,
        }),
        ElementKind::Face(face) => Item::Face(Face { index: face.index, data: face.data }),
        ElementKind::Location(at) => {
            Item::Location(Location { desc: at.description, latitude: at.latitude, longitude: at.longitude })
        }
        ElementKind::Image(image) => Item::Image(Image {
            uuid: image.uuid,
            image_format: image.format,
            image_info_array: image.variants.into_iter().map(image_info).collect(),
        }),
        ElementKind::Sound(sound) => Item::Sound(Sound {
            url: sound.url,
            uuid: sound.uuid,
            size: sound.size,
            second: sound.duration_s,
            download_flag: sound.download_flag,
        }),
        ElementKind::File(file) => Item::File(File {
            url: file.url,
            uuid: file.uuid,
            file_size: file.size,
            file_name: file.name,
            download_flag: file.download_flag,
        }),
        ElementKind::Video(video) => Item::Video(video_item(video)),
        ElementKind::Merge(merge) => Item::Relay(Relay {
            msg_num: u32::try_from(merge.messages.len()).unwrap_or(u32::MAX),
            msg_list: if depth < DEPTH { relayed(&merge.messages, depth + 1) } else { Vec::new() },
            title: merge.title,
            compatible_text: merge.compatible_text,
            abstract_list: merge.abstracts,
        }),
        ElementKind::GroupTip(_) => return None,
    })
}

fn image_info(variant: v1::image_element::Variant) -> ImageInfo {
    ImageInfo {
        r#type: variant.r#type,
        size: variant.size,
        width: variant.width,
        height: variant.height,
        url: variant.url,
    }
}

fn video_item(video: v1::VideoElement) -> Video {
    Video {
        video_url: video.url,
        video_uuid: video.uuid,
        video_size: video.size,
        video_second: video.duration_s,
        video_format: video.r#type,
        video_download_flag: video.download_flag,
        thumb_url: video.thumb_url,
        thumb_uuid: video.thumb_uuid,
        thumb_size: video.thumb_size,
        thumb_width: video.thumb_width,
        thumb_height: video.thumb_height,
        thumb_format: video.thumb_type,
        thumb_download_flag: video.thumb_download_flag,
    }
}

fn relayed(messages: &[Bytes], depth: usize) -> Vec<Relayed> {
    let decoded = messages.iter().filter_map(|bytes| v1::Message::decode(bytes.as_ref()).ok());
    decoded
        .map(|message| {
            let (to, group_id) = match message.to.and_then(|to| to.of) {
                Some(v1::conversation_ref::Of::User(user)) => (user, String::new()),
                Some(v1::conversation_ref::Of::Group(group)) => (String::new(), group),
                None => (String::new(), String::new()),
            };
            Relayed {
                from: message.from,
                to,
                group_id,
                msg_seq: message.seq,
                msg_random: message.random,
                msg_time_stamp: message.time_ms / 1_000,
                msg_body: shown(&message.elements, depth),
                cloud_custom_data: message.cloud_custom_data,
            }
        })
        .collect()
}

/// Whether a message is what the server says of a group.
pub(super) fn is_tip(elements: &[Element]) -> bool {
    elements.iter().any(|element| matches!(element.kind(), Ok(Some(ElementKind::GroupTip(_)))))
}
