//! Every kind of picture is rendered in both formats, has its labels, and no panel of it is empty.

use std::fs;
use std::path::PathBuf;

use downhill::plot::{Chart, Grid, Panels, Scene};
use downhill::prelude::*;
use downhill::problems;
use ndarray::{Array2, array};

fn banana([x, y]: [Var; 2]) -> Var {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

fn walk() -> Outcome {
    minimize(banana, [-1.9, -0.9]).method(GradientDescent::new(1e-3)).keep_path(true).keep_history(true).run()
}

/// A file of its own in the folder for passing files.
fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("downhill_{}_{name}", std::process::id()))
}

/// The value of an attribute.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let from = tag.find(&format!(" {name}=\"")).map(|at| at + name.len() + 3)?;
    Some(&tag[from..from + tag[from..].find('"')?])
}

/// All marks other than text.
fn tags(svg: &str) -> impl Iterator<Item = &str> {
    svg.split('<').filter(|tag| tag.starts_with("poly") || tag.starts_with("circle"))
}

/// The corners of a mark, in tenths of pixels.
fn corners(tag: &str) -> Vec<(f64, f64)> {
    let number = |name: &str| value(tag, name).unwrap().parse().unwrap();
    let pair = |text: &str| text.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()));
    match value(tag, "points") {
        Some(points) => points.split_whitespace().filter_map(pair).collect(),
        None => vec![(number("cx"), number("cy"))],
    }
}

/// The corners of all marks other than text, in the order of the file.
fn marks(svg: &str) -> Vec<Vec<(f64, f64)>> {
    tags(svg).map(corners).collect()
}

/// Which part of the middle of the rectangle has a colour, by the marks there: the frame and its grid are grey.
fn painted(svg: &str, left: f64, top: f64, width: f64, height: f64) -> f64 {
    const N: usize = 60;
    let at = |from: f64, length: f64, k: usize| {
        10.0 * (from + length * (0.25 + 0.6 * (k as f64 + 0.5) / N as f64))
    };
    let colored = |tag: &&str| {
        let color = value(tag, "fill").filter(|fill| *fill != "none").or(value(tag, "stroke")).unwrap();
        let part = |from: usize| i32::from_str_radix(&color[from..from + 2], 16).unwrap();
        let parts = [1, 3, 5].map(part);
        parts.iter().max().unwrap() - parts.iter().min().unwrap() > 20
    };
    let mut hit = vec![false; N * N];
    for tag in tags(svg).filter(colored) {
        let spots = corners(tag);
        let within = |x: f64, y: f64| {
            let sides = (0..spots.len()).map(|k| (spots[k], spots[(k + 1) % spots.len()]));
            if tag.starts_with("polygon") {
                let crossed = |&((ax, ay), (bx, by)): &((f64, f64), (f64, f64))| {
                    (ay > y) != (by > y) && x < ax + (bx - ax) * (y - ay) / (by - ay)
                };
                return sides.filter(crossed).count() % 2 == 1;
            }
            // Lines and discs: within two pixels of a corner.
            spots.iter().any(|spot| (spot.0 - x).hypot(spot.1 - y) < 20.0)
        };
        let reach = |axis: fn(&(f64, f64)) -> f64| {
            let low = spots.iter().map(axis).fold(f64::INFINITY, f64::min) - 20.0;
            low..=spots.iter().map(axis).fold(f64::NEG_INFINITY, f64::max) + 20.0
        };
        let (across, down) = (reach(|spot| spot.0), reach(|spot| spot.1));
        for (k, hit) in hit.iter_mut().enumerate().filter(|(_, hit)| !**hit) {
            let (x, y) = (at(left, width, k % N), at(top, height, k / N));
            *hit = across.contains(&x) && down.contains(&y) && within(x, y);
        }
    }
    hit.iter().filter(|hit| **hit).count() as f64 / (N * N) as f64
}

/// How many corners of marks lie in the inner part of the rectangle, in pixels.
fn inside(svg: &str, left: f64, top: f64, width: f64, height: f64) -> usize {
    let within = |&(x, y): &(f64, f64)| {
        (0.25..0.85).contains(&((x / 10.0 - left) / width))
            && (0.25..0.85).contains(&((y / 10.0 - top) / height))
    };
    marks(svg).iter().flatten().filter(|spot| within(spot)).count()
}

/// Width and height of a PNG, by its header.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

/// Saves a picture of `width` by `height` in both formats and returns the SVG, which has all `labels`.
fn check(
    name: &str,
    (width, height): (u32, u32),
    save: impl Fn(&PathBuf) -> Result<(), downhill::error::Error>,
    labels: &[&str],
) -> String {
    let (svg, png) = (file(&format!("{name}.svg")), file(&format!("{name}.png")));
    save(&svg).unwrap();
    save(&png).unwrap();
    let (text, bytes) = (fs::read_to_string(&svg).unwrap(), fs::read(&png).unwrap());
    fs::remove_file(svg).unwrap();
    fs::remove_file(png).unwrap();

    assert!(text.starts_with(&format!("<svg width=\"{width}\" height=\"{height}\"")), "{}", &text[..80]);
    assert!(!text.contains("NaN") && !text.contains("inf"), "{name} has marks that are nowhere");
    for label in labels {
        assert!(text.lines().any(|line| line.trim() == *label), "{name} lacks the label {label:?}");
    }
    let (across, down) = (10.0 * f64::from(width), 10.0 * f64::from(height));
    for (x, y) in marks(&text).into_iter().flatten() {
        assert!((0.0..=across).contains(&x) && (0.0..=down).contains(&y), "{name}: a mark at ({x}, {y})");
    }
    assert_eq!(png_size(&bytes), (2 * width, 2 * height));
    assert!(bytes.len() > 5_000, "{name}.png of {} bytes is nearly empty", bytes.len());
    text
}

#[test]
fn a_walk_is_drawn_over_the_contours_of_its_function() {
    let walk = walk();
    let chart = walk.plot().contours(banana).title("Down the banana");
    let svg = check("walk", (640, 440), |file| chart.save(file), &["Down the banana", "x", "y", "−1.0", "1"]);
    assert!(inside(&svg, 0.0, 0.0, 640.0, 440.0) > 500);
    assert!(painted(&svg, 0.0, 0.0, 640.0, 440.0) > 0.99);
    // Contours are a few long paths: cell by cell they took 1.6 MB.
    assert!(svg.len() < 150_000, "the picture takes {} bytes", svg.len());
}

#[test]
fn a_field_of_arrows_has_a_curve_and_a_point_on_it() {
    let chart = Chart::new("Field")
        .x_range(-2.0..=2.0)
        .y_range(-1.0..=3.0)
        .descent_field(banana)
        .curve("y = x²", |x| x * x)
        .points("minimum", [[1.0, 1.0]]);
    let svg =
        check("field", (640, 440), |file| chart.save(file), &["Field", "y = x²", "minimum", "−2.0", "0"]);
    // A shaft and a head for each arrow.
    assert!(inside(&svg, 0.0, 0.0, 640.0, 440.0) > 100);
    assert!(painted(&svg, 0.0, 0.0, 640.0, 440.0) > 0.02);
}

#[test]
fn costs_stand_on_even_and_on_logarithmic_axes_with_a_legend() {
    let history = walk().history;
    let costs = |title| {
        let chart = Chart::new(title).x_name("step").y_name("cost");
        chart.history("banana", &history).line("a line", [[0.0, 1.0], [9_000.0, 100.0], [18_000.0, 1.0]])
    };
    let even =
        check("even", (640, 440), |file| costs("Even").save(file), &["step", "cost", "banana", "10,000"]);
    let log = check("log", (640, 440), |file| costs("Log").log_y().save(file), &["Log", "10⁻⁴", "100"]);
    // The line rises to the middle and falls: on the logarithmic axis it shows above the bottom.
    assert_ne!(marks(&even), marks(&log));
}

#[test]
fn histories_with_zeros_and_infinities_are_drawn_without_them() {
    let values = [1.0, 0.0, f64::INFINITY, 2.0, 4.0, f64::NAN, 1e300];
    let chart = Chart::new("Gaps").log_y().history("wild", &values);
    check("gaps", (640, 440), |file| chart.save(file), &["wild"]);
    check("none", (640, 440), |file| Chart::new("Nothing").history("", &[]).save(file), &["Nothing"]);
}

#[test]
fn points_have_fitted_lines_and_markup_in_names_is_harmless() {
    let points = (0..20).map(|k| [f64::from(k), 2.0 + f64::from(k) + f64::from(k % 3)]);
    let chart = Chart::new("a < b & c").points("measured", points).dashed_curve("fit", |x| 3.0 + x);
    let svg = check("fit", (640, 440), |file| chart.save(file), &["a &lt; b &amp; c", "measured", "fit"]);
    assert!(inside(&svg, 0.0, 0.0, 640.0, 440.0) > 10);
}

#[test]
fn a_surface_has_contours_on_its_floor_and_a_walk_on_it() {
    let walk = walk();
    let scene = |floor| {
        let scene = Scene::new("Banana").names("x", "y", "f").x_range(-2.0..=2.0).y_range(-1.0..=3.0);
        scene.surface(problems::banana::<Var>).walk("descent", &walk).floor(floor)
    };
    let with = check(
        "surface",
        (640, 480),
        |file| scene(true).save(file),
        &["Banana", "descent", "f", "2,000", "−1"],
    );
    let without = check("no_floor", (640, 480), |file| scene(false).save(file), &["Banana"]);
    assert!(inside(&with, 0.0, 0.0, 640.0, 480.0) > 2_000);
    assert!(painted(&with, 0.0, 0.0, 640.0, 480.0) > 0.4);
    assert!(with.len() < 500_000, "the picture takes {} bytes", with.len());
    let corners = |svg: &str| marks(svg).iter().map(Vec::len).sum::<usize>();
    assert!(corners(&with) > corners(&without) + 100);
}

#[test]
fn planes_have_normals_and_a_hill_its_tangent_plane() {
    let hill = |x: f64, y: f64| 20.0 - 0.02 * x * x - 0.02 * y * y;
    let scene = Scene::new("Tangent")
        .x_range(-40.0..=40.0)
        .y_range(-40.0..=40.0)
        .surface(hill)
        .plane("touches", [20.0, 5.0, 11.5], [0.8, 0.2, 1.0])
        .arrow("normal", [20.0, 5.0, 11.5], [28.0, 7.0, 21.5])
        .path("an edge", [[-40.0, -40.0, 0.0], [40.0, -40.0, 0.0]]);
    let svg = check("tangent", (640, 480), |file| scene.save(file), &["touches", "normal", "an edge", "z"]);
    assert!(inside(&svg, 0.0, 0.0, 640.0, 480.0) > 1_000);
    assert!(painted(&svg, 0.0, 0.0, 640.0, 480.0) > 0.5);
}

/// The colours of the cells of a grid, in the order of its rows.
fn cells(svg: &str) -> Vec<&str> {
    tags(svg).filter(|tag| tag.starts_with("polygon")).map(|tag| value(tag, "fill").unwrap()).collect()
}

#[test]
fn a_matrix_has_a_cell_for_each_number_with_names_around() {
    let counts = array![[9.0, 1.0, 0.0], [2.0, 4.0, 9.0]];
    let grid = || {
        let grid = Grid::new("Counts", &counts).rows(["up", "down"]).columns(7..10);
        grid.x_name("read as").y_name("is").values(|count| format!("n{count}"))
    };
    let labels = ["Counts", "up", "down", "7", "8", "9", "read as", "is", "n9", "n1", "n0", "n2", "n4"];
    let svg = check("counts", (480, 480), |file| grid().save(file), &labels);
    let colors = cells(&svg);
    assert_eq!(colors.len(), 6);
    // Equal numbers have one colour, greater ones a darker.
    assert_eq!(colors[0], colors[5]);
    let light = |k: usize| i32::from_str_radix(&colors[k][3..5], 16).unwrap();
    assert!([2, 1, 3, 4, 0].windows(2).all(|pair| light(pair[0]) > light(pair[1])), "{colors:?}");
    assert!(painted(&svg, 60.0, 40.0, 400.0, 260.0) > 0.5);

    // Spaced by roots, 1 is as far from 0 as 4 is from 1, and darker than it was.
    let roots = check("roots", (480, 480), |file| grid().shade(f64::sqrt).save(file), &labels);
    assert_eq!([0, 2].map(|k| cells(&roots)[k]), [0, 2].map(|k| colors[k]));
    assert!(cells(&roots)[1] < colors[1]);
}

#[test]
fn the_cells_of_a_matrix_are_square_and_the_first_row_is_on_top() {
    let steps = Array2::from_shape_fn((4, 8), |(row, column)| (8 * row + column) as f64);
    let svg = check(
        "steps",
        (300, 400),
        |file| Grid::new("Steps", steps.view()).grey().size(300.0, 400.0).save(file),
        &["Steps"],
    );
    let polygons: Vec<_> = tags(&svg).filter(|tag| tag.starts_with("polygon")).map(corners).collect();
    let [first, second, below] = [0, 1, 8].map(|k| polygons[k][0]);
    let (across, down) = (second.0 - first.0, below.1 - first.1);
    assert!((across - 340.0).abs() <= 1.0 && (down - 340.0).abs() <= 1.0, "{across} by {down}");
    assert_eq!((cells(&svg)[0], cells(&svg)[31]), ("#FFFFFF", "#000000"));
}

#[test]
fn cells_without_a_finite_number_stay_white_and_ranges_cut_off() {
    let wild = array![[f64::NAN, 0.0], [5.0, f64::INFINITY]];
    let grid = Grid::new("Wild", &wild).grey().range(1.0..=3.0).values(|v| format!("{v}"));
    let svg = check("wild", (480, 480), |file| grid.save(file), &["0", "5"]);
    assert_eq!(cells(&svg), ["#FFFFFF", "#FFFFFF", "#000000", "#FFFFFF"]);
    let even = check("one", (480, 480), |file| Grid::new("Even", &array![[2.0, 2.0]]).save(file), &["Even"]);
    assert_eq!(cells(&even)[0], cells(&even)[1]);
    let none = Array2::zeros((0, 3));
    let empty = check("empty", (480, 480), |file| Grid::new("Empty", &none).save(file), &["Empty"]);
    assert!(cells(&empty).is_empty());
}

#[test]
fn no_panel_of_a_picture_is_empty() {
    let bowl = |x: f64, y: f64| x * x + 3.0 * y * y;
    let panels = Panels::new("All", 2)
        .size(320.0, 300.0)
        .add(Chart::new("one").x_range(-1.0..=1.0).y_range(-1.0..=1.0).contours(bowl).key(false))
        .add(Scene::new("two").surface(bowl))
        .add(
            Chart::new("three").x_range(-1.0..=1.0).y_range(-1.0..=1.0).descent_field(|[x, y]| x * x + y * y),
        )
        .add(Scene::new("four").equal_units().plane("", [0.0; 3], [0.0, 0.5, 1.0]).z_range(-1.0..=1.0))
        .add(Grid::new("five", &Array2::from_shape_fn((9, 9), |(row, column)| (row + column) as f64)));
    let names = ["All", "one", "two", "three", "four", "five"];
    let svg = check("panels", (640, 940), |file| panels.save(file), &names);
    // Bands, a surface, arrows, a plane, cells.
    let panels =
        [(0.0, 40.0, 0.99), (320.0, 40.0, 0.5), (0.0, 340.0, 0.08), (320.0, 340.0, 0.04), (0.0, 640.0, 0.8)];
    for (left, top, least) in panels {
        let found = inside(&svg, left, top, 320.0, 300.0);
        assert!(found > 40, "the panel at ({left}, {top}) has only {found} corners of marks in its middle");
        let part = painted(&svg, left, top, 320.0, 300.0);
        assert!(part > least, "of the middle of the panel at ({left}, {top}) only {part:.2} has a colour");
    }
}

#[test]
fn an_unknown_ending_and_a_missing_folder_are_errors() {
    let chart = Chart::new("").line("", [[0.0, 0.0], [1.0, 1.0]]);
    for name in ["picture.gif", "picture"] {
        let error = chart.save(file(name)).unwrap_err();
        assert!(error.is_file() && !error.is_shape());
        assert!(error.to_string().contains("must be svg or png"), "{error}");
        assert!(!file(name).exists());
    }
    for name in ["a.svg", "a.png"] {
        let error = chart.save(file("no_such_folder").join(name)).unwrap_err();
        assert!(error.is_file() && error.to_string().contains("no_such_folder"), "{error}");
    }
}

fn message(f: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(f).unwrap_err();
    panic
        .downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| panic.downcast_ref::<&str>().unwrap().to_string())
}

#[test]
fn mistakes_say_what_to_do() {
    let no_path = minimize(banana, [0.0, 0.0]).max_iterations(1).run();
    assert!(message(move || drop(no_path.plot())).contains(".keep_path(true)"));
    let line = minimize(|x| x * x, 1.0).keep_path(true).run();
    assert!(message(move || drop(line.plot())).contains("1 variables"));
    assert!(message(|| drop(Chart::new("").x_range(2.0..=1.0))).contains("2..=1"));
    assert!(message(|| drop(Chart::new("").size(1.0, 1e9))).contains("pixels"));
    assert!(message(|| drop(Scene::new("").plane("", [0.0; 3], [1.0, 0.0, 0.0]))).contains("not zero"));
    assert!(
        message(|| drop(Grid::new("", &array![[1.0, 2.0]]).columns(["one"])))
            .contains("each of its 2 columns")
    );
    assert!(message(|| drop(Panels::new("", 0))).contains("at least one"));
}
