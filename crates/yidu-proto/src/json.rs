//! The same frames as proto3 JSON (sub-protocol `yidu.v1.json`): for debugging tools and curious people.
//!
//! Slower than binary frames, since it goes through the descriptors; unknown keys are refused, so that a typo is found.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions,
};

use crate::v1;

static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(include_bytes!("gen/yidu.v1.bin").as_slice())
        .expect("the descriptor set is generated together with the types")
});

/// A frame that cannot be turned into or out of JSON.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The text is not JSON, or not JSON of this message.
    #[error("not a frame in JSON: {0}")]
    Text(#[from] serde_json::Error),
    /// The bytes are not this message.
    #[error("not a frame: {0}")]
    Bytes(#[from] prost::DecodeError),
}

/// Reads a client frame.
///
/// # Errors
/// Says where the text is wrong.
pub fn client_frame_from_json(text: &str) -> Result<v1::ClientFrame, JsonError> {
    Ok(v1::ClientFrame::decode(to_binary("yidu.v1.ClientFrame", text)?.as_slice())?)
}

/// Writes an encoded server frame.
///
/// # Errors
/// The bytes are not a server frame.
pub fn server_frame_to_json(frame: &[u8]) -> Result<String, JsonError> {
    to_json("yidu.v1.ServerFrame", frame)
}

/// Writes an encoded client frame.
///
/// # Errors
/// The bytes are not a client frame.
pub fn client_frame_to_json(frame: &[u8]) -> Result<String, JsonError> {
    to_json("yidu.v1.ClientFrame", frame)
}

fn to_binary(name: &str, text: &str) -> Result<Vec<u8>, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message = DynamicMessage::deserialize_with_options(descriptor(name), &mut deserializer, &options)?;
    deserializer.end()?;
    Ok(message.encode_to_vec())
}

fn to_json(name: &str, bytes: &[u8]) -> Result<String, JsonError> {
    let message = DynamicMessage::decode(descriptor(name), bytes)?;
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut out);
    message.serialize_with_options(&mut serializer, &SerializeOptions::new())?;
    Ok(String::from_utf8(out).expect("serde_json writes UTF-8"))
}

fn descriptor(name: &str) -> MessageDescriptor {
    POOL.get_message_by_name(name).expect("the frames are part of the contract")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Element;

    #[test]
    fn a_frame_reads_the_same_in_both_forms() {
        let text = r#"{"requests":[{"id":"1","sendMessage":{"to":{"group":"g"},"random":7,
            "elements":[{"text":{"content":"你好"}}],"needReceipt":true}}]}"#;
        let frame = client_frame_from_json(text).unwrap();
        let Some(v1::request::Operation::SendMessage(send)) = &frame.requests[0].operation else {
            panic!("another operation")
        };
        assert_eq!(send.elements, [Element::text("你好")]);
        assert!(client_frame_to_json(&frame.encode_to_vec()).unwrap().contains("needReceipt"));
    }

    #[test]
    fn a_typo_is_found() {
        let error = client_frame_from_json(r#"{"requests":[{"id":"1","sendMesage":{}}]}"#).unwrap_err();
        assert!(error.to_string().contains("sendMesage"), "{error}");
        assert!(client_frame_from_json("{").is_err());
    }
}
