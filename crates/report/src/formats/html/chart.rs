use crate::paper::chart::BarChart;
use maud::{Markup, html};

/// A chart as a picture, with its title for who cannot see it.
pub(crate) fn drawing(chart: &BarChart<'_>) -> Markup {
    if chart.horizontal {
        horizontal(chart)
    } else {
        upright(chart)
    }
}

/// Bars from left to right, each below its category.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn horizontal(chart: &BarChart<'_>) -> Markup {
    let Some(series) = chart.series.first() else {
        return html! {};
    };
    let end = chart
        .end
        .unwrap_or_else(|| series.values.iter().copied().fold(1.0, f64::max));
    let bars: Vec<(usize, &str, f64, String)> = chart
        .categories
        .1
        .iter()
        .zip(&series.values)
        .enumerate()
        .map(|(at, (name, value))| {
            let shown = if chart.is_share {
                format!("{:.0}%", value * 100.0)
            } else {
                format!("{value:.0}")
            };
            (at * 44, *name, (value / end).clamp(0.0, 1.0) * 720.0, shown)
        })
        .collect();
    let color = format!("#{:06x}", series.color);
    html! {
        svg role="img" aria-label=(chart.title) viewBox={ "0 0 800 " (bars.len() * 44) } {
            @for (top, name, length, shown) in bars {
                text x="0" y=(top + 14) font-size="14" { (name) }
                rect x="0" y=(top + 20) width=(format!("{length:.1}")) height="14" fill=(color) {}
                text x=(format!("{:.1}", length + 6.0)) y=(top + 32) font-size="14" { (shown) }
            }
        }
    }
}

/// Columns that stand next to each other over their categories.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn upright(chart: &BarChart<'_>) -> Markup {
    let most = chart
        .series
        .iter()
        .flat_map(|series| series.values.iter().copied())
        .fold(1.0, f64::max);
    // The picture is 800 wide; ten stay free on both sides.
    let step = 780.0 / chart.categories.1.len().max(1) as f64;
    let width = step * 0.7 / chart.series.len().max(1) as f64;
    let mut shapes = Vec::new();
    for (of, series) in chart.series.iter().enumerate() {
        for (at, value) in series.values.iter().enumerate() {
            let height = value / most * 200.0;
            let left = 10.0 + at as f64 * step + of as f64 * width;
            shapes.push((
                left,
                225.0 - height,
                height,
                format!("#{:06x}", series.color),
                format!("{value:.0}"),
            ));
        }
    }
    html! {
        svg role="img" aria-label=(chart.title) viewBox="0 0 800 285" {
            @for (left, top, height, color, shown) in shapes {
                rect x=(format!("{left:.1}")) y=(format!("{top:.1}")) width=(format!("{width:.1}"))
                    height=(format!("{height:.1}")) fill=(color) {}
                text x=(format!("{:.1}", left + width / 2.0)) y=(format!("{:.1}", top - 4.0)) font-size="13"
                    text-anchor="middle" { (shown) }
            }
            @for (at, name) in chart.categories.1.iter().enumerate() {
                text x=(format!("{:.1}", 10.0 + (at as f64 + 0.35) * step)) y="245" font-size="14" text-anchor="middle" { (name) }
            }
            @for (at, series) in chart.series.iter().enumerate() {
                rect x=(10 + at * 200) y="262" width="14" height="14" fill=(format!("#{:06x}", series.color)) {}
                text x=(30 + at * 200) y="274" font-size="14" { (series.name) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::drawing;
    use crate::paper::chart::{BarChart, BarSeries};

    fn chart(horizontal: bool, values: &[f64]) -> String {
        let cells = ((4, 1), (5, 1));
        let series = |name, color| BarSeries {
            name,
            cells,
            values: values.to_vec(),
            color,
        };
        let drawn = drawing(&BarChart {
            title: "Tỷ lệ",
            horizontal,
            categories: (cells, vec!["Chuyên gia", "Câu lạc bộ"]),
            series: vec![series("Trong năm", 0x3A_5A_78)],
            end: horizontal.then_some(1.2),
            is_share: horizontal,
        });
        drawn.into_string().replace("><", ">\n<")
    }

    #[test]
    fn a_horizontal_bar_ends_at_the_scale_and_says_its_share() {
        insta::assert_snapshot!(chart(true, &[0.6, 3.0]), @r##"
        <svg role="img" aria-label="Tỷ lệ" viewBox="0 0 800 88">
        <text x="0" y="14" font-size="14">Chuyên gia</text>
        <rect x="0" y="20" width="360.0" height="14" fill="#3a5a78">
        </rect>
        <text x="366.0" y="32" font-size="14">60%</text>
        <text x="0" y="58" font-size="14">Câu lạc bộ</text>
        <rect x="0" y="64" width="720.0" height="14" fill="#3a5a78">
        </rect>
        <text x="726.0" y="76" font-size="14">300%</text>
        </svg>
        "##);
    }

    #[test]
    fn upright_bars_stand_on_one_line() {
        insta::assert_snapshot!(chart(false, &[5.0, 10.0]), @r##"
        <svg role="img" aria-label="Tỷ lệ" viewBox="0 0 800 285">
        <rect x="10.0" y="125.0" width="273.0" height="100.0" fill="#3a5a78">
        </rect>
        <text x="146.5" y="121.0" font-size="13" text-anchor="middle">5</text>
        <rect x="400.0" y="25.0" width="273.0" height="200.0" fill="#3a5a78">
        </rect>
        <text x="536.5" y="21.0" font-size="13" text-anchor="middle">10</text>
        <text x="146.5" y="245" font-size="14" text-anchor="middle">Chuyên gia</text>
        <text x="536.5" y="245" font-size="14" text-anchor="middle">Câu lạc bộ</text>
        <rect x="10" y="262" width="14" height="14" fill="#3a5a78">
        </rect>
        <text x="30" y="274" font-size="14">Trong năm</text>
        </svg>
        "##);
    }
}
