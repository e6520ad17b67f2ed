//! What the command prints: text for people, one JSON document for scripts.

use std::io::{IsTerminal, Write};

/// Results go to standard output, progress to standard error; with `--json` the result is one line of JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    live: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Output {
        Output { json, live: !json && std::io::stderr().is_terminal() }
    }

    /// The result of the command, in the form that was asked for.
    pub(crate) fn result(self, text: impl FnOnce() -> String, json: impl FnOnce() -> serde_json::Value) {
        let line = if self.json { json().to_string() } else { text() };
        print_line(&mut std::io::stdout().lock(), &line);
    }

    /// A line of the story, for people.
    pub(crate) fn say(self, line: impl AsRef<str>) {
        if !self.json {
            print_line(&mut std::io::stdout().lock(), line.as_ref());
        }
    }

    /// How far a long work is: redrawn in place on a terminal; elsewhere the caller says only milestones.
    pub(crate) fn progress(self, line: impl AsRef<str>) {
        if self.live {
            let mut err = std::io::stderr().lock();
            let _gone = write!(err, "\r\x1b[2K{}", line.as_ref()).and_then(|()| err.flush());
        }
    }

    /// Takes the progress line away.
    pub(crate) fn progress_done(self) {
        if self.live {
            let mut err = std::io::stderr().lock();
            let _gone = write!(err, "\r\x1b[2K").and_then(|()| err.flush());
        }
    }

    /// Why the command failed, with its causes.
    pub(crate) fn failure(self, error: &anyhow::Error) {
        if self.json {
            let line = serde_json::json!({ "error": format!("{error:#}") }).to_string();
            print_line(&mut std::io::stdout().lock(), &line);
        } else {
            print_line(&mut std::io::stderr().lock(), &format!("yidu: {error:#}"));
        }
    }

    /// Progress can be redrawn in place.
    pub(crate) fn is_live(self) -> bool {
        self.live
    }
}

/// A reader that has gone away (`| head`) is no reason to fail.
fn print_line(out: &mut impl Write, line: &str) {
    let _gone = writeln!(out, "{line}");
}
