//! Tables of text: round trips, the ways people write them, and errors that name the place.

use std::fs;

use downhill::data::{Column, Csv, Missing, Table};
use downhill::error::Error;
use ndarray::{Array2, array};
use proptest::prelude::*;

use super::File;
use crate::misuse::assert_mistake;

const TREES: &str = "width,height,kind\n1.5,2,oak\n2.5,1e1,elm\n.5,+3,oak\n";

#[test]
fn columns_go_by_name_and_by_index() {
    let table = Csv::new().parse(TREES).unwrap();
    assert_eq!((table.rows(), table.columns()), (3, 3));
    assert_eq!(table.names().unwrap(), ["width", "height", "kind"]);
    let x = array![[1.5, 2.0], [2.5, 10.0], [0.5, 3.0]];
    assert_eq!(table.numbers::<f64>(["width", "height"]).unwrap(), x);
    assert_eq!(table.numbers::<f64>(0..2).unwrap(), x);
    assert_eq!(
        table.numbers::<f32>([Column::Index(1), Column::Name("width")]).unwrap().row(1),
        array![10.0, 2.5]
    );
    assert_eq!(table.numbers::<f64>(&["height".to_owned()]).unwrap().dim(), (3, 1));
    assert_eq!(table.texts("kind").unwrap(), ["oak", "elm", "oak"]);
    assert_eq!(table.classes(2).unwrap().labels, [1, 0, 1]);
}

#[test]
fn the_ways_people_write_tables_are_read() {
    let plain = Csv::new().parse("a,b\n1,2\n3,4\n").unwrap();
    let same = [
        ("lines end otherwise", Csv::new(), "a,b\r\n1,2\r\n3,4\r\n"),
        ("the last line does not end", Csv::new(), "a,b\n1,2\n3,4"),
        ("blanks", Csv::new(), " a , b\n 1,\t2 \n3 ,4\n"),
        ("quotes", Csv::new(), "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n"),
        ("empty lines", Csv::new(), "\n\na,b\n\n1,2\n\r\n3,4\n\n"),
        ("a mark at the start", Csv::new(), "\u{feff}a,b\n1,2\n3,4\n"),
        ("a mark before a quote", Csv::new(), "\u{feff}\"a\",b\n1,2\n3,4\n"),
        ("a mark before a comment", Csv::new().comment(b'#'), "\u{feff}# c\na,b\n1,2\n3,4\n"),
        ("semicolons", Csv::new().delimiter(b';'), "a;b\n1;2\n3;4\n"),
        ("tabs", Csv::new().delimiter(b'\t'), "a\tb\n1\t2\n3\t4\n"),
        ("comments", Csv::new().comment(b'#'), "# c\na,b\n# \"d\n1,2\n3,4\n# x,\"e\n"),
    ];
    for (what, csv, text) in same {
        assert_eq!(csv.parse(text).unwrap(), plain, "{what}");
    }
    let quoted = Csv::new().parse("kind\n\"a, \"\"b\"\"\nc\"\n").unwrap();
    assert_eq!(quoted.texts("kind").unwrap(), ["a, \"b\"\nc"]);
    let bare = Csv::new().without_header().parse("1,2\n3,4\n").unwrap();
    assert_eq!(bare.all_numbers::<f64>().unwrap(), array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(bare.names(), None);
    let nothing = Csv::new().without_header().parse("").unwrap();
    assert_eq!(nothing.all_numbers::<f64>().unwrap().dim(), (0, 0));
    assert_eq!(Csv::new().parse("a,b\n").unwrap().all_numbers::<f64>().unwrap().dim(), (0, 2));
}

/// What is wrong, how it is read, the text, and the message.
type Fault = (fn(&Error) -> bool, Csv, &'static str, &'static str);

fn read(csv: Csv, text: &str) -> Result<(), Error> {
    csv.parse(text)?.all_numbers::<f64>().map(drop)
}

#[test]
fn faults_name_line_and_column() {
    let csv = Csv::new();
    let faults: &[Fault] = &[
        (Error::is_number, csv, "a,b\n1,2\n3,x4\n", "line 3, column 2 (`b`): `x4` is no number"),
        (Error::is_number, csv, "a,b\r\n1,2\r\n3,x\r\n", "line 3, column 2 (`b`): `x` is no number"),
        (Error::is_number, csv, "\n\na\n\n\n1\n\nx\n", "line 8, column 1 (`a`): `x` is no number"),
        (Error::is_number, csv, "a\r1\rx\r", "line 3, column 1 (`a`): `x` is no number"),
        (Error::is_number, csv, "a,b\n\"1\",\"\n2\n\"\n3,x", "line 5, column 2 (`b`): `x` is no number"),
        (
            Error::is_number,
            csv.comment(b'#'),
            "# c\na\n# d\n# e\nx\n",
            "line 5, column 1 (`a`): `x` is no number",
        ),
        (Error::is_number, csv.without_header(), "1\nx\n", "line 2, column 1: `x` is no number"),
        (Error::is_number, csv, "a,b\n,2\n", "line 2, column 1 (`a`): the number is missing"),
        (Error::is_number, csv, "a,b\n1,NA\n", "line 2, column 2 (`b`): the number is missing"),
        (Error::is_number, csv, "a\n1\n?\n", "line 3, column 1 (`a`): the number is missing"),
        (Error::is_number, csv, "a\nnan\n", "line 2, column 1 (`a`): the number is missing"),
        (
            Error::is_number,
            csv,
            "a\n1e999\n",
            "line 2, column 1 (`a`): `1e999` is infinite, or beyond the range of f64",
        ),
        (Error::is_number, csv, "a\n-inf\n", "line 2, column 1 (`a`): `-inf` is infinite"),
        (
            Error::is_format,
            csv,
            "a,b\n1,2\n3\n",
            "line 3 has 1 cell, and the first has 2: give each line as many",
        ),
        (Error::is_format, csv, "a,b\r\n\r\n1,2,3\r\n", "line 3 has 3 cells, and the first has 2"),
        (Error::is_format, csv, "a,b\n1,\"2\n3,4\n", "line 2: a quote is opened there and never closed"),
        (Error::is_format, csv, "a,b\n\"1,2\n3,4\n", "line 2: a quote is opened there and never closed"),
        (Error::is_format, csv, "\u{feff}\"a,b\n1,2\n", "line 1: a quote is opened there and never closed"),
        (Error::is_format, csv, "", "there is no line, and the first is to name the columns"),
    ];
    for (is, csv, text, message) in faults {
        let error = read(*csv, text).unwrap_err();
        assert!(error.to_string().starts_with(message), "{text:?}: {error}");
        assert!(is(&error), "{text:?}: {error:?}");
    }
    let error = Csv::new().parse(b"a,b\n1,2\n3,\xff\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3, column 2: the text is not UTF-8: save it as that");
    let long = format!("a\n{}\n", "x".repeat(5000));
    assert!(read(Csv::new(), &long).unwrap_err().to_string().len() < 200);
    assert!(
        Csv::new().parse("a\n1e39\n").unwrap().all_numbers::<f32>().unwrap_err().to_string().contains("f32")
    );
}

#[test]
fn a_file_is_named_by_all_errors_of_its_table() {
    let file = File::new("csv");
    let path = file.0.display().to_string();
    fs::write(&file.0, TREES).unwrap();
    let table = Csv::new().load(&file.0).unwrap();
    let errors = [
        table.numbers::<f64>(["kind"]).unwrap_err(),
        table.complete().numbers::<f64>(["depth"]).unwrap_err(),
        table.texts(3).unwrap_err(),
        table.classes_among("kind", &["oak"]).unwrap_err(),
    ];
    for error in &errors {
        assert!(error.to_string().starts_with(&format!("the file {path}: ")), "{error}");
    }
    assert!(errors[0].to_string().ends_with("line 2, column 3 (`kind`): `oak` is no number"));
    assert!(errors[1].is_name() && errors[1].to_string().ends_with("and there are width, height, kind"));
    assert!(errors[2].is_shape() && errors[3].is_name());
    fs::write(&file.0, "a,b\n1\n").unwrap();
    let error = Csv::new().load(&file.0).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the file {path}: line 2 has 1 cell, and the first has 2: give each line as many")
    );
    assert!(Csv::new().load("no/such.csv").unwrap_err().is_file());
}

#[test]
fn columns_that_cannot_be_told_apart_are_refused() {
    let table = Csv::new().parse("a,b,a\n1,2,3\n").unwrap();
    let error = table.numbers::<f64>(["a"]).unwrap_err();
    assert_eq!(error.to_string(), "the columns 1 and 3 are both named `a`: ask by their index, from 0");
    assert_eq!(table.numbers::<f64>([2]).unwrap(), array![[3.0]]);
    let bare = Csv::new().without_header().parse("1,2\n").unwrap();
    assert!(bare.numbers::<f64>(["a"]).unwrap_err().to_string().contains("no names"));
}

#[test]
fn missing_numbers_are_refused_left_out_or_nan() {
    let text = "x,y,kind\n1,2,a\n,4,b\n5,?,\n7,8,c\n";
    let table = Csv::new().missing(Missing::Nan).parse(text).unwrap();
    let x = table.numbers::<f32>(["x", "y"]).unwrap();
    assert_eq!(x.mapv(f32::is_nan), array![[false, false], [true, false], [false, true], [false, false]]);
    assert!(
        table
            .classes("kind")
            .unwrap_err()
            .to_string()
            .contains("line 4, column 3 (`kind`): the class is missing")
    );
    let whole = table.complete();
    assert_eq!(whole.classes("kind").unwrap().names, ["a", "c"]);
    assert_eq!(whole.numbers::<f64>(["x", "y"]).unwrap(), array![[1.0, 2.0], [7.0, 8.0]]);
    // The lines are still those of the file.
    let error = whole.numbers::<f64>(["kind"]).unwrap_err();
    assert!(error.to_string().starts_with("line 2"), "{error}");
    let error = whole.classes_among("kind", &["a"]).unwrap_err();
    assert!(error.to_string().starts_with("line 5, column 3 (`kind`): `c`"), "{error}");
}

#[test]
fn classes_have_the_order_of_the_alphabet_or_of_their_values() {
    let classes = |cells: &[&str]| Table::new().with_texts("c", cells).classes("c").unwrap();
    assert_eq!(classes(&["b", "a", "B", "b"]).names, ["B", "a", "b"]);
    assert_eq!(classes(&["10", "9", "-1", "9"]).names, ["-1", "9", "10"]);
    assert_eq!(classes(&["10", "9", "-1", "9"]).labels, [2, 1, 0, 1]);
    assert_eq!(classes(&["10", "9", "x"]).names, ["10", "9", "x"]);
    assert!(classes(&[]).names.is_empty());
}

proptest! {
    #[test]
    fn numbers_come_back_to_the_last_bit(
        rows in prop::collection::vec([any::<f64>(); 3], 0..20).prop_filter(
            "finite", |rows| rows.iter().flatten().all(|x| x.is_finite()))
    ) {
        let x = Array2::from(rows);
        let single = x.mapv(|x| x as f32).mapv(|x| if x.is_finite() { x } else { f32::MIN_POSITIVE / 3.0 });
        let table = Table::new().with_numbers(&["a", "b", "c"], &x).with_numbers(&["d", "e", "f"], &single);
        let read = Csv::new().parse(table.to_csv()).unwrap();
        prop_assert_eq!(&read, &table);
        let bits = |x: Array2<f64>| x.mapv(f64::to_bits);
        prop_assert_eq!(bits(read.numbers(["a", "b", "c"]).unwrap()), bits(x));
        prop_assert_eq!(read.numbers::<f32>(3..6).unwrap().mapv(f32::to_bits), single.mapv(f32::to_bits));
    }

    #[test]
    fn texts_come_back(cells in prop::collection::vec("[a-zé\",;\n\r# ]{0,6}[a-z\"]", 1..20)) {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        let table = Table::new().with_texts("one", &cells).with_texts("a \"quoted\", name", &cells);
        let read = Csv::new().parse(table.to_csv()).unwrap();
        prop_assert_eq!(read.texts(1).unwrap(), cells);
        prop_assert_eq!(read, table);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a1,\"\r\n#\u{e9}]{0,30}", header: bool) {
        let csv = Csv { header, comment: Some(b'#'), ..Csv::new() };
        if let Ok(table) = csv.parse(&text) {
            let _ = table.all_numbers::<f64>();
            if table.columns() > 0 {
                let _ = table.classes(0);
            }
        }
    }
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let x = array![[1.0, 2.0]];
    assert_mistake(line!(), "1 names were given for the columns", || Table::new().with_numbers(&["a"], &x));
    let table = Table::new().with_numbers(&["a", "b"], &x);
    let two = ["x", "y"];
    assert_mistake(line!(), "a table of 1 rows was given a column of 2", || table.with_texts("c", &two));
    let table = Table::new().with_texts("c", &two);
    assert_mistake(line!(), "of 2 rows was given a column of 1", || table.with_numbers(&["a", "b"], &x));
}
