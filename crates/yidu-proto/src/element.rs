//! A piece of message content, carried as the bytes it came in.
//!
//! A server passes on what a newer client put into an element although it cannot know it, so [`Element`] keeps raw
//! bytes and is taken apart only by who shows it ([`Element::kind`]). On the wire it is the message `yidu.v1.Element`.

use bytes::{Buf, BufMut, Bytes};
use prost::encoding::{DecodeContext, WireType, decode_varint, encode_key, encode_varint};
use prost::{DecodeError, Message};

use crate::v1;

/// An encoded `yidu.v1.Element`. Equality is equality of bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Element {
    raw: Vec<u8>,
}

/// What an element holds. A kind from a newer contract reads as `None` in [`Element::kind`].
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum ElementKind {
    /// Text.
    #[prost(message, tag = "1")]
    Text(v1::TextElement),
    /// The app's own data.
    #[prost(message, tag = "2")]
    Custom(v1::CustomElement),
    /// An emoticon by number.
    #[prost(message, tag = "3")]
    Face(v1::FaceElement),
    /// A picture.
    #[prost(message, tag = "4")]
    Image(v1::ImageElement),
    /// A place.
    #[prost(message, tag = "5")]
    Location(v1::LocationElement),
    /// A file.
    #[prost(message, tag = "6")]
    File(v1::FileElement),
    /// A voice recording.
    #[prost(message, tag = "7")]
    Sound(v1::SoundElement),
    /// A video.
    #[prost(message, tag = "8")]
    Video(v1::VideoElement),
    /// Messages forwarded as one.
    #[prost(message, tag = "9")]
    Merge(v1::MergeElement),
    /// Something happened in the group; written by the server only.
    #[prost(message, tag = "10")]
    GroupTip(v1::GroupTipElement),
}

#[derive(Clone, PartialEq, Message)]
struct Typed {
    #[prost(oneof = "ElementKind", tags = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10")]
    kind: Option<ElementKind>,
}

impl Element {
    /// A text element.
    pub fn text(content: impl Into<String>) -> Element {
        ElementKind::Text(v1::TextElement { content: content.into() }).into()
    }

    /// An element of the app's own data.
    pub fn custom(data: impl Into<String>) -> Element {
        ElementKind::Custom(v1::CustomElement { data: data.into(), ..Default::default() }).into()
    }

    /// The encoded bytes, as they came.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// What it holds; `None` for a kind this build does not know.
    ///
    /// # Errors
    /// The bytes are not an element.
    pub fn kind(&self) -> Result<Option<ElementKind>, DecodeError> {
        Ok(Typed::decode(self.raw.as_slice())?.kind)
    }

    /// The content of a text element; `None` for every other.
    pub fn as_text(&self) -> Option<String> {
        match self.kind() {
            Ok(Some(ElementKind::Text(text))) => Some(text.content),
            Ok(_) | Err(_) => None,
        }
    }
}

impl From<ElementKind> for Element {
    fn from(kind: ElementKind) -> Element {
        Element { raw: Typed { kind: Some(kind) }.encode_to_vec() }
    }
}

/// Shows kind and size only: what people write is not for logs.
impl std::fmt::Debug for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({} bytes)", self.raw.len())
    }
}

impl Message for Element {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.raw);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        encode_key(tag, wire_type, &mut self.raw);
        match wire_type {
            WireType::Varint => encode_varint(decode_varint(buf)?, &mut self.raw),
            WireType::ThirtyTwoBit => self.raw.extend_from_slice(&take(buf, 4)?),
            WireType::SixtyFourBit => self.raw.extend_from_slice(&take(buf, 8)?),
            WireType::LengthDelimited => {
                let mut value = Bytes::new();
                prost::encoding::bytes::merge(wire_type, &mut value, buf, ctx)?;
                encode_varint(value.len() as u64, &mut self.raw);
                self.raw.extend_from_slice(&value);
            }
            WireType::StartGroup | WireType::EndGroup => {
                return Err(refused("an element holds a group field"));
            }
        }
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        self.raw.len()
    }

    fn clear(&mut self) {
        self.raw.clear();
    }
}

fn take(buf: &mut impl Buf, bytes: usize) -> Result<Bytes, DecodeError> {
    if buf.remaining() < bytes { Err(refused("an element is cut off")) } else { Ok(buf.copy_to_bytes(bytes)) }
}

#[expect(
    deprecated,
    reason = "the library has no other way to say what is wrong; it is meant for Message impls"
)]
fn refused(why: &'static str) -> DecodeError {
    DecodeError::new(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_build_does_not_know_passes_through_intact() {
        // Field 200 (bytes) and field 201 (varint) stand for a kind of a later contract.
        let mut raw = Vec::new();
        encode_key(200, WireType::LengthDelimited, &mut raw);
        encode_varint(3, &mut raw);
        raw.extend_from_slice(b"new");
        encode_key(201, WireType::Varint, &mut raw);
        encode_varint(7, &mut raw);
        let mut message = v1::Message { id: "1-2-3".into(), ..Default::default() };
        message.elements.push(Element::decode(raw.as_slice()).unwrap());
        message.elements.push(Element::text("你好 👋"));

        let again = v1::Message::decode(message.encode_to_vec().as_slice()).unwrap();
        assert_eq!(again, message);
        assert_eq!(again.elements[0].raw(), raw);
        assert_eq!(again.elements[0].kind().unwrap(), None);
        assert_eq!(again.elements[1].as_text().as_deref(), Some("你好 👋"));
    }

    #[test]
    fn a_log_never_shows_what_people_write() {
        assert_eq!(format!("{:?}", Element::text("secret")), "Element(10 bytes)");
    }

    #[test]
    fn a_cut_off_element_is_an_error() {
        let raw = Element::text("hello").raw().to_vec();
        assert!(Element::decode(&raw[..raw.len() - 1]).is_err());
    }
}
