//! What is told to developers: the console and the log callback.
//!
//! No UserSig gets out: every line goes through [`redact`], which knows the sigs of this process and recognises what
//! looks like one, since callers log their own arguments through `internal_operation_write_log`.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use parking_lot::Mutex;

use super::config::Config;
use super::queue::Queue;
use crate::ffi::enums::TIMLogLevel;

/// Sigs that are remembered, newest last.
const SIGS: usize = 16;
/// Bytes a line may have; longer ones are cut.
const LINE_BYTES: usize = 16 * 1_024;
/// A run of so many letters, digits and `*-_+/=` is taken for a sig. The shortest real one has more.
const SIG_LENGTH: usize = 64;
const REDACTED: &str = "[redacted]";

/// Where log lines go.
#[derive(Debug)]
pub(crate) struct Log {
    queue: Queue,
    console: AtomicBool,
    console_level: AtomicI32,
    callback_level: AtomicI32,
    sigs: Mutex<Vec<String>>,
}

impl Log {
    pub(crate) fn new(queue: Queue, config: &Config) -> Log {
        let log = Log {
            queue,
            console: AtomicBool::new(false),
            console_level: AtomicI32::new(0),
            callback_level: AtomicI32::new(0),
            sigs: Mutex::default(),
        };
        log.configure(config);
        log
    }

    /// Takes over what was set.
    pub(crate) fn configure(&self, config: &Config) {
        self.console.store(config.log_to_console, Ordering::Relaxed);
        self.console_level.store(config.log_level, Ordering::Relaxed);
        self.callback_level.store(config.callback_log_level, Ordering::Relaxed);
    }

    /// Remembers a UserSig, so that it is recognised wherever it comes.
    pub(crate) fn hide(&self, user_sig: &str) {
        let mut sigs = self.sigs.lock();
        if sigs.iter().any(|known| known == user_sig) {
            return;
        }
        if sigs.len() == SIGS {
            sigs.remove(0);
        }
        sigs.push(user_sig.to_owned());
    }

    pub(crate) fn info(&self, line: &str) {
        self.write(TIMLogLevel::kTIMLog_Info, line);
    }

    pub(crate) fn warn(&self, line: &str) {
        self.write(TIMLogLevel::kTIMLog_Warn, line);
    }

    pub(crate) fn error(&self, line: &str) {
        self.write(TIMLogLevel::kTIMLog_Error, line);
    }

    /// Writes a line where its level is wanted.
    pub(crate) fn write(&self, level: TIMLogLevel, line: &str) {
        let wanted = |from: i32| from != 0 && level as i32 >= from;
        let to_console =
            self.console.load(Ordering::Relaxed) && wanted(self.console_level.load(Ordering::Relaxed));
        let to_callback = wanted(self.callback_level.load(Ordering::Relaxed));
        if !to_console && !to_callback {
            return;
        }
        let line = redact(&self.sigs.lock(), line);
        let line = &line[..line.floor_char_boundary(LINE_BYTES)];
        if to_console {
            // A console that is gone is no reason to stop.
            let _ = writeln!(std::io::stderr(), "[imsdk][{}] {line}", name(level));
        }
        if to_callback {
            self.queue.tell_log(level, format!("[{}] {line}", name(level)));
        }
    }
}

fn name(level: TIMLogLevel) -> &'static str {
    match level {
        TIMLogLevel::kTIMLog_Off => "OFF",
        TIMLogLevel::kTIMLog_Test => "TEST",
        TIMLogLevel::kTIMLog_Verbose => "VERBOSE",
        TIMLogLevel::kTIMLog_Debug => "DEBUG",
        TIMLogLevel::kTIMLog_Info => "INFO",
        TIMLogLevel::kTIMLog_Warn => "WARN",
        TIMLogLevel::kTIMLog_Error => "ERROR",
        TIMLogLevel::kTIMLog_Assert => "ASSERT",
    }
}

/// The line without the sigs that are known and without what looks like one.
fn redact(sigs: &[String], line: &str) -> String {
    let mut line = line.to_owned();
    for sig in sigs.iter().filter(|sig| !sig.is_empty()) {
        if line.contains(sig.as_str()) {
            line = line.replace(sig.as_str(), REDACTED);
        }
    }
    without_runs(&line)
}

fn without_runs(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(of_a_sig) {
        let run = &rest[start..];
        let run = &run[..run.find(|c| !of_a_sig(c)).unwrap_or(run.len())];
        clean.push_str(&rest[..start]);
        clean.push_str(if run.len() >= SIG_LENGTH { REDACTED } else { run });
        rest = &rest[start + run.len()..];
    }
    clean.push_str(rest);
    clean
}

fn of_a_sig(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '*' | '-' | '_' | '+' | '/' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sigs_and_what_looks_like_one_are_hidden() {
        let sig = "short*sig".to_owned();
        let looks = "eJwtzE0LgjAcx-".repeat(5);
        let line = format!("login(alice, {sig}) and \"{looks}\"");
        assert_eq!(redact(&[sig], &line), "login(alice, [redacted]) and \"[redacted]\"");
    }

    #[test]
    fn message_ids_and_words_stay() {
        let line = "读 144115233406643804-1727580296-4026038328 was read by 2 人";
        assert_eq!(redact(&[], line), line);
    }
}
