//! The table of figures.

use std::time::Duration;

/// Figures as they come in.
pub(super) struct Report {
    only: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    values: Vec<(f64, f64)>,
    unit: Unit,
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    PerSecond,
    Microseconds,
    Factor,
    Mebibytes,
    Milliseconds,
}

impl Report {
    /// A report of the figures whose name contains `only`.
    pub(super) fn new(only: Option<String>) -> Self {
        Self {
            only,
            rows: Vec::new(),
        }
    }

    /// The runs of a figure: none if it was not asked for.
    pub(super) fn runs(&self, name: &str, runs: usize) -> std::ops::Range<usize> {
        let wanted = self
            .only
            .as_ref()
            .is_none_or(|only| name.contains(only.as_str()));
        if wanted {
            eprintln!("measuring {name}");
        }
        0..if wanted { runs } else { 0 }
    }

    /// A limit of the machine, a second.
    pub(super) fn limit(&mut self, name: &str, rate: f64) {
        self.add(name, Unit::PerSecond, rate, rate);
    }

    /// A rate beside its limit of the same run.
    pub(super) fn ratio(&mut self, name: &str, rate: f64, limit: f64) {
        eprintln!("  {rate:.0} of {limit:.0} a second: {:.2}", rate / limit);
        self.add(name, Unit::PerSecond, rate, limit);
    }

    /// Percentiles of calls.
    pub(super) fn latencies(&mut self, name: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let at = |percent: usize| micros(times[(times.len() - 1) * percent / 100]);
        self.add(
            &format!("{name}: p99 beside p50"),
            Unit::Microseconds,
            at(99),
            at(50),
        );
    }

    /// A median latency beside its limit.
    pub(super) fn latency_ratio(&mut self, name: &str, median: Duration, limit: Duration) {
        let (median, limit) = (micros(median), micros(limit));
        eprintln!(
            "  {median:.0} µs beside {limit:.0} µs: {:.2}",
            median / limit
        );
        self.add(name, Unit::Microseconds, median, limit);
    }

    /// Cost of an entry, in signature checks, late beside early.
    pub(super) fn growth(&mut self, name: &str, early: f64, late: f64) {
        self.add(
            &format!("{name}: late cost beside early"),
            Unit::Factor,
            late,
            early,
        );
    }

    /// Memory, late beside early.
    pub(super) fn memory(&mut self, name: &str, early: u64, late: u64) {
        let mib = |bytes: u64| f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0;
        let name = format!("{name}: late memory beside early");
        self.add(&name, Unit::Mebibytes, mib(late), mib(early));
    }

    /// Start-up beside 200 ms.
    pub(super) fn start_up(&mut self, name: &str, time: Duration) {
        let name = format!("{name}: start-up beside 200 ms");
        self.add(&name, Unit::Milliseconds, micros(time) / 1_000.0, 200.0);
    }

    fn add(&mut self, name: &str, unit: Unit, value: f64, limit: f64) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.name == name) {
            row.values.push((value, limit));
        } else {
            let (name, values) = (name.to_owned(), vec![(value, limit)]);
            self.rows.push(Row { name, values, unit });
        }
    }

    /// Prints medians and ratios as a table.
    pub(super) fn print(&self) {
        println!("| figure | median | limit | ratio |");
        println!("|---|---|---|---|");
        for row in &self.rows {
            let value = median_of(row.values.iter().map(|(value, _)| *value).collect());
            let limit = median_of(row.values.iter().map(|(_, limit)| *limit).collect());
            let ratio = median_of(
                row.values
                    .iter()
                    .map(|(value, limit)| value / limit)
                    .collect(),
            );
            let unit = match row.unit {
                Unit::PerSecond => "/s",
                Unit::Microseconds => " µs",
                Unit::Factor => "",
                Unit::Mebibytes => " MiB",
                Unit::Milliseconds => " ms",
            };
            let digits = if row.unit == Unit::Factor { 2 } else { 0 };
            println!(
                "| {} | {value:.digits$}{unit} | {limit:.digits$}{unit} | {ratio:.2} |",
                row.name
            );
        }
    }
}

/// The median of some times.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The median of some numbers.
pub(super) fn median_of(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
