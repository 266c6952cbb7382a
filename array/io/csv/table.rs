//! What a CSV file holds.

use super::schema::{Schema, readable};
use crate::{DistArray, Error, FileError, Index};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A table of a file: a float64 matrix with names for its columns. Cheap to clone.
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
            let categories = categories.iter().map(|value| readable(value)).collect();
            Some((schema.names[column.field].clone(), categories))
        });
        let (names, categories) = (schema.output_names(), texts.collect());
        Table { path: path.to_owned(), names, categories, values }
    }

    /// The names of the columns; a value of a text column has the name `column_value`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The sorted values of a text column that was one-hot encoded.
    pub fn categories(&self, column: &str) -> Option<&[String]> {
        self.categories.get(column).map(Vec::as_slice)
    }

    /// The matrix, rows × columns.
    pub fn values(&self) -> &DistArray {
        &self.values
    }

    /// One column, as an array of one axis.
    ///
    /// # Errors
    /// [`FileError::MissingColumn`] with the columns that there are.
    pub fn column(&self, name: &str) -> Result<DistArray, Error> {
        let at = self.position(name)?;
        self.values.index(&[Index::Ellipsis, Index::At(at as isize)])
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
