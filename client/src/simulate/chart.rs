//! The curves as SVG: coverage, and hours earned and redeemed.

use std::fmt::Write as _;

use super::Year;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 220;
const LEFT: i64 = 70;
const TOP: i64 = 40;
const GAP: i64 = 90;

/// One curve.
struct Curve {
    name: &'static str,
    colour: &'static str,
    values: Vec<i64>,
}

/// Draws the years. The title is shown above; it must not hold markup.
pub fn chart(title: &str, years: &[Year]) -> String {
    let hours = |of: fn(&Year) -> i64| years.iter().map(|it| of(it) / 60).collect();
    let coverage = Curve {
        name: "coverage of the promise, in percent",
        colour: "#1a5fb4",
        values: years
            .iter()
            .map(|it| it.coverage_percent.unwrap_or(0))
            .collect(),
    };
    let earned = Curve {
        name: "hours earned",
        colour: "#26764b",
        values: hours(|it| it.earned_minutes),
    };
    let redeemed = Curve {
        name: "hours redeemed",
        colour: "#a51d2d",
        values: hours(|it| it.redeemed_minutes),
    };
    let bought = Curve {
        name: "of them bought by the fund",
        colour: "#9a6700",
        values: hours(|it| it.bought_minutes),
    };
    let height = 2 * (HEIGHT + GAP) + TOP;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" \
         font-family=\"sans-serif\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"18\">{title}</text>\n",
        WIDTH + 2 * LEFT
    );
    panel(&mut svg, TOP + 30, &[coverage]);
    panel(
        &mut svg,
        TOP + 30 + HEIGHT + GAP,
        &[earned, redeemed, bought],
    );
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, top: i64, curves: &[Curve]) {
    let highest = curves.iter().flat_map(|curve| &curve.values).copied().max();
    let highest = highest.unwrap_or(0).max(1);
    let bottom = top + HEIGHT;
    let mut line = |text: std::fmt::Arguments<'_>| writeln!(svg, "{text}").expect("a string");
    for part in 0..=4 {
        let (y, value) = (bottom - HEIGHT * part / 4, highest * part / 4);
        line(format_args!(
            "<line x1=\"{LEFT}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>",
            LEFT + WIDTH,
            LEFT - 8,
            y + 5
        ));
    }
    for (number, curve) in (0..).zip(curves) {
        let last = i64::try_from(curve.values.len()).unwrap_or(1).max(2) - 1;
        let points = (0..).zip(&curve.values).map(|(at, value)| {
            let (x, y) = (LEFT + WIDTH * at / last, bottom - HEIGHT * value / highest);
            format!("{x},{y}")
        });
        let (points, colour) = (points.collect::<Vec<_>>().join(" "), curve.colour);
        line(format_args!(
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{points}\"/>"
        ));
        let (x, y) = (LEFT + number * 230, bottom + 44);
        line(format_args!(
            "<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\">{}</text>",
            curve.name
        ));
    }
    let years = curves.first().map_or(0, |curve| curve.values.len());
    line(format_args!(
        "<text x=\"{LEFT}\" y=\"{y}\">year 1</text>\
         <text x=\"{}\" y=\"{y}\" text-anchor=\"end\">year {years}</text>",
        LEFT + WIDTH,
        y = bottom + 22
    ));
}
