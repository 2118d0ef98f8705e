//! Where one piece of a text ends and the next begins.

use super::call::{Call, call, is_prompt, prompt};
use super::clock;
use super::section::Section;
use super::tables::{Mark, is_logged, is_noise, mark};

/// Pieces of one input; what follows them all belongs to the last.
const MOST_PIECES: usize = 10_000;

/// Prompts that are told apart in one input.
const MOST_PROMPTS: usize = 16;

/// How the line of `consumerStatus` ends that has no line break.
const UNBROKEN: &str = "in the same group of consumer!!!";

/// How much of JSON is still open.
#[derive(Debug, Clone, Copy)]
struct Open {
    depth: i64,
}

impl Open {
    /// Counts the brackets of a line that stand in no string; a string ends with its line.
    fn line(&mut self, line: &str) {
        let (mut quoted, mut escaped) = (false, false);
        for byte in line.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => self.depth += 1,
                b'}' | b']' if !quoted => self.depth -= 1,
                _ => {}
            }
        }
    }
}

/// A piece while it is read.
#[derive(Default)]
struct Piece<'a> {
    call: Option<Call>,
    lines: Vec<(usize, &'a str)>,
    /// What it is by the first mark in it.
    mark: Option<Mark>,
    /// It has a line that says something.
    begun: bool,
    /// Its JSON has ended.
    closed: bool,
}

/// The walk over the lines of an input.
pub(super) struct Splitting<'a> {
    input: usize,
    name: &'a str,
    /// Beginnings of the prompts that stand before calls.
    prompts: Vec<&'a str>,
    piece: Piece<'a>,
    json: Option<Open>,
    done: Vec<Section<'a>>,
}

impl<'a> Splitting<'a> {
    pub(super) fn new(input: usize, name: &'a str, text: &'a str) -> Self {
        let mut prompts: Vec<&str> = Vec::new();
        for prompt in text.lines().filter(|line| line.contains("mqadmin") && call(line).is_some()).filter_map(prompt) {
            if prompts.len() < MOST_PROMPTS && !prompts.contains(&prompt) {
                prompts.push(prompt);
            }
        }
        Self { input, name, prompts, piece: Piece::default(), json: None, done: Vec::new() }
    }

    /// Takes the next line; `next` is the one behind it.
    pub(super) fn line(&mut self, number: usize, line: &'a str, next: Option<&str>) {
        if let Some(call) = call(line) {
            // `consumerStatus` ends this one without a line break, so that the prompt stands behind it.
            if let Some(end) = line.find(UNBROKEN).filter(|_| line.starts_with("WARN: ")) {
                self.piece.lines.push((number, &line[..end + UNBROKEN.len()]));
            }
            self.cut(Some(call));
            self.piece.lines.push((number, ""));
            return;
        }
        if self.prompts.iter().any(|prompt| is_prompt(line, prompt)) {
            self.cut(None);
            return;
        }
        if let (Some(call), false, Some(at)) = (&mut self.piece.call, self.piece.begun, line.strip_prefix("# at ")) {
            call.at_ms = clock::utc(at.trim());
            self.piece.lines.push((number, ""));
            return;
        }
        let mark = mark(line);
        if let Some(open) = self.json.as_mut().filter(|_| !matches!(mark, Some(Mark::Table(_) | Mark::RunningInfo(_))))
        {
            open.line(line);
            self.piece.closed = open.depth <= 0;
            self.piece.lines.push((number, line));
            self.json = self.json.filter(|open| open.depth > 0);
            return;
        }
        // JSON that a header ends was cut off.
        self.piece.closed |= self.json.take().is_some();
        let says = !line.trim().is_empty() && !is_noise(line);
        if says && self.piece.closed || mark.is_some_and(|mark| self.ends(mark, next)) {
            let call = self.hands_on(mark);
            self.cut(call);
        }
        let in_log = self.piece.mark == Some(Mark::Log);
        if mark == Some(Mark::Json) && !in_log {
            let mut open = Open { depth: 0 };
            open.line(line);
            self.piece.closed = open.depth <= 0;
            self.json = Some(open).filter(|open| open.depth > 0);
        }
        self.take_mark(mark);
        self.piece.begun |= says;
        self.piece.lines.push((number, line));
    }

    /// Whether the piece so far ends before a mark.
    fn ends(&self, mark: Mark, next: Option<&str>) -> bool {
        match self.piece.mark {
            _ if !self.piece.begun => false,
            // What stands before a table is passed over by who reads it; JSON has to stand alone.
            None => mark == Mark::Json,
            // A logger says a line now and then while the tool prints.
            Some(own) if mark == Mark::Log => own != Mark::Log && self.after_blank() && next.is_some_and(is_logged),
            Some(own) => !own.goes_on(mark),
        }
    }

    fn after_blank(&self) -> bool {
        self.piece.lines.last().is_none_or(|(_, line)| line.trim().is_empty())
    }

    /// The call goes on to what was marked first: before it stands only what was not asked for.
    fn hands_on(&mut self, mark: Option<Mark>) -> Option<Call> {
        if self.piece.mark.is_none() && mark.is_some() { self.piece.call.take() } else { None }
    }

    fn take_mark(&mut self, mark: Option<Mark>) {
        match (self.piece.mark, mark) {
            (None, Some(Mark::Log)) if self.piece.call.is_some() => {}
            (None, _) => self.piece.mark = mark,
            (Some(Mark::GetConsumerStatus), Some(mark @ Mark::Table(_))) => self.piece.mark = Some(mark),
            _ => {}
        }
    }

    /// Ends the piece and begins one of a call.
    fn cut(&mut self, call: Option<Call>) {
        if self.done.len() + 1 >= MOST_PIECES {
            return;
        }
        self.json = None;
        let piece = std::mem::replace(&mut self.piece, Piece { call, ..Piece::default() });
        self.keep(piece);
    }

    /// A piece is kept if it says something, or if a call printed nothing.
    fn keep(&mut self, piece: Piece<'a>) {
        if piece.begun || piece.call.is_some() {
            let Piece { call, lines, .. } = piece;
            self.done.push(Section { input: self.input, name: self.name, call, lines });
        }
    }

    pub(super) fn end(mut self) -> Vec<Section<'a>> {
        let piece = std::mem::take(&mut self.piece);
        self.keep(piece);
        self.done
    }
}
