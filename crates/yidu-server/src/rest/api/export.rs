//! All who were asked to read a message, as a file of any size.
//!
//! The file is made page by page as the client takes it, so a member costs memory only while its page is on the way: some
//! hundred KiB for each export, whatever its size.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::limits;

use super::Api;
use super::access::Access;
use super::extract::{Path, Query};
use super::model::{Reader, ReaderState};
use super::problem::{Problem, Refusals};
use super::receipts::GroupMessage;
use crate::service::{Caller, Failure, Filter, ReceiptListQuery, Start};

/// The version that an export shows.
const VERSION: HeaderName = HeaderName::from_static("yidu-version");

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// RFC 4180, with a line of names. A text that a spreadsheet would take for a formula gets an apostrophe before it.
    Csv,
    /// One JSON object a line.
    #[default]
    Ndjson,
}

/// Which export.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// The form; `ndjson` when it is left out.
    #[param(inline)]
    format: Option<Format>,
    /// A version that a page told, or any instant of the past in ms since 1970. Left out: the newest.
    version: Option<u64>,
}

/// All receipts of a group message as a file
///
/// Everybody who was asked, exactly once: those who had read at the version, in order of joining, then those who had not.
/// Columns: `user_id`, `nick`, `name_card`, `state` (read, unread, left), `read_time_ms`. Streamed, of any size. A file
/// that broke off ends without the last chunk of HTTP, which clients report as an error. The header `Yidu-Version` tells
/// the version.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt/export", tag = "receipts",
    params(GroupMessage, ExportQuery),
    responses(
        (status = 200, description = "The file.", headers(("Yidu-Version" = u64, description = "The version.")),
            content((String = "text/csv"), (String = "application/x-ndjson"))),
        Refusals))]
pub(super) async fn export_group_receipt(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let caller = access.caller(&api, message.app).await?;
    let format = query.format.unwrap_or_default();
    let mut export = Export::new(api, caller, &message, format, query.version);
    // Whatever is wrong with the request shows before the file begins.
    let first = export.next_page().await?.unwrap_or_default();
    let version = export.query.version.unwrap_or_default();
    let pages = stream::try_unfold((Some(first), export), |(ready, mut export)| async move {
        let page = match ready {
            Some(page) => Some(page),
            None => export.next_page().await.inspect_err(|error| {
                tracing::warn!(%error, "an export broke off");
            })?,
        };
        Ok::<_, Failure>(page.map(|page| (page, (None, export))))
    });
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let disposition = format!("attachment; filename=\"receipts-{}.{ending}\"", message.seq);
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, [(VERSION, version.to_string())], Body::from_stream(pages)).into_response())
}

/// A file that is being made.
struct Export {
    api: Arc<Api>,
    caller: Caller,
    format: Format,
    query: ReceiptListQuery,
    /// The file begins.
    begin: bool,
    /// Everybody is in it.
    done: bool,
}

impl Export {
    fn new(
        api: Arc<Api>,
        caller: Caller,
        message: &GroupMessage,
        format: Format,
        version: Option<u64>,
    ) -> Export {
        let query = ReceiptListQuery {
            conversation: message.conversation(),
            seq: message.seq,
            filter: Filter::Read,
            version,
            start: Start::Cursor(0),
            limit: limits::RECEIPT_MEMBERS,
            search: None,
        };
        Export { api, caller, format, query, begin: true, done: false }
    }

    /// The next part of the file; `None` behind its end.
    async fn next_page(&mut self) -> Result<Option<Bytes>, Failure> {
        if self.done {
            return Ok(None);
        }
        let page = self.api.service.receipt_list(&self.caller, self.query.clone()).await?;
        self.query.version = Some(page.version);
        self.query.start = Start::Cursor(page.next);
        if page.finished {
            self.done = self.query.filter == Filter::NotRead;
            self.query.filter = Filter::NotRead;
        }
        let begin = std::mem::replace(&mut self.begin, false);
        let readers = page.members.into_iter().map(Reader::from);
        let bytes = match self.format {
            Format::Csv => csv(readers, begin),
            Format::Ndjson => ndjson(readers),
        };
        bytes.map(Some).map_err(|error| {
            tracing::error!(error, "a page of an export could not be written");
            Failure::new(yidu_proto::Code::Internal, "something broke in the server; its log says what")
        })
    }
}

/// A line of an export.
#[derive(Serialize)]
struct Line<'a> {
    user_id: &'a str,
    nick: &'a str,
    name_card: &'a str,
    state: ReaderState,
    read_time_ms: Option<u64>,
}

fn ndjson(readers: impl Iterator<Item = Reader>) -> Result<Bytes, String> {
    let mut out = Vec::new();
    for reader in readers {
        let line = Line {
            user_id: &reader.user_id,
            nick: &reader.nick,
            name_card: &reader.name_card,
            state: reader.state,
            read_time_ms: reader.read_time_ms,
        };
        serde_json::to_writer(&mut out, &line).map_err(|error| error.to_string())?;
        out.push(b'\n');
    }
    Ok(out.into())
}

fn csv(readers: impl Iterator<Item = Reader>, begin: bool) -> Result<Bytes, String> {
    let mut out = csv::WriterBuilder::new()
        .has_headers(false)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if begin {
        out.write_record(["user_id", "nick", "name_card", "state", "read_time_ms"])
            .map_err(|error| error.to_string())?;
    }
    for reader in readers {
        let line = Line {
            user_id: &harmless(&reader.user_id),
            nick: &harmless(&reader.nick),
            name_card: &harmless(&reader.name_card),
            state: reader.state,
            read_time_ms: reader.read_time_ms,
        };
        out.serialize(line).map_err(|error| error.to_string())?;
    }
    out.into_inner().map(Bytes::from).map_err(|error| error.to_string())
}

/// What users call themselves must not run as a formula in whoever's spreadsheet.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        Some(_) | None => text.to_owned(),
    }
}
