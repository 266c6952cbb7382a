//! Tables from files: values, shapes, and what is said about files that are wrong.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::{CsvReader, Encoding, Error, FileError, InvalidUtf8, Session, Table};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn gzip(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        path
    }
}

fn values(table: &Table) -> Vec<Vec<f64>> {
    let matrix = table.values().fetch::<f64>().wait().unwrap();
    matrix.outer_iter().map(|row| row.iter().copied().collect()).collect()
}

fn read(reader: CsvReader) -> Vec<Vec<f64>> {
    values(&reader.read().wait().unwrap())
}

fn error(reader: CsvReader) -> FileError {
    match reader.read().wait() {
        Err(Error::File(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn options_and_missing_values() {
    let (session, folder) = (Session::embedded(2).unwrap(), Folder::new());
    let path = folder.file("plain.csv", "a,b,c\n1,2.5,-3e2\n\n4,,NA\r\n\" 7 \",\"8\",+9\n");
    let rows = read(session.read_csv(&path));
    assert_eq!(rows[0], [1.0, 2.5, -300.0]);
    assert!(rows[1][0] == 4.0 && rows[1][1].is_nan() && rows[1][2].is_nan());
    assert_eq!(rows[2], [7.0, 8.0, 9.0]);
    assert_eq!(
        read(session.read_csv(&path).drop_missing(&["c"]).columns(&["b", "a"])),
        [[2.5, 1.0], [8.0, 7.0]]
    );
    let path = folder.file("odd.csv", "two\nlines\n1;'2'\n?;4");
    let reader = session.read_csv(&path).skip_lines(2).header(false).delimiter(b';');
    let table = reader.quote(Some(b'\'')).missing(&["?"]).read().wait().unwrap();
    assert_eq!(table.names(), ["0", "1"]);
    let rows = values(&table);
    assert_eq!(rows[0], [1.0, 2.0]);
    assert!(rows[1][0].is_nan() && rows[1][1] == 4.0);
    let column = table.column("1").unwrap().fetch::<f64>().wait().unwrap();
    assert_eq!(column.as_slice(), Some(&[2.0, 4.0][..]));
}

#[test]
fn text_becomes_a_column_for_each_value() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    let text = "kind,x\n\"b, or\nb\",1\na,2\nNA,3\nc,NA\na,4\n";
    let path = folder.gzip("text.csv.gz", text);
    let reader = session.read_csv(&path).one_hot(&["kind"]).drop_missing(&["x"]);
    let table = reader.read().wait().unwrap();
    // The row of c is dropped, and so is its column.
    assert_eq!(table.categories("kind").unwrap(), ["a", "b, or\nb"]);
    assert_eq!(table.names(), ["kind_a", "kind_b, or\nb", "x"]);
    assert_eq!(
        values(&table),
        [[0.0, 1.0, 1.0], [1.0, 0.0, 2.0], [0.0, 0.0, 3.0], [1.0, 0.0, 4.0]]
    );
}

/// Rows with quoted newlines and text, many chunks long, from a fixed seed.
fn long_text(rows: usize) -> (String, Vec<Vec<f64>>) {
    let (mut text, mut expected) = ("id,note,x,y\n".to_owned(), Vec::new());
    let mut state = 42_u64;
    for row in 0..rows {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let (x, y) = ((state >> 33) as f64 / 1024.0, (state >> 40) as f64 * 1e-7);
        let note = ["plain", "\"with\nnewline,\"", "\"say \"\"so\"\"\n\n\"", "5\" pipe", ""];
        text += &format!("{row},{},{x},{y:e}\n", note[(state >> 61) as usize % note.len()]);
        if state >> 62 == 0 {
            text += "\n\r\n";
        }
        expected.push(vec![row as f64, x, y]);
    }
    (text, expected)
}

#[test]
fn ranges_and_streams_give_the_same_rows() {
    let (session, folder) = (Session::embedded(3).unwrap(), Folder::new());
    let (text, expected) = long_text(100_000);
    assert!(text.len() > 3 << 20, "several chunks: {} bytes", text.len());
    for path in [folder.file("long.csv", &text), folder.gzip("long.csv.gz", &text)] {
        let rows = read(session.read_csv(&path).columns(&["id", "x", "y"]));
        assert_eq!(rows.len(), expected.len());
        let differs = rows.iter().zip(&expected).position(|(found, wanted)| found != wanted);
        assert_eq!(differs, None, "{}", path.display());
    }
}

fn at(path: &Path) -> PathBuf {
    path.to_owned()
}

#[test]
fn wrong_files_are_named_with_line_and_column() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    let (mut text, _) = long_text(60_000);
    text += "60000,note,1.5,2\"5\n";
    let line = text.matches('\n').count() as u64;
    for path in [folder.file("bad.csv", &text), folder.gzip("bad.csv.gz", &text)] {
        let expected = FileError::NotANumber {
            path: at(&path),
            line,
            column: 4,
            name: "y".into(),
            text: "2\"5".into(),
        };
        let found = error(session.read_csv(&path).columns(&["x", "y"]));
        assert_eq!(found, expected);
        let told =
            format!("{}:{line}: column 4 (y): expected a number, got \"2\\\"5\"", path.display());
        assert_eq!(found.to_string(), told);
    }

    let path = folder.file("ragged.csv", "a,b\n1,2\n\n3,4,5\n6\n");
    let expected = FileError::RaggedRow { path: at(&path), line: 4, found: 3, expected: 2 };
    assert_eq!(error(session.read_csv(&path)), expected);
    let path = folder.file("short.csv", "a,b\n1,2\n6\n");
    let expected = FileError::RaggedRow { path: at(&path), line: 3, found: 1, expected: 2 };
    assert_eq!(error(session.read_csv(&path)), expected);

    let path = folder.file("empty.csv", "");
    assert_eq!(error(session.read_csv(&path)), FileError::Empty { path: at(&path) });
    let path = folder.file("header.csv", "a,b\n");
    assert_eq!(session.read_csv(&path).read().wait().unwrap().values().shape(), [0, 2]);

    let names = vec!["a".to_owned(), "b".to_owned()];
    let column = "c".to_owned();
    let expected = FileError::MissingColumn { path: at(&path), column, names };
    assert_eq!(error(session.read_csv(&path).columns(&["a", "c"])), expected);
    let told = format!("{}: no column \"c\"; the columns are a, b", path.display());
    assert_eq!(expected.to_string(), told);
    let expected = FileError::RepeatedColumn { path: at(&path), column: "a".into() };
    assert_eq!(error(session.read_csv(&path).columns(&["a", "a"])), expected);

    for (text, line) in [("a,b\n1,2\n3,\"4\n5,6\n", 3), ("a,\"b\n1,2\n", 1)] {
        let path = folder.file("open.csv", text);
        assert_eq!(error(session.read_csv(&path)), FileError::OpenQuote { path: at(&path), line });
        let path = folder.gzip("open.csv.gz", text);
        assert_eq!(error(session.read_csv(&path)), FileError::OpenQuote { path: at(&path), line });
    }

    let path = folder.0.path().join("nowhere.csv");
    let found = error(session.read_csv(&path));
    let FileError::Io { path: named, kind: ErrorKind::NotFound, reason } = found else { panic!() };
    assert!(named == path && reason.contains("No such file"), "{reason}");

    let whole = std::fs::read(folder.gzip("cut.csv.gz", &text)).unwrap();
    let path = folder.0.path().join("cut.csv.gz");
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let FileError::Io { path: named, .. } = error(session.read_csv(&path)) else { panic!() };
    assert_eq!(named, path);
    let refused = error(session.read_csv(&path).delimiter(b'"'));
    assert!(matches!(refused, FileError::Options { .. }), "{refused}");
}

/// What is wrong is told alike for a plain file and for one that is compressed.
fn both(folder: &Folder, text: &str) -> [PathBuf; 2] {
    [folder.file("table.csv", text), folder.gzip("table.csv.gz", text)]
}

#[test]
fn quotes_marks_and_empty_lines_do_not_shift_lines_and_columns() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    // A byte order mark, a line of prose, a quoted name, an empty line, and a row over two lines.
    let text = "\u{feff}made by hand\n\"a\",\"b, c\"\r\n\"1\",2\r\n\n\"3\n\",4\r\n5,\"x\ny\"\r\n";
    for path in both(&folder, text) {
        let found = error(session.read_csv(&path).skip_lines(1)).to_string();
        let told =
            format!("{}:7: column 2 (b, c): expected a number, got \"x\\ny\"", path.display());
        assert_eq!(found, told);
    }
    // A field of another column may hold anything, and a long one is told in part.
    let long = "z".repeat(100);
    for path in both(&folder, &format!("a,b\n1,{long}\n")) {
        assert_eq!(read(session.read_csv(&path).columns(&["a"])), [[1.0]]);
        let found = error(session.read_csv(&path)).to_string();
        let told = format!(
            "{}:2: column 2 (b): expected a number, got \"{}...\"",
            path.display(),
            &long[..64]
        );
        assert_eq!(found, told);
    }
}

#[test]
fn files_without_rows_and_ragged_ones_are_told_apart() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    for (text, lines) in [("", 0), ("\n\r\n", 0), ("only prose\n", 1), ("no newline", 1)] {
        for path in both(&folder, text) {
            let found = error(session.read_csv(&path).skip_lines(lines));
            assert_eq!(found.to_string(), format!("{}: the file has no rows", path.display()));
        }
    }
    for path in both(&folder, "a,b\n1,2\n\"3\n\",4\n5\n") {
        let told = format!("{}:5: expected 2 fields, got 1", path.display());
        assert_eq!(error(session.read_csv(&path)).to_string(), told);
        // Also where the rows are looked at before their number is known.
        assert_eq!(error(session.read_csv(&path).drop_missing(&["a"])).to_string(), told);
    }
}

#[test]
fn columns_that_cannot_be_chosen_are_named() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    for path in both(&folder, "a,b,a\n1,2,3\n") {
        let told = format!("{}: column \"a\" appears twice", path.display());
        assert_eq!(error(session.read_csv(&path)).to_string(), told);
        let chosen = session.read_csv(&path).columns(&["b"]);
        assert_eq!(error(chosen.clone().drop_missing(&["a"])).to_string(), told);
        // The others can be read.
        assert_eq!(read(chosen), [[2.0]]);
    }
    // Also where a value of a text column gives a column the name of another.
    for path in both(&folder, "a_b,a\n1,b\n2,c\n") {
        let told = format!("{}: column \"a_b\" appears twice", path.display());
        assert_eq!(error(session.read_csv(&path).one_hot(&["a"])).to_string(), told);
    }
    for path in both(&folder, "a,b\n1,2\n") {
        let told =
            format!("{}: one-hot column \"b\" is not among the selected columns", path.display());
        let found = error(session.read_csv(&path).columns(&["a"]).one_hot(&["b"]));
        assert_eq!(found.to_string(), told);
        let told = format!("{}: no column \"d\"; the columns are a, b", path.display());
        for reader in
            [session.read_csv(&path).drop_missing(&["d"]), session.read_csv(&path).one_hot(&["d"])]
        {
            assert_eq!(error(reader).to_string(), told);
        }
        let table = session.read_csv(&path).read().wait().unwrap();
        for missing in [table.column("d").map(|_| ()), table.columns(&["a", "d"]).map(|_| ())] {
            assert_eq!(missing.unwrap_err().to_string(), told);
        }
    }
    let many: String = (0..5000).map(|row| format!("value {row}\n")).collect();
    for path in both(&folder, &format!("kind\n{many}")) {
        let told =
            format!("{}: column \"kind\" has more than 4096 different values", path.display());
        assert_eq!(error(session.read_csv(&path).one_hot(&["kind"])).to_string(), told);
    }
}

#[test]
fn texts_that_are_no_utf8_are_refused_or_read_as_latin_1() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    let path = folder.0.path().join("latin.csv");
    let invalid = |position, byte: u8, reason| InvalidUtf8 { position, bytes: vec![byte], reason };

    // Two values that marks would make one.
    std::fs::write(&path, b"x,k\n1,\xe4\n2,\xf6\n3,\xe4\n").unwrap();
    let invalid_text = invalid(0, 0xe4, "unexpected end of data");
    let expected =
        FileError::NotUtf8 { path: at(&path), line: 2, column: 2, invalid: invalid_text };
    assert_eq!(error(session.read_csv(&path).one_hot(&["k"])), expected);
    assert!(expected.to_string().contains("Latin1"), "{expected}");
    let latin = session.read_csv(&path).encoding(Encoding::Latin1).one_hot(&["k"]);
    let table = latin.read().wait().unwrap();
    assert_eq!(table.names(), ["x", "k_ä", "k_ö"]);
    assert_eq!(values(&table), [[1.0, 1.0, 0.0], [2.0, 0.0, 1.0], [3.0, 1.0, 0.0]]);
    assert_eq!(table.column("k_ö").unwrap().shape(), [3]);
    // Columns that are not read may hold anything.
    assert_eq!(read(session.read_csv(&path).columns(&["x"])), [[1.0], [2.0], [3.0]]);

    // Names, behind skipped lines, and texts that stand for missing values.
    std::fs::write(&path, b"note\n\nM\xfcll,y\n\xfc,1\n2,3\n").unwrap();
    let invalid_name = invalid(1, 0xfc, "invalid start byte");
    let expected =
        FileError::NotUtf8 { path: at(&path), line: 3, column: 1, invalid: invalid_name };
    assert_eq!(error(session.read_csv(&path).skip_lines(1)), expected);
    let latin = session.read_csv(&path).skip_lines(1).encoding(Encoding::Latin1);
    let table = latin.missing(&["ü", "€"]).read().wait().unwrap();
    assert_eq!(table.names(), ["Müll", "y"]);
    let rows = values(&table);
    assert!(rows[0][0].is_nan() && rows[1] == [2.0, 3.0], "{rows:?}");

    // Text is text, however many threads look at how many chunks.
    let mut text = "k,x\n".to_owned().into_bytes();
    (0..300_000).for_each(|row| text.extend(format!("a,{row}\n").as_bytes()));
    text.extend(b"\xff,1\n");
    std::fs::write(&path, &text).unwrap();
    let invalid = invalid(0, 0xff, "invalid start byte");
    let expected = FileError::NotUtf8 { path: at(&path), line: 300_002, column: 1, invalid };
    assert_eq!(error(session.read_csv(&path).one_hot(&["k"])), expected);
}

#[test]
fn pipes_and_folders_are_refused_at_once() {
    let (session, folder) = (Session::embedded(1).unwrap(), Folder::new());
    let path = folder.0.path().join("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    // Nobody writes to it, so opening it would wait without end.
    let expected = FileError::NotRegular { path: at(&path), kind: "a pipe" };
    assert_eq!(error(session.read_csv(&path)), expected);
    let npy = session.read_npy(&path).wait().unwrap_err();
    assert_eq!(npy, Error::File(expected.clone()));
    let save = session.ones(&[2]).unwrap().write_npy(&path).wait().unwrap_err();
    assert_eq!(save, Error::File(expected));
    let found = error(session.read_csv(folder.0.path()));
    assert!(matches!(found, FileError::Io { kind: ErrorKind::IsADirectory, .. }), "{found:?}");
    let found = error(session.read_csv("/dev/null"));
    assert!(matches!(found, FileError::NotRegular { kind: "a device", .. }), "{found:?}");
}
