//! A picture of a run: latency of every workload, and CPU per receipt over the size of the group. Axes are logarithmic and
//! begin where the figures do; nothing is smoothed.

use std::fmt::Write;

use super::report::Report;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 180.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;
const COLOURS: [&str; 8] =
    ["#1b6ca8", "#d1495b", "#2e8b57", "#8a5fbf", "#c98b00", "#4a4a4a", "#0097a7", "#a0522d"];

/// A line with its name.
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

/// One chart; both axes logarithmic.
struct Chart {
    title: &'static str,
    across: &'static str,
    lines: Vec<Line>,
    /// What stands under a place of the x axis.
    ticks: Vec<(f64, String)>,
}

pub(super) fn svg(reports: &[Report]) -> String {
    let mut charts = vec![latency(reports)];
    let growth: Vec<&Report> =
        reports.iter().filter(|report| report.workload.starts_with("growth")).collect();
    if !growth.is_empty() {
        charts.push(size(&growth));
    }
    let mut out = String::new();
    let height = HEIGHT * f64::from(u32::try_from(charts.len()).unwrap_or(1));
    let _infallible = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>"#
    );
    let mut top = 0.0;
    for chart in charts.iter().filter(|chart| chart.has_figures()) {
        let _infallible = writeln!(out, r#"<g transform="translate(0 {top})">{}</g>"#, chart.draw());
        top += HEIGHT;
    }
    out.push_str("</svg>\n");
    out
}

/// Milliseconds over 1 / (1 − quantile): 10 is p90, 100 is p99.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn latency(reports: &[Report]) -> Chart {
    let quantiles = [0.0, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];
    let lines = reports.iter().flat_map(|report| {
        [("answer", &report.latency), ("notify", &report.notify)].into_iter().filter_map(
            move |(what, all)| {
                let all = all.as_ref()?;
                let point = |q: &f64| (1.0 / (1.0 - q), all.value_at_quantile(*q).max(1) as f64 / 1e3);
                let name = format!("{} {what}", report.workload);
                Some(Line { name, points: quantiles.iter().map(point).collect() })
            },
        )
    });
    let ticks = [(1.0, "min"), (2.0, "p50"), (10.0, "p90"), (100.0, "p99"), (1_000.0, "p99.9")];
    Chart {
        title: "Latency in ms",
        across: "quantile",
        lines: lines.collect(),
        ticks: ticks.map(|(at, name)| (at, name.to_owned())).to_vec(),
    }
}

fn size(growth: &[&Report]) -> Chart {
    let points = growth.iter().map(|report| (f64::from(report.members), report.cpu_us())).collect();
    Chart {
        title: "Server CPU per receipt in µs, one receipt a request",
        across: "members of the group",
        lines: vec![Line { name: "CPU µs".to_owned(), points }],
        ticks: growth.iter().map(|one| (f64::from(one.members), one.members.to_string())).collect(),
    }
}

impl Chart {
    /// A logarithmic axis has no place for 0, which is what the CPU of a very short run comes to.
    fn has_figures(&self) -> bool {
        self.lines.iter().flat_map(|line| &line.points).any(|point| point.0 > 0.0 && point.1 > 0.0)
    }

    fn draw(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let range = |pick: fn(&(f64, f64)) -> f64| {
            let all = points().map(pick).filter(|value| *value > 0.0);
            all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (x, y) = (range(|point| point.0), range(|point| point.1));
        // Whole decades, so that a small difference looks small.
        let y = (
            10_f64.powf(y.0.log10().floor()),
            10_f64.powf(y.1.log10().ceil().max(y.0.log10().floor() + 1.0)),
        );
        let place = |value: f64, (low, high): (f64, f64), from: f64, to: f64| {
            let share = if high > low { (value.max(low) / low).log10() / (high / low).log10() } else { 0.5 };
            from + share * (to - from)
        };
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let mut out = format!(r#"<text x="{LEFT}" y="24" font-size="15">{}</text>"#, self.title);
        let mut decade = y.0;
        while decade <= y.1 * 1.001 {
            let at = place(decade, y, bottom, TOP);
            let _infallible = write!(
                out,
                r##"<path d="M{LEFT} {at}H{right}" stroke="#ddd"/><text x="{}" y="{}" text-anchor="end">{decade}</text>"##,
                LEFT - 6.0,
                at + 4.0
            );
            decade *= 10.0;
        }
        for (value, name) in &self.ticks {
            let at = place(*value, x, LEFT, right);
            let _infallible = write!(
                out,
                r##"<path d="M{at} {TOP}V{bottom}" stroke="#eee"/><text x="{at}" y="{}" text-anchor="middle">{name}</text>"##,
                bottom + 16.0
            );
        }
        for (line, colour) in self.lines.iter().zip(COLOURS.iter().cycle()) {
            let path: Vec<String> = line
                .points
                .iter()
                .map(|(px, py)| {
                    format!("{:.1},{:.1}", place(*px, x, LEFT, right), place(*py, y, bottom, TOP))
                })
                .collect();
            let _infallible = write!(
                out,
                r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
                path.join(" ")
            );
        }
        for ((line, colour), n) in self.lines.iter().zip(COLOURS.iter().cycle()).zip(0_u32..) {
            let at = TOP + 16.0 * f64::from(n + 1);
            let _infallible =
                write!(out, r#"<text x="{}" y="{at}" fill="{colour}">{}</text>"#, right + 10.0, line.name);
        }
        let _infallible = write!(
            out,
            r#"<text x="{}" y="{}" text-anchor="middle">{}</text>"#,
            (LEFT + right) / 2.0,
            HEIGHT - 14.0,
            self.across
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Chart, Line};

    #[test]
    fn a_run_too_short_to_have_cost_anything_is_not_drawn() {
        let chart = |cpu: f64| Chart {
            title: "",
            across: "",
            lines: vec![Line { name: String::new(), points: vec![(50.0, cpu)] }],
            ticks: Vec::new(),
        };
        assert!(!chart(0.0).has_figures());
        assert!(chart(0.1).has_figures() && chart(0.1).draw().contains("polyline"));
    }
}
