//! When a line of a log was written.

/// A time may stand behind what a collector of logs writes before each line: its own time, a stream, the name of a pod.
const MOST_BEFORE: usize = 120;

/// The milliseconds since 1970 of the log's own clock, as if its zone were UTC, and what stands behind the time; `None`: the
/// line has no time, such as one of a stack trace. A time is `2024-10-16 20:40:50,976`, with `.` or `,` before the
/// milliseconds (`rmq.client.logback.xml`, `ClientLogger`), or without them (`rmq.broker.logback.xml`).
pub(super) fn stamped(line: &str) -> Option<(i64, &str)> {
    let starts = line.char_indices().map(|(at, _)| at).take_while(|at| *at <= MOST_BEFORE);
    starts.into_iter().find_map(|at| time_at(&line[at..]))
}

/// The time that a text begins with.
fn time_at(text: &str) -> Option<(i64, &str)> {
    const SHAPE: &str = "dddd-dd-dd dd:dd:dd";
    const MILLISECONDS: &str = ".ddd";
    let fits = |bytes: &[u8], shape: &str| {
        bytes.len() >= shape.len()
            && bytes.iter().zip(shape.bytes()).all(|(byte, shape)| match shape {
                b'd' => byte.is_ascii_digit(),
                b'.' => [b'.', b','].contains(byte),
                other => *byte == other,
            })
    };
    if !fits(text.as_bytes(), SHAPE) {
        return None;
    }
    let exact = fits(&text.as_bytes()[SHAPE.len()..], MILLISECONDS);
    let end = SHAPE.len() + if exact { MILLISECONDS.len() } else { 0 };
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().expect("digits only");
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    let milli = if exact { number(20, 23) } else { 0 };
    let allowed = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    allowed.then_some((seconds * 1000 + milli, &text[end..]))
}

/// Days from 1970-01-01 of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // A year that begins in March has its leap day at its end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_stands_at_the_beginning_or_behind_a_collectors_words() {
        for (line, expected) in [
            ("1970-01-01 00:00:00,000 x", Some((0, " x"))),
            ("2024-10-16 20:40:50,976 INFO [R] - x", Some((1_729_111_250_976, " INFO [R] - x"))),
            ("2024-02-29 00:00:00.001", Some((1_709_164_800_001, ""))),
            ("\u{1b}[33m2000-01-01 00:00:01,000\u{1b}[0m INFO", Some((946_684_801_000, "\u{1b}[0m INFO"))),
            ("2024-10-16T20:40:51Z stdout F 1970-01-02 00:00:00,000 x", Some((86_400_000, " x"))),
            ("2024-13-16 20:40:50,976", None),
            ("2024-10-16 20:40:50 WARN x", Some((1_729_111_250_000, " WARN x"))),
            ("2024-10-16 20:40", None),
            ("    at java.lang.Thread.run(Thread.java:748)", None),
            ("é2024-10-16 20:40:5", None),
            ("1970-01-01 00:00:00,0é", Some((0, ",0é"))),
        ] {
            assert_eq!(stamped(line), expected, "{line}");
        }
    }
}
