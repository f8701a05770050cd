use crate::paper::chart::{BarChart, CellRange};
use rust_xlsxwriter::{Chart, ChartFont, ChartSolidFill, ChartType, Color};

/// A chart of the cells of a sheet.
pub(crate) fn drawing(chart: &BarChart<'_>, sheet: &str) -> Chart {
    let kind = if chart.horizontal {
        ChartType::Bar
    } else {
        ChartType::Column
    };
    let mut drawing = Chart::new(kind);
    let range = |((top, left), (bottom, right)): CellRange| (sheet, top, left, bottom, right);
    for series in &chart.series {
        drawing
            .add_series()
            .set_name(series.name)
            .set_categories(range(chart.categories.0))
            .set_values(range(series.cells))
            .set_format(ChartSolidFill::new().set_color(Color::RGB(series.color)))
            .set_gap(60);
    }
    drawing
        .title()
        .set_name(chart.title)
        .set_font(font().set_bold().set_size(12));
    // Of bars the library calls the upright axis y, though it bears the categories.
    if chart.horizontal {
        drawing.y_axis().set_reverse();
    }
    drawing.x_axis().set_font(&font());
    drawing.y_axis().set_font(&font());
    let scale = if chart.horizontal {
        drawing.x_axis()
    } else {
        drawing.y_axis()
    };
    scale.set_min(0.0);
    if let Some(end) = chart.end {
        scale.set_max(end);
    }
    if chart.is_share {
        scale.set_num_format("0%");
    }
    match chart.series.len() {
        1 => drawing.legend().set_hidden(),
        _ => drawing.legend().set_font(&font()),
    };
    drawing
        .set_alt_text(chart.title)
        .set_width(980)
        .set_height(300);
    drawing
}

/// The font of charts.
fn font() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name("Times New Roman").set_size(10);
    font
}
