//! CSV files: tables of numbers and text, read as matrices.
//!
//! Shapes are always exact, so the reader goes over a file twice. The first pass finds the starts of rows. If rows can be
//! dropped or text columns are one-hot encoded, it also reads those columns. The second pass parses the numbers into
//! blocks. Several threads work on byte ranges of a plain file.

mod fill;
mod parse;
mod scan;
mod schema;
mod source;
mod table;

pub use table::Table;

use crate::session::SessionInner;
use crate::{DistArray, Encoding, Error, FileError, Pending, Session};
use fill::Blocks;
use nums_lshs::array_op::ArraySpec;
use nums_lshs::{DType, Shape};
use parse::{Parser, Records};
use scan::Dialect;
use schema::{Choice, Schema};
use source::{Head, Source};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a CSV file is read; [`Session::read_csv`] makes one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("table.csv");
/// std::fs::write(&path, "a;b\n1;2\n3;4\n")?;
/// let session = nums::Session::embedded(2)?;
/// let reader = session.read_csv(&path).delimiter(b';').columns(&["b"]);
/// assert_eq!(reader.read().wait()?.values().fetch::<f64>().wait()?, ndarray::arr2(&[[2.0], [4.0]]).into_dyn());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CsvReader {
    session: Arc<SessionInner>,
    path: PathBuf,
    dialect: Dialect,
    header: bool,
    skip_lines: usize,
    choice: Choice,
}

impl Session {
    /// A reader of a CSV file, plain or compressed with gzip (detected from its first bytes). By default, commas separate
    /// the fields, fields can be quoted, the first row holds the column names, and every column is numeric. An empty field
    /// and `NA` are NaN.
    ///
    /// The session's process reads the file and sends the blocks to the nodes. No node opens a path.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("cities.csv");
    /// std::fs::write(&path, "city,year,people\nBergen,2020,283929\nOslo,2020,NA\n")?;
    ///
    /// let session = nums::Session::embedded(2)?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// assert_eq!(table.names(), ["city_Bergen", "city_Oslo", "year", "people"]);
    /// assert_eq!(table.values().shape(), [2, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_csv(&self, path: impl AsRef<Path>) -> CsvReader {
        CsvReader {
            session: self.inner.clone(),
            path: path.as_ref().to_owned(),
            dialect: Dialect { delimiter: b',', quote: Some(b'"') },
            header: true,
            skip_lines: 0,
            choice: Choice { missing: vec!["NA".to_owned()], ..Choice::default() },
        }
    }
}

impl CsvReader {
    /// Sets the byte between fields. Default: a comma.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a;b\n1;2\n")?;
    /// let table = session.read_csv(&path).delimiter(b';').read().wait()?;
    /// assert_eq!(table.names(), ["a", "b"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delimiter(mut self, delimiter: u8) -> CsvReader {
        self.dialect.delimiter = delimiter;
        self
    }

    /// Sets the byte around quoted fields, which can contain delimiters and newlines. Inside a quoted field, two quotes
    /// stand for one. `None` turns quoting off. Default: `"`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a,b\n'1',2\n")?;
    /// let table = session.read_csv(&path).quote(Some(b'\'')).read().wait()?;
    /// assert_eq!(table.values().sum().fetch::<f64>().wait()?[[]], 3.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quote(mut self, quote: Option<u8>) -> CsvReader {
        self.dialect.quote = quote;
        self
    }

    /// Sets whether the first row holds the column names. Without a header, the names are "0", "1", .... Default: `true`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "1,2\n3,4\n")?;
    /// let table = session.read_csv(&path).header(false).read().wait()?;
    /// assert_eq!(table.names(), ["0", "1"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, header: bool) -> CsvReader {
        self.header = header;
        self
    }

    /// Sets the number of lines to skip before the first row. Default: 0.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "made in Bergen\na,b\n1,2\n")?;
    /// let table = session.read_csv(&path).skip_lines(1).read().wait()?;
    /// assert_eq!(table.names(), ["a", "b"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn skip_lines(mut self, lines: usize) -> CsvReader {
        self.skip_lines = lines;
        self
    }

    /// Sets the columns to read, in this order. Fields of other columns can hold anything. Default: all columns.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a,note,b\n1,none,2\n")?;
    /// let table = session.read_csv(&path).columns(&["b", "a"]).read().wait()?;
    /// assert_eq!(table.values().fetch::<f64>().wait()?, ndarray::arr2(&[[2.0, 1.0]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(mut self, names: &[&str]) -> CsvReader {
        self.choice.columns = Some(owned(names));
        self
    }

    /// Sets the text columns to one-hot encode. Each becomes one column of zeros and ones for each of its values, in sorted
    /// order. A row with a missing value has zeros in all of them.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "kind,x\nb,1\na,2\n")?;
    /// let table = session.read_csv(&path).one_hot(&["kind"]).read().wait()?;
    /// assert_eq!(table.names(), ["kind_a", "kind_b", "x"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn one_hot(mut self, names: &[&str]) -> CsvReader {
        self.choice.one_hot = owned(names);
        self
    }

    /// Drops rows with a missing value in one of these columns. The columns need not be among those that are read.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a,b\n1,NA\n2,3\n")?;
    /// let table = session.read_csv(&path).drop_missing(&["b"]).read().wait()?;
    /// assert_eq!(table.values().shape(), [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn drop_missing(mut self, names: &[&str]) -> CsvReader {
        self.choice.required = owned(names);
        self
    }

    /// Sets the texts that mark a missing value, which is NaN in the array. An empty field is always missing. Default:
    /// `NA`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a,b\n1,?\n")?;
    /// let table = session.read_csv(&path).missing(&["?"]).read().wait()?;
    /// assert!(table.values().fetch::<f64>().wait()?[[0, 1]].is_nan());
    /// # Ok(())
    /// # }
    /// ```
    pub fn missing(mut self, texts: &[&str]) -> CsvReader {
        self.choice.missing = owned(texts);
        self
    }

    /// Sets the encoding of names and texts. Default: UTF-8.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, b"\xfcber,unter\n1,2\n")?;
    /// let table = session.read_csv(&path).encoding(nums::Encoding::Latin1).read().wait()?;
    /// assert_eq!(table.names(), ["über", "unter"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn encoding(mut self, encoding: Encoding) -> CsvReader {
        self.choice.encoding = encoding;
        self
    }

    /// Starts to read the file on separate threads and returns at once. The file must be a regular file, because it is
    /// read more than once, and it must not change meanwhile.
    ///
    /// The `Pending` gives a [`FileError`] with line and column: for an empty file, rows of different lengths, a missing
    /// or repeated column, text in a numeric column, and names or texts that are not in the encoding.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "a,b\n1,2\n3,four\n")?;
    /// let refused = session.read_csv(&path).read().wait().unwrap_err().to_string();
    /// assert!(refused.ends_with("table.csv:3: column 2 (b): expected a number, got \"four\""));
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(self) -> Pending<Table> {
        let session = self.session.clone();
        Pending::begin_blocking(&session, move || self.read_now())
    }

    fn read_now(self) -> Result<Table, Error> {
        self.check_options()?;
        let CsvReader { path, dialect, .. } = &self;
        let head = Head::read(path, *dialect, self.skip_lines)?;
        let fields = parse::fields(&head.row, *dialect);
        let names = match self.header {
            true => self.names(&head, &fields)?,
            false => (0..fields.len()).map(|column| column.to_string()).collect(),
        };
        let mut schema = Schema::new(path, names, &self.choice)?;
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        let source = Source::open(path, *dialect, &head, self.header, threads)?;
        let counts = self.count(&source, &mut schema)?;

        let rows = counts.iter().sum();
        let shape = Shape::new([rows, schema.width()])?;
        let spec = ArraySpec::automatic(&shape, DType::Float64, &self.session.rule);
        let blocks = Blocks::new(&spec)?;
        let starts: Vec<usize> = counts
            .iter()
            .scan(0, |end, count| {
                *end += count;
                Some(*end - count)
            })
            .collect();
        let parser = Parser { source: &source, schema: &schema, dialect: *dialect };
        source.each(|(records, values): &mut (Records, Vec<f64>), chunk| {
            values.clear();
            parser.rows(records, chunk, values)?;
            blocks.fill(starts[chunk.index], values);
            Ok(())
        })?;
        let placed = blocks.finish();
        let values = DistArray::from_blocks(&self.session, spec, placed)?;
        Ok(Table::new(path, &schema, values))
    }

    /// The names in the header.
    fn names(&self, head: &Head, fields: &[Vec<u8>]) -> Result<Vec<String>, FileError> {
        let Choice { encoding, .. } = self.choice;
        let name = |(field, name): (usize, &Vec<u8>)| match encoding.check(name) {
            Ok(()) => Ok(encoding.text(name)),
            Err(invalid) => {
                let (path, line, column) = (self.path.clone(), head.line, field + 1);
                Err(FileError::NotUtf8 { path, line, column, invalid })
            }
        };
        fields.iter().enumerate().map(name).collect()
    }

    /// The rows that each chunk gives, after a look at the columns that decide the shape.
    fn count(&self, source: &Source, schema: &mut Schema) -> Result<Vec<usize>, FileError> {
        if !schema.needs_survey() {
            return match source.rows() {
                Some(rows) => Ok(rows),
                None => source.each(|_: &mut (), chunk| Ok(chunk.rows)),
            };
        }
        let parser = Parser { source, schema, dialect: self.dialect };
        let surveys = source.each(|records, chunk| parser.survey(records, chunk))?;
        let counts = surveys.iter().map(|survey| survey.rows).collect();
        let texts = surveys.first().map_or(0, |survey| survey.categories.len());
        let mut categories = vec![BTreeSet::new(); texts];
        for survey in surveys {
            categories.iter_mut().zip(survey.categories).for_each(|(all, own)| all.extend(own));
        }
        schema.set_categories(&self.path, categories)?;
        Ok(counts)
    }

    fn check_options(&self) -> Result<(), FileError> {
        let Dialect { delimiter, quote } = self.dialect;
        let reason = if quote == Some(delimiter) {
            format!("delimiter and quote must differ, got {:?} for both", char::from(delimiter))
        } else if [Some(delimiter), quote].iter().flatten().any(|&byte| scan::is_newline(byte)) {
            "delimiter and quote must not be a newline".to_owned()
        } else {
            return Ok(());
        };
        Err(FileError::Options { path: self.path.clone(), reason })
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
