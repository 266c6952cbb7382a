//! The mapping from columns of a file to columns of an array.

use crate::{Encoding, FileError};
use std::collections::BTreeSet;
use std::path::Path;

/// The most columns that one text column may become.
pub(super) const CATEGORIES_MAX: usize = 4096;

/// The columns of a file, and what is made of them.
pub(super) struct Schema {
    /// The names in the file, in its order.
    pub(super) names: Vec<String>,
    /// The columns that are read, in the order in which they were asked for.
    pub(super) columns: Vec<Column>,
    /// The columns of the file whose missing values drop a row.
    pub(super) required: Vec<usize>,
    /// The texts that stand for a missing value; the empty text is always one.
    pub(super) missing: Vec<Vec<u8>>,
    pub(super) encoding: Encoding,
}

/// A column that is read.
pub(super) struct Column {
    /// Its place in the file.
    pub(super) field: usize,
    /// The sorted values of a text column, each of which becomes a column; `None` for a column of numbers.
    pub(super) categories: Option<Vec<Vec<u8>>>,
}

/// What the user asks for, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub(super) columns: Option<Vec<String>>,
    pub(super) one_hot: Vec<String>,
    pub(super) required: Vec<String>,
    pub(super) missing: Vec<String>,
    pub(super) encoding: Encoding,
}

impl Schema {
    /// Finds the chosen columns in a file with these columns. Categories are still to be found. Columns that are not
    /// read may have one name.
    pub(super) fn new(
        path: &Path,
        names: Vec<String>,
        choice: &Choice,
    ) -> Result<Schema, FileError> {
        let repeated = |column: &String| FileError::RepeatedColumn {
            path: path.to_owned(),
            column: column.clone(),
        };
        let find = |column: &String| {
            let mut fields = (0..names.len()).filter(|&field| names[field] == *column);
            match (fields.next(), fields.next()) {
                (Some(field), None) => Ok(field),
                (Some(_), Some(_)) => Err(repeated(column)),
                (None, _) => Err(FileError::MissingColumn {
                    path: path.to_owned(),
                    column: column.clone(),
                    names: names.clone(),
                }),
            }
        };
        let chosen = choice.columns.as_ref().unwrap_or(&names);
        if let Some(column) = first_repeated(chosen) {
            return Err(repeated(column));
        }
        for column in &choice.one_hot {
            find(column)?;
            if !chosen.contains(column) {
                let reason = format!("one-hot column {column:?} is not among the selected columns");
                return Err(FileError::Options { path: path.to_owned(), reason });
            }
        }
        let column = |name: &String| {
            let categories = choice.one_hot.contains(name).then(Vec::new);
            Ok(Column { field: find(name)?, categories })
        };
        Ok(Schema {
            columns: chosen.iter().map(column).collect::<Result<_, FileError>>()?,
            required: choice.required.iter().map(find).collect::<Result<_, _>>()?,
            missing: choice.missing.iter().filter_map(|text| choice.encoding.bytes(text)).collect(),
            encoding: choice.encoding,
            names,
        })
    }

    /// Whether the rows must be read before the shape is known.
    pub(super) fn needs_survey(&self) -> bool {
        !self.required.is_empty() || self.columns.iter().any(|column| column.categories.is_some())
    }

    /// Sets the categories of the text columns, in their order.
    ///
    /// # Errors
    /// When there are too many, and when one gives a column the name of another.
    pub(super) fn set_categories(
        &mut self,
        path: &Path,
        found: Vec<BTreeSet<Vec<u8>>>,
    ) -> Result<(), FileError> {
        let texts = self.columns.iter_mut().filter(|column| column.categories.is_some());
        for (column, categories) in texts.zip(found) {
            if categories.len() > CATEGORIES_MAX {
                let column = self.names[column.field].clone();
                return Err(FileError::TooManyCategories {
                    path: path.to_owned(),
                    column,
                    max: CATEGORIES_MAX,
                });
            }
            column.categories = Some(categories.into_iter().collect());
        }
        match first_repeated(&self.output_names()) {
            Some(column) => {
                let column = column.clone();
                Err(FileError::RepeatedColumn { path: path.to_owned(), column })
            }
            None => Ok(()),
        }
    }

    /// The columns of the array.
    pub(super) fn width(&self) -> usize {
        self.columns.iter().map(Column::width).sum()
    }

    /// The names of the columns of the array: a category is `column_value`.
    pub(super) fn output_names(&self) -> Vec<String> {
        let names = self.columns.iter().flat_map(|column| {
            let name = &self.names[column.field];
            match &column.categories {
                None => vec![name.clone()],
                Some(values) => values
                    .iter()
                    .map(|value| category_name(name, &self.encoding.text(value)))
                    .collect(),
            }
        });
        names.collect()
    }

    /// Whether a field stands for a missing value.
    pub(super) fn is_missing(&self, text: &[u8]) -> bool {
        text.is_empty() || self.missing.iter().any(|missing| missing == text)
    }
}

impl Column {
    /// How many columns of the array it becomes.
    pub(super) fn width(&self) -> usize {
        self.categories.as_ref().map_or(1, Vec::len)
    }
}

/// The name of the column that a value of a text column becomes.
pub(super) fn category_name(column: &str, value: &str) -> String {
    format!("{column}_{value}")
}

fn first_repeated(names: &[String]) -> Option<&String> {
    let mut seen = BTreeSet::new();
    names.iter().find(|name| !seen.insert(*name))
}
