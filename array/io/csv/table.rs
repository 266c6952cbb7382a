//! The contents of a CSV file.

use super::schema::{Schema, category_name};
use crate::{DistArray, Error, FileError, Index};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A table: a float64 matrix with column names. Clones are cheap.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("table.csv");
/// std::fs::write(&path, "a,b\n1,2\n3,4\n")?;
/// let session = nums::Session::embedded(2)?;
/// let table = session.read_csv(&path).read().wait()?;
/// assert_eq!(table.column("b")?.sum().fetch::<f64>().wait()?[[]], 6.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    path: PathBuf,
    names: Vec<String>,
    categories: BTreeMap<String, Vec<String>>,
    values: DistArray,
}

impl Table {
    pub(super) fn new(path: &Path, schema: &Schema, values: DistArray) -> Table {
        let texts = schema.columns.iter().filter_map(|column| {
            let categories = column.categories.as_ref()?;
            let categories = categories.iter().map(|value| schema.encoding.text(value)).collect();
            Some((schema.names[column.field].clone(), categories))
        });
        let (names, categories) = (schema.output_names(), texts.collect());
        Table { path: path.to_owned(), names, categories, values }
    }

    /// The names of the columns. The column for a value of a one-hot encoded text column has the name `column_value`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "city,year\nOslo,2020\nBergen,2021\n")?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// assert_eq!(table.names(), ["city_Bergen", "city_Oslo", "year"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The sorted values of a text column that was one-hot encoded.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "city,year\nOslo,2020\nBergen,2021\n")?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// assert_eq!(table.categories("city").unwrap_or_default(), ["Bergen", "Oslo"]);
    /// assert_eq!(table.categories("year"), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn categories(&self, column: &str) -> Option<&[String]> {
        self.categories.get(column).map(Vec::as_slice)
    }

    /// The matrix, rows × columns.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "city,year\nOslo,2020\nBergen,2021\n")?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// assert_eq!(table.values().shape(), [2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(&self) -> &DistArray {
        &self.values
    }

    /// One column, as an array of one axis.
    ///
    /// # Errors
    /// [`FileError::MissingColumn`] with the columns of the table.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("table.csv");
    /// std::fs::write(&path, "city,year\nOslo,2020\nBergen,2021\n")?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// let years = table.column("year")?.fetch::<f64>().wait()?;
    /// assert_eq!(years, ndarray::arr1(&[2020.0, 2021.0]).into_dyn());
    /// let refused = table.column("month").unwrap_err().to_string();
    /// assert!(refused.contains("no column \"month\""));
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self, name: &str) -> Result<DistArray, Error> {
        let at = self.position(name)?;
        self.values.index(&[Index::Ellipsis, Index::At(at as isize)])
    }

    /// Some columns in the given order, rows × columns. The name of a text column selects all of its encoded columns.
    ///
    /// # Errors
    /// [`FileError::MissingColumn`] with the columns of the table.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("cities.csv");
    /// std::fs::write(&path, "people,city,year\n283929,Bergen,2020\n697010,Oslo,2020\n")?;
    /// let session = nums::Session::embedded(1)?;
    /// let table = session.read_csv(&path).one_hot(&["city"]).read().wait()?;
    /// let x = table.columns(&["city", "people"])?.fetch::<f64>().wait()?;
    /// assert_eq!(x, ndarray::arr2(&[[1.0, 0.0, 283929.0], [0.0, 1.0, 697010.0]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(&self, names: &[&str]) -> Result<DistArray, Error> {
        let mut positions = Vec::with_capacity(names.len());
        for name in names {
            match self.categories.get(*name) {
                None => positions.push(self.position(name)?),
                Some(values) => {
                    for value in values {
                        positions.push(self.position(&category_name(name, value))?);
                    }
                }
            }
        }
        self.values.take_resolved(positions, 1)
    }

    fn position(&self, name: &str) -> Result<usize, FileError> {
        let found = self.names.iter().position(|own| own == name);
        found.ok_or_else(|| FileError::MissingColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            names: self.names.clone(),
        })
    }
}
