//! The body of a request as the type of its command, with the field named in every refusal.

use serde::de::{DeserializeOwned, IgnoredAny};
use yidu_proto::Code;

use super::answer::Refusal;
use super::command::Area;

/// Reads a body. Fields that the type does not know are ignored. Errors: 60003 for what is not a JSON object, else the
/// number of the field that is missing or ill-typed.
pub(super) fn parse<T: DeserializeOwned>(area: Area, body: &[u8]) -> Result<T, Refusal> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Refusal::new(Code::NotJson, "the body is not a JSON object: send at least {}"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        refusal(area, body, &path, error.inner())
    })?;
    json.end().map_err(|error| Refusal::new(Code::NotJson, format!("the body is not JSON: {error}")))?;
    Ok(read)
}

fn refusal(area: Area, body: &[u8], path: &str, error: &serde_json::Error) -> Refusal {
    // The first ill-typed field stops the reading: whether the rest is JSON at all is still to be seen.
    let rest = if error.is_data() { serde_json::from_slice::<IgnoredAny>(body).err() } else { None };
    if let Some(why) = rest.as_ref().or(Some(error).filter(|error| !error.is_data())) {
        return Refusal::new(Code::NotJson, format!("the body is not JSON: {why}"));
    }
    let why = error.to_string();
    let field = match why.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`')) {
        Some((missing, _)) if path == "." => missing.to_owned(),
        Some((missing, _)) => format!("{path}.{missing}"),
        None => path.to_owned(),
    };
    let code = match number(area, &field) {
        Code::BodyNotArray if why.starts_with("missing") => Code::BadMessageBody,
        code => code,
    };
    Refusal::new(code, format!("{field}: {why}"))
}

/// The vendor's number for a field that is missing, ill-typed or out of bounds; `field` may be a path into the body.
pub(super) fn number(area: Area, field: &str) -> Code {
    let top = field.split(['.', '[']).next().unwrap_or_default();
    match area {
        Area::Account => Code::BadAccountParameter,
        Area::Group if top == "GroupId" => Code::InvalidGroupId,
        Area::Group => Code::BadGroupParameter,
        Area::C2c => match top {
            "MsgBody" if field.contains('[') => Code::BadElement,
            "MsgBody" => Code::BodyNotArray,
            "MsgRandom" => Code::BadRandom,
            "MsgTimeStamp" => Code::BadTimestamp,
            "MsgLifeTime" => Code::BadLifeTime,
            "SyncOtherMachine" => Code::BadSyncOtherMachine,
            "To_Account" | "Peer_Account" => Code::BadReceiver,
            "From_Account" | "Operator_Account" | "Report_Account" => Code::BadSender,
            "MsgKey" | "C2CMsgInfo" | "LastMsgKey" => Code::BadMessageKey,
            _ => Code::BadC2cJson,
        },
    }
}
