//! What a client can ask for, by noun. `receipt` is the model for the others.

pub(crate) mod account;
pub(crate) mod conversation;
pub(crate) mod group;
pub(crate) mod message;
pub(crate) mod receipt;
pub(crate) mod settings;

use std::future::Future;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::error::Result;

/// Calls that a long list is split into and that are under way at once.
const PARALLEL: usize = 8;

/// Asks in portions of at most `limit` items and joins the answers in order. No item: no call.
///
/// Portions stand by themselves: when one fails, others may have been carried out.
async fn in_portions<T, A, F>(items: &[T], limit: usize, ask: impl Fn(Vec<T>) -> F) -> Result<Vec<A>>
where
    T: Clone,
    F: Future<Output = Result<Vec<A>>>,
{
    let portions: Vec<F> = items.chunks(limit).map(|portion| ask(portion.to_vec())).collect();
    stream::iter(portions).buffered(PARALLEL).try_concat().await
}
