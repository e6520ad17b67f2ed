//! Rows: what is on disk, and over it what the running batch has written.
//!
//! The overlay is the truth until its batch is durable; then the engine has the same and the overlay is emptied. A
//! reader that meets a row of the overlay remembers the number of its batch, and answers when that is durable.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use fjall::{Database, Keyspace, PersistMode, Slice};
use parking_lot::RwLock;
use yidu_store::{AppId, Result, StoreError};

use crate::faults::{Faults, Injected};
use crate::record::{self, BadRecord, Record};
use crate::tables::Table;

/// A key and its value.
pub(crate) type Row = (Slice, Slice);

/// The engine and the overlay.
pub(crate) struct Rows {
    engine: RwLock<Option<Arc<Engine>>>,
    overlay: RwLock<Overlay>,
    faults: Faults,
    sync: bool,
}

pub(crate) struct Engine {
    db: Database,
    keyspaces: Vec<Keyspace>,
}

#[derive(Default)]
struct Overlay {
    /// The batch that is being gathered or written.
    batch: u64,
    /// By table; `None` is a deletion.
    tables: Vec<BTreeMap<Slice, Option<Slice>>>,
}

impl Engine {
    pub(crate) fn new(db: Database, keyspaces: Vec<Keyspace>) -> Self {
        Self { db, keyspaces }
    }

    fn keyspace(&self, table: Table) -> &Keyspace {
        &self.keyspaces[table as usize]
    }
}

impl Rows {
    pub(crate) fn new(engine: Engine, faults: Faults, sync: bool) -> Self {
        let tables = vec![BTreeMap::new(); Table::ALL.len()];
        let overlay = Overlay { batch: 1, tables };
        Self { engine: RwLock::new(Some(Arc::new(engine))), overlay: RwLock::new(overlay), faults, sync }
    }

    /// A look at the rows. Errors: `Stopped` after [`Rows::close`].
    pub(crate) fn view(&self) -> Result<View<'_>> {
        let engine = self.engine.read().clone().ok_or_else(closed)?;
        Ok(View { rows: self, engine, seen: Cell::new(0) })
    }

    /// Lets go of the engine; its files are closed when the last reader has finished.
    pub(crate) fn close(&self) {
        self.engine.write().take();
    }

    pub(crate) fn put(&self, table: Table, key: &[u8], value: Option<Slice>) {
        self.overlay.write().tables[table as usize].insert(key.into(), value);
    }

    /// Writes what the batch has gathered as one atomic batch, and syncs it; nothing gathered writes nothing.
    pub(crate) fn commit(&self) -> Result<()> {
        let engine = self.engine.read().clone().ok_or_else(closed)?;
        let mut batch = engine.db.batch().durability(Some(self.persist_mode()));
        {
            let overlay = self.overlay.read();
            for (table, rows) in Table::ALL.iter().zip(&overlay.tables) {
                let keyspace = engine.keyspace(*table);
                for (key, value) in rows {
                    match value {
                        Some(value) => batch.insert(keyspace, key.clone(), value.clone()),
                        None => batch.remove(keyspace, key.clone()),
                    }
                }
            }
        }
        if !batch.is_empty() {
            self.write(batch)?;
        }
        let mut overlay = self.overlay.write();
        overlay.tables.iter_mut().for_each(BTreeMap::clear);
        overlay.batch += 1;
        Ok(())
    }

    fn write(&self, batch: fjall::OwnedWriteBatch) -> Result<()> {
        let puts = batch.len() as u64;
        let injected = self.faults.next_commit();
        match injected {
            Some(Injected::DiskFull) => return Err(StoreError::DiskFull),
            Some(Injected::BeforeWrite) => return Err(stopped("injected before the write")),
            Some(Injected::AfterWrite) | None => {}
        }
        batch.commit().map_err(|error| write_error(&error))?;
        self.faults.committed(puts, u64::from(self.sync));
        if injected.is_some() { Err(stopped("injected after the write")) } else { Ok(()) }
    }

    fn persist_mode(&self) -> PersistMode {
        if self.sync { PersistMode::SyncData } else { PersistMode::Buffer }
    }
}

/// A look at the rows of this instant. Not for keeping.
pub(crate) struct View<'a> {
    rows: &'a Rows,
    engine: Arc<Engine>,
    seen: Cell<u64>,
}

impl View<'_> {
    /// The newest batch of which something was seen; 0: everything seen is durable.
    pub(crate) fn seen(&self) -> u64 {
        self.seen.get()
    }

    /// Something of this batch was seen.
    pub(crate) fn see(&self, batch: u64) {
        self.seen.set(self.seen.get().max(batch));
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Option<Slice>> {
        {
            let overlay = self.rows.overlay.read();
            if let Some(value) = overlay.tables[table as usize].get(key) {
                self.see(overlay.batch);
                return Ok(value.clone());
            }
        }
        self.rows.faults.read();
        self.engine.keyspace(table).get(key).map_err(|error| read_error(table, &error))
    }

    pub(crate) fn has(&self, table: Table, key: &[u8]) -> Result<bool> {
        Ok(self.get(table, key)?.is_some())
    }

    pub(crate) fn record<R: Record>(&self, table: Table, key: &[u8]) -> Result<Option<R>> {
        self.get(table, key)?.map(|value| parse(table, key, &value)).transpose()
    }

    /// A row that another row promises.
    pub(crate) fn expect<R: Record>(&self, table: Table, key: &[u8]) -> Result<R> {
        self.record(table, key)?.ok_or_else(|| corrupt(table, key, "the row is not there"))
    }

    /// A row whose value is one number.
    pub(crate) fn number(&self, table: Table, key: &[u8]) -> Result<Option<u64>> {
        let Some(value) = self.get(table, key)? else { return Ok(None) };
        let bytes = <[u8; 8]>::try_from(&*value).map_err(|_| corrupt(table, key, "not a number"))?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }

    /// The first `limit` rows with `from <= key < to`, ascending.
    pub(crate) fn range(&self, table: Table, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>> {
        if from >= to || limit == 0 {
            return Ok(Vec::new());
        }
        let over = self.overlay_range(table, from, to);
        self.rows.faults.read();
        let mut over = over.into_iter().peekable();
        let mut rows = Vec::new();
        let mut stored = self.engine.keyspace(table).range::<&[u8], _>(from..to);
        let mut next = next_row(table, stored.next())?;
        while rows.len() < limit {
            match (over.peek(), &next) {
                (None, None) => break,
                (Some((key, _)), Some((stored_key, _))) if key > stored_key => {
                    rows.extend(next.take());
                    next = next_row(table, stored.next())?;
                }
                (None, Some(_)) => {
                    rows.extend(next.take());
                    next = next_row(table, stored.next())?;
                }
                (Some((key, _)), _) => {
                    if next.as_ref().is_some_and(|(stored_key, _)| stored_key == key) {
                        next = next_row(table, stored.next())?;
                    }
                    rows.extend(over.next().and_then(|(key, value)| value.map(|value| (key, value))));
                }
            }
        }
        Ok(rows)
    }

    /// The next texts behind `after` that a table keeps behind an app's number, with the numbers they name, at most `limit`;
    /// and the last of them when more follow.
    pub(crate) fn names_behind(
        &self,
        table: Table,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<u64>, Option<String>)> {
        let app = app.0.to_be_bytes();
        // The least key behind a text is the text with a zero byte.
        let from = if after.is_empty() { app.to_vec() } else { [&app, after.as_bytes(), &[0]].concat() };
        // No text has the byte 0xff.
        let mut rows = self.range(table, &from, &[&app[..], &[0xff]].concat(), limit.saturating_add(1))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let name = |key: &[u8]| String::from_utf8(key.get(app.len()..).unwrap_or_default().to_vec());
        let last = match rows.last().filter(|_| more) {
            Some((key, _)) => Some(name(key).map_err(|_| corrupt(table, key, "the key is no text"))?),
            None => None,
        };
        let number = |(key, value): &Row| {
            let bytes = <[u8; 8]>::try_from(&**value).map_err(|_| corrupt(table, key, "not a number"))?;
            Ok(u64::from_be_bytes(bytes))
        };
        Ok((rows.iter().map(number).collect::<Result<_>>()?, last))
    }

    /// The last `limit` rows with `from <= key < to`, descending.
    pub(crate) fn last_rows(&self, table: Table, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        let mut to = to.to_vec();
        while rows.len() < limit
            && let Some(row) = self.last(table, from, &to)?
        {
            to = row.0.to_vec();
            rows.push(row);
        }
        Ok(rows)
    }

    /// The last row with `from <= key < to`.
    pub(crate) fn last(&self, table: Table, from: &[u8], to: &[u8]) -> Result<Option<Row>> {
        if from >= to {
            return Ok(None);
        }
        let over = self.overlay_range(table, from, to);
        self.rows.faults.read();
        let mut stored = None;
        for guard in self.engine.keyspace(table).range::<&[u8], _>(from..to).rev() {
            let row = guard.into_inner().map_err(|error| read_error(table, &error))?;
            if over.get(&row.0) != Some(&None) {
                stored = Some(row);
                break;
            }
        }
        let over = over.into_iter().rev().find_map(|(key, value)| value.map(|value| (key, value)));
        Ok(match (over, stored) {
            (Some(over), Some(stored)) => Some(if over.0 >= stored.0 { over } else { stored }),
            (over, stored) => over.or(stored),
        })
    }

    /// Every row of a table, in order, as it is on disk; for checking and for starting.
    pub(crate) fn each(&self, table: Table, mut visit: impl FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()> {
        for guard in self.engine.keyspace(table).iter() {
            let (key, value) = guard.into_inner().map_err(|error| read_error(table, &error))?;
            visit(&key, &value)?;
        }
        Ok(())
    }

    fn overlay_range(&self, table: Table, from: &[u8], to: &[u8]) -> BTreeMap<Slice, Option<Slice>> {
        let overlay = self.rows.overlay.read();
        let bounds = (Bound::Included(from), Bound::Excluded(to));
        let rows = overlay.tables[table as usize].range::<[u8], _>(bounds);
        let rows: BTreeMap<_, _> = rows.map(|(key, value)| (key.clone(), value.clone())).collect();
        if !rows.is_empty() {
            self.see(overlay.batch);
        }
        rows
    }
}

/// Parses a value; a bad one is named by table and key.
pub(crate) fn parse<R: Record>(table: Table, key: &[u8], value: &[u8]) -> Result<R> {
    record::decode(value).map_err(|error: BadRecord| corrupt(table, key, &error.to_string()))
}

pub(crate) fn corrupt(table: Table, key: &[u8], why: &str) -> StoreError {
    let key: String = key.iter().take(64).map(|byte| format!("{byte:02x}")).collect();
    StoreError::Corrupt { what: format!("row {key} of table {}", table.name()), why: why.to_owned() }
}

pub(crate) fn stopped(reason: &str) -> StoreError {
    StoreError::Stopped { reason: reason.to_owned() }
}

fn closed() -> StoreError {
    stopped("the store was closed")
}

fn next_row(table: Table, guard: Option<fjall::Guard>) -> Result<Option<Row>> {
    let row = guard.map(fjall::Guard::into_inner).transpose();
    row.map_err(|error| read_error(table, &error))
}

fn read_error(table: Table, error: &fjall::Error) -> StoreError {
    match io_error(error) {
        Some(io) => stopped(&format!("reading table {} failed: {io}", table.name())),
        None => StoreError::Corrupt { what: format!("table {}", table.name()), why: error.to_string() },
    }
}

fn write_error(error: &fjall::Error) -> StoreError {
    match io_error(error) {
        Some(io) if io.kind() == std::io::ErrorKind::StorageFull => StoreError::DiskFull,
        Some(_) | None => stopped(&error.to_string()),
    }
}

/// The operating system's part of an error of the engine.
pub(crate) fn io_error(error: &fjall::Error) -> Option<&std::io::Error> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref() {
            return Some(io);
        }
        source = match error.downcast_ref() {
            Some(fjall::Error::Io(io)) => return Some(io),
            Some(_) | None => error.source(),
        };
    }
    None
}
