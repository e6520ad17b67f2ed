//! Pictures, files, sounds, videos: what is known of them travels with the message, the bytes themselves do not.

use serde::de::Error;
use yidu_client::v1::image_element::Variant;
use yidu_client::{ElementKind, v1};

use super::Elem;

/// The kinds of [`Variant`].
const ORIGINAL: u32 = 1;
const LARGE: u32 = 2;
const THUMB: u32 = 3;

/// Sizes are shown as 32-bit numbers with a sign: that is what C# reads them into.
fn shown(size: u64) -> Option<u64> {
    Some(size.min(i32::MAX.unsigned_abs().into()))
}

/// One of these has to say where it is. `key` is the one that apps set.
fn somewhere<E: Error>(places: &[&str], key: &'static str) -> Result<(), E> {
    if places.iter().all(|place| place.is_empty()) { Err(E::missing_field(key)) } else { Ok(()) }
}

pub(super) fn image<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let original = Variant {
        r#type: ORIGINAL,
        size: elem.image_elem_orig_pic_size.unwrap_or_default(),
        width: elem.image_elem_orig_pic_width.unwrap_or_default(),
        height: elem.image_elem_orig_pic_height.unwrap_or_default(),
        url: elem.image_elem_orig_url.unwrap_or_default(),
        id: elem.image_elem_orig_id.unwrap_or_default(),
    };
    let large = Variant {
        r#type: LARGE,
        size: elem.image_elem_large_pic_size.unwrap_or_default(),
        width: elem.image_elem_large_pic_width.unwrap_or_default(),
        height: elem.image_elem_large_pic_height.unwrap_or_default(),
        url: elem.image_elem_large_url.unwrap_or_default(),
        id: elem.image_elem_large_id.unwrap_or_default(),
    };
    let thumb = Variant {
        r#type: THUMB,
        size: elem.image_elem_thumb_pic_size.unwrap_or_default(),
        width: elem.image_elem_thumb_pic_width.unwrap_or_default(),
        height: elem.image_elem_thumb_pic_height.unwrap_or_default(),
        url: elem.image_elem_thumb_url.unwrap_or_default(),
        id: elem.image_elem_thumb_id.unwrap_or_default(),
    };
    let path = elem.image_elem_orig_path.unwrap_or_default();
    somewhere(&[&path, &original.url, &original.id], "image_elem_orig_path")?;
    let said = |variant: &Variant| *variant != Variant { r#type: variant.r#type, ..Variant::default() };
    Ok(ElementKind::Image(v1::ImageElement {
        uuid: original.id.clone(),
        format: elem.image_elem_format.unwrap_or_default(),
        variants: [original, large, thumb].into_iter().filter(said).collect(),
        level: elem.image_elem_level.unwrap_or_default(),
        path,
    }))
}

pub(super) fn show_image(image: v1::ImageElement) -> Elem {
    let variant =
        |kind: u32| image.variants.iter().find(|variant| variant.r#type == kind).cloned().unwrap_or_default();
    let (mut original, large, thumb) = (variant(ORIGINAL), variant(LARGE), variant(THUMB));
    if original.id.is_empty() {
        original.id = image.uuid.clone();
    }
    Elem {
        image_elem_orig_path: Some(image.path),
        image_elem_level: Some(image.level),
        image_elem_format: Some(image.format),
        image_elem_orig_id: Some(original.id),
        image_elem_orig_pic_height: Some(original.height),
        image_elem_orig_pic_width: Some(original.width),
        image_elem_orig_pic_size: shown(original.size),
        image_elem_orig_url: Some(original.url),
        image_elem_large_id: Some(large.id),
        image_elem_large_pic_height: Some(large.height),
        image_elem_large_pic_width: Some(large.width),
        image_elem_large_pic_size: shown(large.size),
        image_elem_large_url: Some(large.url),
        image_elem_thumb_id: Some(thumb.id),
        image_elem_thumb_pic_height: Some(thumb.height),
        image_elem_thumb_pic_width: Some(thumb.width),
        image_elem_thumb_pic_size: shown(thumb.size),
        image_elem_thumb_url: Some(thumb.url),
        ..Elem::default()
    }
}

pub(super) fn file<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let file = v1::FileElement {
        uuid: elem.file_elem_file_id.unwrap_or_default(),
        name: elem.file_elem_file_name.unwrap_or_default(),
        size: elem.file_elem_file_size.unwrap_or_default(),
        url: elem.file_elem_url.unwrap_or_default(),
        path: elem.file_elem_file_path.unwrap_or_default(),
        download_flag: 0,
        business_id: elem.file_elem_business_id.unwrap_or_default(),
    };
    somewhere(&[&file.path, &file.url, &file.uuid], "file_elem_file_path")?;
    Ok(ElementKind::File(file))
}

pub(super) fn show_file(file: v1::FileElement) -> Elem {
    Elem {
        file_elem_file_path: Some(file.path),
        file_elem_file_name: Some(file.name),
        file_elem_file_size: shown(file.size),
        file_elem_file_id: Some(file.uuid),
        file_elem_business_id: Some(file.business_id),
        file_elem_url: Some(file.url),
        ..Elem::default()
    }
}

pub(super) fn sound<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let sound = v1::SoundElement {
        uuid: elem.sound_elem_file_id.unwrap_or_default(),
        size: elem.sound_elem_file_size.unwrap_or_default(),
        duration_s: elem.sound_elem_file_time.unwrap_or_default(),
        url: elem.sound_elem_url.unwrap_or_default(),
        path: elem.sound_elem_file_path.unwrap_or_default(),
        download_flag: 0,
        business_id: elem.sound_elem_business_id.unwrap_or_default(),
    };
    somewhere(&[&sound.path, &sound.url, &sound.uuid], "sound_elem_file_path")?;
    Ok(ElementKind::Sound(sound))
}

pub(super) fn show_sound(sound: v1::SoundElement) -> Elem {
    Elem {
        sound_elem_file_path: Some(sound.path),
        sound_elem_file_size: shown(sound.size),
        sound_elem_file_time: Some(sound.duration_s.min(i32::MAX.unsigned_abs())),
        sound_elem_file_id: Some(sound.uuid),
        sound_elem_business_id: Some(sound.business_id),
        sound_elem_url: Some(sound.url),
        ..Elem::default()
    }
}

pub(super) fn video<E: Error>(elem: Elem) -> Result<ElementKind, E> {
    let video = v1::VideoElement {
        uuid: elem.video_elem_video_id.unwrap_or_default(),
        r#type: elem.video_elem_video_type.unwrap_or_default(),
        size: elem.video_elem_video_size.unwrap_or_default(),
        duration_s: elem.video_elem_video_duration.unwrap_or_default(),
        url: elem.video_elem_video_url.unwrap_or_default(),
        path: elem.video_elem_video_path.unwrap_or_default(),
        download_flag: 0,
        business_id: elem.video_elem_business_id.unwrap_or_default(),
        thumb_uuid: elem.video_elem_image_id.unwrap_or_default(),
        thumb_type: elem.video_elem_image_type.unwrap_or_default(),
        thumb_size: elem.video_elem_image_size.unwrap_or_default(),
        thumb_width: elem.video_elem_image_width.unwrap_or_default(),
        thumb_height: elem.video_elem_image_height.unwrap_or_default(),
        thumb_url: elem.video_elem_image_url.unwrap_or_default(),
        thumb_path: elem.video_elem_image_path.unwrap_or_default(),
        thumb_download_flag: 0,
    };
    somewhere(&[&video.path, &video.url, &video.uuid], "video_elem_video_path")?;
    Ok(ElementKind::Video(video))
}

pub(super) fn show_video(video: v1::VideoElement) -> Elem {
    Elem {
        video_elem_video_type: Some(video.r#type),
        video_elem_video_size: shown(video.size),
        video_elem_video_duration: Some(video.duration_s),
        video_elem_video_path: Some(video.path),
        video_elem_video_id: Some(video.uuid),
        video_elem_business_id: Some(video.business_id),
        video_elem_video_url: Some(video.url),
        video_elem_image_type: Some(video.thumb_type),
        video_elem_image_size: shown(video.thumb_size),
        video_elem_image_width: Some(video.thumb_width),
        video_elem_image_height: Some(video.thumb_height),
        video_elem_image_path: Some(video.thumb_path),
        video_elem_image_id: Some(video.thumb_uuid),
        video_elem_image_url: Some(video.thumb_url),
        ..Elem::default()
    }
}
