//! One file per sub-command.

pub(crate) mod app;
pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod operator;
mod own_server;
pub(crate) mod receipts;
pub(crate) mod serve;
pub(crate) mod usersig;
