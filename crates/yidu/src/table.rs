//! Tables for people: columns as wide as their widest cell, also where characters are two columns wide.

use unicode_width::UnicodeWidthStr;

/// Between two columns.
const GAP: &str = "  ";

/// Lines of a table with a line of names. What users wrote cannot steer the terminal.
pub(crate) fn table<const N: usize>(names: [&str; N], rows: &[[String; N]]) -> String {
    let clean =
        |cell: &str| cell.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>();
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| clean(cell))).collect();
    let names = names.map(str::to_owned);
    let mut widths = names.each_ref().map(|name| name.width());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cell = |(cell, width): (&String, usize)| format!("{cell}{}", " ".repeat(width - cell.width()));
        let cells: Vec<String> = row.iter().zip(widths).map(cell).collect();
        cells.join(GAP).trim_end().to_owned()
    };
    std::iter::once(&names).chain(&rows).map(line).collect::<Vec<_>>().join("\n")
}

/// A time of the server's clock, in UTC; empty for none.
pub(crate) fn time(ms: Option<u64>) -> String {
    let time =
        ms.and_then(|ms| i64::try_from(ms).ok()).and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.map(|time| format!("{time:.3}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{table, time};

    #[test]
    fn columns_line_up_in_every_script() {
        let rows =
            [["王小明".to_owned(), "read".to_owned()], ["bo\u{1b}[2J".to_owned(), "unread".to_owned()]];
        assert_eq!(table(["user", "state"], &rows), "user    state\n王小明  read\nbo\u{fffd}[2J  unread");
    }

    #[test]
    fn times_are_told_in_utc_with_milliseconds() {
        assert_eq!(time(Some(1_764_037_311_204)), "2025-11-25T02:21:51.204Z");
        assert_eq!(time(None), "");
    }
}
