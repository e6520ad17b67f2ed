//! A person: the C program `c/person.c` in a process of its own, and what it says.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use yidu_testkit::{PATIENCE, TestServer};

/// What a process says, one line, its fields unescaped.
pub(crate) type Line = Vec<String>;

/// The answer to a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) desc: String,
    pub(crate) json: String,
}

impl Answer {
    /// The result of a call that has to succeed.
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        if self.json.is_empty() { Value::Null } else { serde_json::from_str(&self.json).unwrap() }
    }
}

pub(crate) struct Person {
    child: Child,
    /// `None` once the process was told to end.
    input: Option<ChildStdin>,
    said: Receiver<Line>,
    /// What came while something else was waited for.
    kept: Vec<Line>,
    calls: u32,
}

impl Person {
    /// A process with the library in it, not initialised.
    pub(crate) fn start(environment: &[(&str, &str)]) -> Person {
        Person::start_under(&[], environment)
    }

    /// The same, with standard error in a file.
    pub(crate) fn start_with_errors_in(file: &Path, environment: &[(&str, &str)]) -> Person {
        let file = std::fs::File::create(file).unwrap();
        Person::spawn(&[], environment, file.into())
    }

    /// The same with another program in front, such as valgrind.
    pub(crate) fn start_under(front: &[&str], environment: &[(&str, &str)]) -> Person {
        Person::spawn(front, environment, Stdio::inherit())
    }

    fn spawn(front: &[&str], environment: &[(&str, &str)], errors: Stdio) -> Person {
        let program = compiled("person.c").to_str().unwrap().to_owned();
        let line: Vec<&str> = front.iter().copied().chain([program.as_str()]).collect();
        let mut child = Command::new(line[0])
            .args(&line[1..])
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        let (say, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let fields = line.split('\t').map(unescaped).collect();
                if say.send(fields).is_err() {
                    return;
                }
            }
        });
        Person { child, input, said, kept: Vec::new(), calls: 0 }
    }

    /// Initialised and logged in, with every listener set.
    pub(crate) fn logged_in(server: &TestServer, user: &str) -> Person {
        Person::logged_in_at(&server.url(), server, user)
    }

    pub(crate) fn logged_in_at(url: &str, server: &TestServer, user: &str) -> Person {
        let mut person = Person::start(&[("YIDU_SERVER_URL", url)]);
        assert_eq!(person.init(server, "{}"), 0);
        person.listen_to_all();
        person.log_in(server, user).good();
        person
    }

    pub(crate) fn init(&mut self, server: &TestServer, config: &str) -> i64 {
        self.plain("TIMInit", "us", &[&server.app().to_string(), config]).0
    }

    pub(crate) fn listen_to_all(&mut self) {
        for listener in ["messages", "receipts", "revoked", "updated", "kicked", "network", "log"] {
            self.listen(listener, &format!("for {listener}"));
        }
    }

    pub(crate) fn log_in(&mut self, server: &TestServer, user: &str) -> Answer {
        self.call("TIMLogin", "ss", &[user, &server.sig(user)])
    }

    pub(crate) fn listen(&mut self, listener: &str, user_data: &str) {
        self.write(&["listen", listener, user_data]);
        // It is in place when a later command is answered.
        self.memory();
    }

    pub(crate) fn unlisten(&mut self, listener: &str) {
        self.write(&["unlisten", listener]);
        self.memory();
    }

    /// A call that is to be accepted; its answer.
    pub(crate) fn call(&mut self, function: &str, shape: &str, arguments: &[&str]) -> Answer {
        let (tag, returned, _) = self.begin(function, shape, arguments);
        assert_eq!(returned, 0, "{function} {arguments:?}");
        self.answer(&tag)
    }

    /// A call that is not to be accepted; what it returns.
    pub(crate) fn refused(&mut self, function: &str, shape: &str, arguments: &[&str]) -> i64 {
        let (_, returned, _) = self.begin(function, shape, arguments);
        assert_ne!(returned, 0, "{function} {arguments:?}");
        returned
    }

    /// Makes a call; its tag, what it returns, and what it writes to a buffer.
    pub(crate) fn begin(&mut self, function: &str, shape: &str, arguments: &[&str]) -> (String, i64, String) {
        let tag = self.tag();
        self.write(&[&["call", &tag, function, shape], arguments].concat());
        let (returned, buffer) = self.returned(&tag);
        (tag, returned, buffer)
    }

    /// The answer to a call that was begun.
    pub(crate) fn answer(&mut self, tag: &str) -> Answer {
        let line = self.wait(&format!("the answer to {tag}"), |line| line[0] == "answer" && line[1] == tag);
        Answer { code: line[2].parse().unwrap(), desc: line[3].clone(), json: line[4].clone() }
    }

    /// A function without a callback: what it returns, and what it writes to a buffer.
    pub(crate) fn plain(&mut self, function: &str, shape: &str, arguments: &[&str]) -> (i64, String) {
        let tag = self.tag();
        self.write(&[&["plain", &tag, function, shape], arguments].concat());
        self.returned(&tag)
    }

    /// A page of the readers of a group message: members, next_seq, is_finished.
    pub(crate) fn members(
        &mut self,
        message: &Value,
        filter: u32,
        next_seq: u64,
        count: u32,
    ) -> (Vec<Value>, u64, bool) {
        let tag = self.tag();
        let (filter, next_seq, count) = (filter.to_string(), next_seq.to_string(), count.to_string());
        self.write(&["members", &tag, &message.to_string(), &filter, &next_seq, &count]);
        assert_eq!(self.returned(&tag).0, 0);
        let line = self.wait("a page of members", |line| line[0] == "members" && line[1] == tag);
        let members: Vec<Value> = serde_json::from_str(&line[2]).unwrap();
        (members, line[3].parse().unwrap(), line[4] == "1")
    }

    /// A page that is not to be accepted; what the function returns.
    pub(crate) fn members_refused(&mut self, json: &str, filter: &str, count: &str) -> i64 {
        let tag = self.tag();
        self.write(&["members", &tag, json, filter, "0", count]);
        self.returned(&tag).0
    }

    /// Waits for what a listener is told, and picks the line.
    pub(crate) fn told(&mut self, listener: &str, mut pick: impl FnMut(&Line) -> bool) -> Line {
        self.wait(&format!("{listener} to be told"), |line| {
            line[0] == "told" && line[1] == listener && pick(line)
        })
    }

    /// Waits for an item of an array that a listener is told.
    pub(crate) fn told_item(&mut self, listener: &str, mut pick: impl FnMut(&Value) -> bool) -> Value {
        let mut found = None;
        self.told(listener, |line| {
            let items: Vec<Value> = serde_json::from_str(&line[3]).unwrap();
            found = items.into_iter().find(|item| pick(item));
            found.is_some()
        });
        found.unwrap()
    }

    /// Waits for a new message with this text.
    pub(crate) fn hears(&mut self, text: &str) -> Value {
        self.told_item("messages", |message| message["message_elem_array"][0]["text_elem_content"] == text)
    }

    /// The resident bytes of the process.
    pub(crate) fn memory(&mut self) -> i64 {
        let tag = self.tag();
        self.write(&["memory", &tag]);
        self.returned(&tag).0
    }

    /// Calls a function of one text so many times; the median time in nanoseconds on the calling thread.
    pub(crate) fn cost(&mut self, function: &str, times: u32, json: &str) -> i64 {
        let tag = self.tag();
        self.write(&["cost", &tag, function, &times.to_string(), json]);
        let line = self.wait("the cost of a call", |line| line[0] == "returned" && line[1] == tag);
        assert_eq!(line[3], "0", "calls were refused");
        line[2].parse().unwrap()
    }

    /// Everything that was said so far and not yet waited for.
    pub(crate) fn said(&mut self) -> &[Line] {
        self.kept.extend(self.said.try_iter());
        &self.kept
    }

    /// Uninitialises and ends the process, which has to end well.
    pub(crate) fn leave(mut self) {
        assert_eq!(self.plain("TIMUninit", "", &[]).0, 0);
        self.end();
    }

    /// Lets the process end; it has to end well.
    pub(crate) fn end(&mut self) {
        self.input = None;
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(Instant::now() < deadline, "the process does not end");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn tag(&mut self) -> String {
        self.calls += 1;
        format!("call-{}", self.calls)
    }

    fn write(&mut self, fields: &[&str]) {
        assert!(fields.iter().all(|field| !field.contains(['\t', '\n'])), "{fields:?}");
        let mut line = fields.join("\t");
        line.push('\n');
        self.input.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }

    fn returned(&mut self, tag: &str) -> (i64, String) {
        let line = self.wait(&format!("{tag} to return"), |line| line[0] == "returned" && line[1] == tag);
        (line[2].parse().unwrap(), line.get(3).cloned().unwrap_or_default())
    }

    fn wait(&mut self, what: &str, mut pick: impl FnMut(&Line) -> bool) -> Line {
        if let Some(at) = self.kept.iter().position(&mut pick) {
            return self.kept.remove(at);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(left) {
                Ok(line) if pick(&line) => return line,
                Ok(line) => self.kept.push(line),
                Err(error) => panic!("waiting for {what}: {error}; came instead: {:?}", self.kept),
            }
        }
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        // An error says that the process has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unescaped(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('t') => text.push('\t'),
                Some('n') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            (c, false) => text.push(c),
        }
    }
    text
}

/// The folder of the crate.
pub(crate) fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `libImSDK.so`, which cargo builds beside this test.
pub(crate) fn library() -> PathBuf {
    let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let library =
        folder.join(format!("{}ImSDK{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
    assert!(library.exists(), "{} is not there", library.display());
    library
}

/// A C program of `tests/c`, compiled with warnings as errors, once for each test process.
pub(crate) fn compiled(source: &str) -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    static LOCK: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().unwrap());
    let _lock = LOCK.lock();
    let program = folder.path().join(source).with_extension("");
    if !program.exists() {
        compile(&crate_folder().join("tests/c").join(source), &program);
    }
    program
}

/// Compiles a C program against the header and the library.
pub(crate) fn compile(source: &Path, program: &Path) {
    let library = library();
    let folder = library.parent().unwrap();
    let output = Command::new("cc")
        .args(["-std=c99", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-cast-function-type", "-I"])
        .arg(crate_folder().join("include"))
        .arg(source)
        .arg("-L")
        .arg(folder)
        .args(["-lImSDK", "-ldl", "-lpthread", "-o"])
        .arg(program)
        // Before LD_LIBRARY_PATH, in which cargo names a folder where an older build may lie.
        .arg(format!("-Wl,--disable-new-dtags,-rpath,{}", folder.display()))
        .output()
        .expect("these tests need a C compiler called `cc`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
