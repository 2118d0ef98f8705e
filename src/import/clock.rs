//! Times as texts write them, as milliseconds since 1970.

/// Days of a proleptic Gregorian date since 1970-01-01; the month is 1 to 12, the day 1 to 31.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Milliseconds since 1970 of the year, month, day, hour, minute, second and millisecond of one clock; `None` where one
/// of them is out of its range. Of which zone that clock is it does not know.
#[must_use]
pub fn millis([year, month, day, hour, minute, second, milli]: [i64; 7]) -> Option<i64> {
    let ranges = [
        (year, 0, 9999),
        (month, 1, 12),
        (day, 1, 31),
        (hour, 0, 23),
        (minute, 0, 59),
        (second, 0, 60),
        (milli, 0, 999),
    ];
    let right = ranges.iter().all(|(value, least, most)| (least..=most).contains(&value));
    right.then(|| (((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli)
}

/// Reads `2026-11-28T02:00:00.000Z`, with or without a fraction.
#[must_use]
pub fn utc(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let fraction = format!("{fraction:0<3}");
    let milli = fraction.get(..3)?;
    let mut parts = [0; 7];
    let texts: Vec<&str> = date.split('-').chain(time.split(':')).chain([milli]).collect();
    if texts.len() != parts.len() {
        return None;
    }
    for (part, text) in parts.iter_mut().zip(texts) {
        *part = digits(text)?;
    }
    millis(parts)
}

/// Reads `20261128020000123` (`UtilAll.timeMillisToHumanString`), of the clock and zone of who printed it.
#[must_use]
pub fn compact(text: &str) -> Option<i64> {
    if text.len() != 17 {
        return None;
    }
    let part = |from: usize, to: usize| digits(text.get(from..to)?);
    millis([part(0, 4)?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, part(14, 17)?])
}

/// A number without a sign, which `parse` alone would take.
fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00.5Z", Some(951_825_600_500)),
            ("2026-11-28T02:00:00.000Z", Some(1_795_831_200_000)),
            ("2026-13-28T02:00:00.000Z", None),
            ("2026-11-28T02:00:+1Z", None),
            ("2026-11-28 02:00:00", None),
            ("2026-11-28T02:00Z", None),
        ] {
            assert_eq!(utc(text), expected, "{text}");
        }
        assert_eq!(compact("20261128020000123"), Some(1_795_831_200_123));
        assert_eq!((compact("2026112802000012"), compact("2026112802000012x")), (None, None));
    }
}
