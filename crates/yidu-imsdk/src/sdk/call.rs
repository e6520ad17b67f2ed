//! How every exported function is carried out and answered, exactly once.
//!
//! On the caller's thread: the arguments are read and checked, which decides the return value. After `TIM_SUCC` a task
//! of the runtime carries the call out, and its answer goes in line for the callback thread. When the library is closed
//! before the answer, the answer is 7009.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::library::{self, Instance};
use super::session::Session;
use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::TIMResult;
use crate::ffi::text::Reader;
use crate::json::JsonError;

/// Runs the body of an exported function. No panic crosses the border to C: it is logged, and the function returns
/// `otherwise`.
pub(crate) fn guard<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| {
        if let Some(instance) = library::current() {
            instance.log.error("a function of the library has panicked; please report it");
        }
        otherwise
    })
}

/// Why a function returns something other than `TIM_SUCC`.
#[derive(Debug)]
pub(crate) struct Refusal {
    result: TIMResult,
    /// For the log, since a number says little.
    why: Option<String>,
}

impl Refusal {
    /// A value that is out of bounds, and what the bounds are.
    pub(crate) fn param(why: impl Into<String>) -> Refusal {
        Refusal { result: TIMResult::TIM_ERR_PARAM, why: Some(why.into()) }
    }

    /// Logs why, and returns the number.
    fn told(self, instance: &Instance, function: &str) -> TIMResult {
        if let Some(why) = self.why {
            instance.log.warn(&format!("{function} returned {}: {why}", self.result as i32));
        }
        self.result
    }
}

impl From<TIMResult> for Refusal {
    fn from(result: TIMResult) -> Refusal {
        Refusal { result, why: None }
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Refusal {
        let why = Some(error.to_string());
        Refusal { result: error.into(), why }
    }
}

/// A function that answers at once: `TIM_SUCC`, or why not.
pub(crate) fn at_once<P>(body: P) -> std::ffi::c_int
where
    P: FnOnce(&Arc<Instance>, &mut Reader) -> Result<(), Refusal>,
{
    guard(TIMResult::TIM_ERR_PARAM, || {
        let Some(instance) = library::current() else { return TIMResult::TIM_ERR_SDKUNINIT };
        match body(&instance, &mut Reader::default()) {
            Ok(()) => TIMResult::TIM_SUCC,
            Err(refusal) => refusal.told(&instance, caller::<P>()),
        }
    }) as std::ffi::c_int
}

/// A call that needs no login. `prepare` reads the arguments and returns the work.
pub(crate) fn answered<P, W>(callback: Callback, prepare: P) -> std::ffi::c_int
where
    P: FnOnce(&Arc<Instance>, &mut Reader) -> Result<W, Refusal>,
    W: Future<Output = Outcome> + Send + 'static,
{
    carried_out::<P, W>(callback, prepare)
}

/// A call that needs a login. `prepare` reads the arguments and returns the work.
pub(crate) fn in_session<P, W>(callback: Callback, prepare: P) -> std::ffi::c_int
where
    P: FnOnce(&Arc<Session>, &mut Reader) -> Result<W, Refusal>,
    W: Future<Output = Outcome> + Send + 'static,
{
    carried_out::<P, W>(callback, |instance, reader| {
        let session = instance.session().ok_or(TIMResult::TIM_ERR_NOTLOGIN)?;
        prepare(&session, reader)
    })
}

/// `P` is the closure of the exported function, whose name the log shows.
fn carried_out<P, W>(
    callback: Callback,
    prepare: impl FnOnce(&Arc<Instance>, &mut Reader) -> Result<W, Refusal>,
) -> std::ffi::c_int
where
    W: Future<Output = Outcome> + Send + 'static,
{
    guard(TIMResult::TIM_ERR_PARAM, || {
        let Some(instance) = library::current() else { return TIMResult::TIM_ERR_SDKUNINIT };
        let mut reader = Reader::default();
        match prepare(&instance, &mut reader) {
            Ok(work) => start(&instance, callback, reader.bytes(), work),
            Err(refusal) => refusal.told(&instance, caller::<P>()),
        }
    }) as std::ffi::c_int
}

/// The exported function in whose body a closure is.
fn caller<P>() -> &'static str {
    let closure = std::any::type_name::<P>();
    closure.trim_end_matches("::{{closure}}").rsplit("::").next().unwrap_or(closure)
}

fn start<W>(instance: &Arc<Instance>, callback: Callback, bytes: usize, work: W) -> TIMResult
where
    W: Future<Output = Outcome> + Send + 'static,
{
    let Some(reply) = instance.queue.accept(callback, bytes) else {
        instance.log.warn(
            "a call was refused: too many calls wait for their callbacks (100,000, or 100 MB of texts); \
             let callbacks return before calling again",
        );
        return TIMResult::TIM_ERR_PARAM;
    };
    let closing = instance.closing.clone();
    let mut reply = Some(reply);
    let accepted = library::while_open(instance, || {
        let Some(reply) = reply.take() else { return };
        instance.tasks.spawn_on(
            async move {
                let outcome = closing.run_until_cancelled_owned(work).await;
                reply.answer(outcome.unwrap_or_else(|| Err(Failure::interrupted())));
            },
            &instance.runtime,
        );
    });
    if let Some(reply) = reply {
        reply.refuse();
    }
    if accepted.is_some() { TIMResult::TIM_SUCC } else { TIMResult::TIM_ERR_SDKUNINIT }
}

/// The result of a call that has none.
#[expect(clippy::unnecessary_wraps, reason = "every call ends with an Outcome")]
pub(crate) fn nothing() -> Outcome {
    Ok(Answer::Json(String::new()))
}

impl Failure {
    /// A failure with one of the numbers of the interface.
    pub(crate) fn new(code: u32, text: impl Into<String>) -> Failure {
        Failure { code, text: text.into(), json: String::new() }
    }

    /// 7009.
    pub(crate) fn interrupted() -> Failure {
        Failure::new(7009, "interrupted by TIMUninit")
    }

    /// 7013, naming what is not there.
    pub(crate) fn unsupported(what: impl Display) -> Failure {
        Failure::new(7013, format!("{what}; docs/c-library.md says what is there"))
    }

    /// 7013, naming the keys, or the matters, that were set and are not there.
    pub(crate) fn unsupported_keys(keys: &[&str]) -> Failure {
        Failure::unsupported(format_args!("Yidu does not have {}", keys.join(", ")))
    }
}

impl From<yidu_client::Error> for Failure {
    fn from(error: yidu_client::Error) -> Failure {
        match error.kind() {
            // A client is closed for one reason only.
            yidu_client::ErrorKind::Closed => Failure::interrupted(),
            _ => Failure::new(error.code(), error.to_string()),
        }
    }
}
