//! One call of `mqadmin`, with an end.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The most that is kept of an output.
const MOST_BYTES: u64 = 32 << 20;
/// How often it is looked whether a call has ended.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, with this exit code; `None`: by a signal.
    Exited(Option<i32>),
    /// It was ended after its time.
    TimedOut,
}

/// What a call said.
#[derive(Debug)]
pub(super) struct Said {
    pub stdout: String,
    pub stderr: String,
    pub end: End,
}

impl Said {
    /// Why it is no answer; `mqadmin` ends with 0 after an exception, too.
    pub fn failure(&self) -> Option<String> {
        let first = || {
            let lines = self.stderr.lines().chain(self.stdout.lines()).map(str::trim);
            let told =
                lines.filter(|line| !line.is_empty()).find(|line| line.contains("Exception") || line.contains("rror"));
            told.unwrap_or("it says nothing").chars().take(200).collect::<String>()
        };
        match self.end {
            End::TimedOut => Some("no answer in its time".to_owned()),
            End::Exited(Some(0)) if self.stdout.trim().is_empty() => Some(first()),
            End::Exited(Some(0)) => None,
            End::Exited(Some(code)) => Some(format!("exit {code}: {}", first())),
            End::Exited(None) => Some("a signal ended it".to_owned()),
        }
    }
}

/// Calls a program in a folder where it may write what it likes, and waits for so long.
///
/// # Errors
/// It cannot be started.
pub(super) fn call(program: &[String], words: &[String], folder: &Path, timeout: Duration) -> io::Result<Said> {
    let (name, first) = program.split_first().ok_or_else(|| io::Error::other("no program is named"))?;
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    let mut command = Command::new(name);
    command.args(first).args(words).current_dir(folder);
    // Into files: a pipe that nobody empties would hold it up.
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    // A group of its own: Ctrl-C is ours, and a script ends together with the JVM that it started.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let begun = Instant::now();
    let end = loop {
        if let Some(status) = child.try_wait()? {
            break End::Exited(status.code());
        }
        if begun.elapsed() >= timeout {
            end_all(&mut child);
            break End::TimedOut;
        }
        std::thread::sleep(LOOKS_EVERY);
    };
    Ok(Said { stdout: text(&out)?, stderr: text(&err)?, end })
}

/// Ends a process with what it has started.
fn end_all(child: &mut Child) {
    #[cfg(unix)]
    rustix::process::kill_process_group(rustix::process::Pid::from_child(child), rustix::process::Signal::KILL).ok();
    child.kill().ok();
    child.wait().ok();
}

fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
