//! A browser that is told what to do over the Chrome DevTools Protocol, through two pipes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Where this is set, a test that finds no browser fails.
const REQUIRED: &str = "REBALANCE_SIM_NEEDS_A_BROWSER";

/// A browser without a window, and one page of it.
pub struct Browser {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    calls: u64,
    session: Option<String>,
    /// What it said beside its answers.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

/// Looks for a browser; none is said, and no failure where nobody insists on one.
fn program() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = std::env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = found.into_iter().find(|path| path.is_file());
    if found.is_none() {
        let said = "skipped: a page is looked at in a headless browser, and there is no `chromium` in PATH (Debian: apt-get install chromium)";
        assert!(std::env::var_os(REQUIRED).is_none(), "{said}");
        eprintln!("{said}");
    }
    found
}

impl Browser {
    /// Opens one as wide as this, in light or dark colours; `None` where there is none.
    pub fn open(width: u32, scheme: &str) -> Option<Self> {
        let program = program()?;
        let profile = tempfile::tempdir().expect("a temporary directory");
        // The protocol is spoken on the descriptors 3 and 4, which only a shell can give without `unsafe`.
        let command = "exec \"$0\" --headless=new --no-sandbox --disable-gpu --remote-debugging-pipe --user-data-dir=\"$1\" \
                       about:blank 3<&0 4>&1 </dev/null >/dev/null 2>&1";
        let mut child = Command::new("sh")
            .args(["-c", command])
            .args([program.as_path(), profile.path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("it is piped"));
        let (said, heard) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0) {
                let message = message.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
                if message.is_none_or(|message| said.send(message).is_err()) {
                    return;
                }
            }
        });
        let (calls, session, events) = (0, None, Vec::new());
        let mut browser = Self { child, input, output: heard, calls, session, events, _profile: profile };
        browser.attach(width, scheme);
        Some(browser)
    }

    fn attach(&mut self, width: u32, scheme: &str) {
        let targets = self.call("Target.getTargets", json!({}));
        let targets = targets["targetInfos"].as_array().expect("a list").iter();
        let page = targets.into_iter().find(|target| target["type"] == "page").expect("a page is open");
        let attached = self.call("Target.attachToTarget", json!({"targetId": page["targetId"], "flatten": true}));
        self.session = Some(attached["sessionId"].as_str().expect("a session").to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        let size = json!({"width": width, "height": 1_000, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", scheme);
    }

    fn next(&mut self) -> Value {
        // Whatever happens, a test ends: this is no bound on what a page may take.
        self.output.recv_timeout(Duration::from_secs(300)).expect("the browser answers")
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let input = self.input.as_mut().expect("it is open");
        input.write_all(format!("{message}\0").as_bytes()).and_then(|()| input.flush()).expect("the browser listens");
        loop {
            let mut answer = self.next();
            if answer["id"] == json!(self.calls) {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    /// Opens a file and waits until it is there.
    pub fn visit(&mut self, file: &Path) {
        self.call("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next();
            self.events.push(event);
        }
    }

    /// What a script on the page answers.
    pub fn ask(&mut self, script: &str) -> Value {
        let script = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", script);
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].take()
    }

    /// The mouse itself, as the system would report it.
    pub fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", event);
    }

    /// A key of the keyboard, by the name that pages know it by.
    pub fn press(&mut self, key: &str) {
        let codes = [
            ("Enter", 13),
            ("Escape", 27),
            ("Tab", 9),
            ("ArrowLeft", 37),
            ("ArrowUp", 38),
            ("ArrowRight", 39),
            ("ArrowDown", 40),
        ];
        let code = codes.iter().find(|(name, _)| *name == key).map_or(0, |(_, code)| *code);
        let text = if key == "Enter" { "\r" } else { key };
        let typed = if key == "Enter" || key.chars().count() == 1 { json!(text) } else { json!("") };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { typed.clone() } else { json!("") };
            let event = json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", event);
        }
        self.ask("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))");
    }

    /// Errors of scripts, what the console was told of as an error, and addresses that were asked for beside the file.
    pub fn complaints(&self) -> Vec<String> {
        let complaint = |event: &Value| match event["method"].as_str()? {
            "Runtime.exceptionThrown" => Some(event["params"]["exceptionDetails"].to_string()),
            "Log.entryAdded" if event["params"]["entry"]["level"] == "error" => Some(event["params"].to_string()),
            "Runtime.consoleAPICalled" if event["params"]["type"] == "error" => Some(event["params"].to_string()),
            "Network.requestWillBeSent" => {
                let address = event["params"]["request"]["url"].as_str()?;
                let own = address.starts_with("file://") || address.starts_with("data:");
                (!own).then(|| format!("asked for {address}"))
            }
            _ => None,
        };
        self.events.iter().filter_map(complaint).collect()
    }
}

impl Drop for Browser {
    /// Ends it as one who closes it would; only one that does not listen is killed.
    fn drop(&mut self) {
        self.session = None;
        drop(self.input.take());
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
