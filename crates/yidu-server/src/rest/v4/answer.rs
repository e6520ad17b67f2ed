//! What a back end hears: the vendor's envelope, at most 1 MiB of it.

use std::io;

use serde::Serialize;
use yidu_proto::Code;

use super::command::Area;
use crate::service::Failure;

/// Bytes of an answer.
const MOST: usize = 1024 * 1024;

/// Why a call failed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Seen by the handler; the number is the vendor's for the command at hand.
    Own(Code, String),
    /// Said by the service, whose numbers are those of sessions: [`Refusal::of`] gives the vendor's.
    Service(Failure),
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "ActionStatus")]
    status: &'static str,
    #[serde(rename = "ErrorCode")]
    code: u32,
    #[serde(rename = "ErrorInfo")]
    info: &'a str,
    #[serde(flatten)]
    more: T,
}

/// An answer that has nothing beyond the envelope.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

impl Refusal {
    pub(super) fn new(code: Code, text: impl Into<String>) -> Refusal {
        Refusal::Own(code, text.into())
    }

    /// With the number that the vendor uses in this part of the interface.
    pub(super) fn of(self, area: Area) -> Refusal {
        match self {
            Refusal::Own(..) => self,
            Refusal::Service(failure) => {
                Refusal::Service(Failure { code: number(area, failure.code), ..failure })
            }
        }
    }

    pub(super) fn code(&self) -> Code {
        match self {
            Refusal::Own(code, _) => *code,
            Refusal::Service(failure) => failure.code,
        }
    }

    pub(super) fn number(&self) -> u32 {
        match self {
            Refusal::Own(code, _) => code.number(),
            Refusal::Service(failure) => failure.number(),
        }
    }

    /// Seconds after which it is worth trying again.
    pub(super) fn wait(&self) -> Option<u32> {
        match self {
            Refusal::Service(failure) if failure.retry_after_ms > 0 => {
                Some(failure.retry_after_ms.div_ceil(1_000))
            }
            Refusal::Service(_) | Refusal::Own(..) => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Refusal::Own(_, text) => text,
            Refusal::Service(failure) => &failure.text,
        }
    }

    /// The envelope.
    pub(super) fn body(&self) -> Vec<u8> {
        let envelope = Envelope { status: "FAIL", code: self.number(), info: self.text(), more: Nothing {} };
        serde_json::to_vec(&envelope).unwrap_or_default()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Service(failure)
    }
}

/// The envelope of a success. Errors: 10018.
pub(super) fn success(more: impl Serialize) -> Result<Vec<u8>, Refusal> {
    let mut body = Bounded(Vec::with_capacity(256));
    let envelope = Envelope { status: "OK", code: 0, info: "", more };
    match serde_json::to_writer(&mut body, &envelope) {
        Ok(()) => Ok(body.0),
        Err(_) => Err(too_large()),
    }
}

/// An answer that has grown too large.
pub(super) fn too_large() -> Refusal {
    Refusal::new(Code::ResponseTooLarge, "the answer is over 1 MiB: ask for fewer items or fields at once")
}

/// Stops at [`MOST`] bytes.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST {
            return Err(io::Error::other("too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The service numbers a refusal as a session hears it; back ends know other numbers for some.
fn number(area: Area, code: Code) -> Code {
    match (area, code) {
        (Area::Account, Code::InvalidParameters | Code::InvalidUserId) => Code::BadAccountParameter,
        (Area::Account, Code::Internal | Code::StorageUnavailable) => Code::InternalAccount,
        (Area::C2c, Code::InvalidParameters | Code::NoPermission) => Code::BadC2cRequest,
        (Area::C2c, Code::InvalidUserId) => Code::BadReceiver,
        (Area::C2c, Code::NoAccount) => Code::NoSuchUserC2c,
        (Area::C2c, Code::AdministratorRequired) => Code::AdministratorRequiredC2c,
        (Area::C2c, Code::MessageTooLong) => Code::MessageTooLongC2c,
        (Area::C2c, Code::Internal) => Code::StorageUnavailable,
        (Area::Group, Code::InvalidParameters | Code::InvalidUserId | Code::BadMessageBody) => {
            Code::BadGroupParameter
        }
        (Area::Group, Code::NoAccount) => Code::NoSuchAccount,
        (Area::Group, Code::AdministratorRequired) => Code::NoPermission,
        (Area::Group, Code::StorageUnavailable) => Code::Internal,
        (_, code) => code,
    }
}
