//! Rows of text as rows of numbers.

use super::scan::{Dialect, is_newline};
use super::schema::{CATEGORIES_MAX, Schema};
use super::source::{Chunk, Source};
use crate::{FileError, InvalidUtf8};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::collections::BTreeSet;

/// The longest text that an error repeats.
const STORY_BYTES_MAX: usize = 64;

/// The rows of a chunk, one after the other; a thread keeps one for all its chunks.
#[derive(Default)]
pub(super) struct Records {
    /// The fields of the current row without their quotes, one after the other, and where each ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Where the current row begins, perhaps with empty lines before it.
    start: usize,
    at: usize,
}

impl Records {
    /// Begins with a chunk of rows that should have so many fields.
    fn begin(&mut self, bytes: &[u8], expected: usize) {
        // A row's fields are no longer than its text, and a row of one field too many is seen as such.
        self.fields.resize(self.fields.len().max(bytes.len()), 0);
        self.ends.resize(self.ends.len().max(expected + 1), 0);
        (self.start, self.at) = (0, 0);
    }

    /// Reads the next row, or answers that there is none.
    fn advance(&mut self, reader: &mut Reader, bytes: &[u8]) -> bool {
        (self.start, self.count) = (self.at, 0);
        let mut written = 0;
        loop {
            let (fields, ends) = (&mut self.fields[written..], &mut self.ends[self.count..]);
            let (result, read, wrote, ended) = reader.read_record(&bytes[self.at..], fields, ends);
            self.at += read;
            written += wrote;
            self.count += ended;
            match result {
                ReadRecordResult::Record => return true,
                ReadRecordResult::End => return false,
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len() + 1, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
            }
        }
    }

    fn field(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.fields[start..self.ends[index]]
    }
}

/// What a pass over a chunk tells about the shape of the array.
pub(super) struct Survey {
    /// The rows that are kept.
    pub(super) rows: usize,
    /// The values of each text column in the kept rows.
    pub(super) categories: Vec<BTreeSet<Vec<u8>>>,
}

/// Why the field of a row cannot be taken.
enum Unfit {
    NoNumber { field: usize },
    NoText { field: usize, invalid: InvalidUtf8 },
}

/// Reads rows by a schema.
pub(super) struct Parser<'a> {
    pub(super) source: &'a Source,
    pub(super) schema: &'a Schema,
    pub(super) dialect: Dialect,
}

impl Parser<'_> {
    /// Counts the rows that are kept and collects the values of text columns.
    pub(super) fn survey(
        &self,
        records: &mut Records,
        chunk: &Chunk<'_>,
    ) -> Result<Survey, FileError> {
        let texts = self.schema.columns.iter().filter(|column| column.categories.is_some());
        let texts: Vec<usize> = texts.map(|column| column.field).collect();
        let mut survey = Survey { rows: 0, categories: vec![BTreeSet::new(); texts.len()] };
        self.each_row(records, chunk, |row| {
            survey.rows += 1;
            for (&field, values) in texts.iter().zip(&mut survey.categories) {
                let text = row.field(field);
                let new = !values.contains(text) && !self.schema.is_missing(text);
                // One more than the bound is enough to know that it is passed.
                if new && values.len() <= CATEGORIES_MAX {
                    let checked = self.schema.encoding.check(text);
                    checked.map_err(|invalid| Unfit::NoText { field, invalid })?;
                    values.insert(text.to_vec());
                }
            }
            Ok(())
        })?;
        Ok(survey)
    }

    /// Appends the rows that are kept to `values`, in C order.
    pub(super) fn rows(
        &self,
        records: &mut Records,
        chunk: &Chunk<'_>,
        values: &mut Vec<f64>,
    ) -> Result<(), FileError> {
        self.each_row(records, chunk, |row| {
            for column in &self.schema.columns {
                let text = row.field(column.field);
                match &column.categories {
                    None => match self.number(text) {
                        Some(number) => values.push(number),
                        None => return Err(Unfit::NoNumber { field: column.field }),
                    },
                    Some(categories) => {
                        let first = values.len();
                        values.resize(first + categories.len(), 0.0);
                        if let Ok(found) = categories.binary_search_by(|value| value[..].cmp(text))
                        {
                            values[first + found] = 1.0;
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// A number, or NaN for a missing value; `None` for any other text.
    fn number(&self, text: &[u8]) -> Option<f64> {
        if let Ok(number) = fast_float2::parse(text) {
            return Some(number);
        }
        let trimmed = text.trim_ascii();
        match fast_float2::parse(trimmed) {
            Ok(number) => Some(number),
            Err(_) => self.schema.is_missing(trimmed).then_some(f64::NAN),
        }
    }

    /// Gives each row that is kept to `work`, which answers with the field that it cannot take.
    fn each_row(
        &self,
        records: &mut Records,
        chunk: &Chunk<'_>,
        mut work: impl FnMut(&Records) -> Result<(), Unfit>,
    ) -> Result<(), FileError> {
        let expected = self.schema.names.len();
        let mut reader = reader(self.dialect);
        records.begin(chunk.bytes, expected);
        while records.advance(&mut reader, chunk.bytes) {
            if records.count != expected {
                let (found, line) = (records.count, self.line(records, chunk)?);
                let path = self.source.path.clone();
                return Err(FileError::RaggedRow { path, line, found, expected });
            }
            let missing =
                |&field: &usize| self.schema.is_missing(records.field(field).trim_ascii());
            if self.schema.required.iter().any(missing) {
                continue;
            }
            if let Err(unfit) = work(records) {
                let (path, line) = (self.source.path.clone(), self.line(records, chunk)?);
                return Err(match unfit {
                    Unfit::NoNumber { field } => FileError::NotANumber {
                        path,
                        line,
                        column: field + 1,
                        name: self.schema.names[field].clone(),
                        text: self.shortened(records.field(field)),
                    },
                    Unfit::NoText { field, invalid } => {
                        FileError::NotUtf8 { path, line, column: field + 1, invalid }
                    }
                });
            }
        }
        Ok(())
    }

    /// The line where the current row begins.
    fn line(&self, records: &Records, chunk: &Chunk<'_>) -> Result<u64, FileError> {
        let blank = chunk.bytes[records.start..].iter().take_while(|&&byte| is_newline(byte));
        self.source.line_at(chunk.offset + (records.start + blank.count()) as u64)
    }

    fn shortened(&self, text: &[u8]) -> String {
        let encoding = self.schema.encoding;
        if text.len() <= STORY_BYTES_MAX {
            return encoding.text(text);
        }
        format!("{}...", encoding.text(&text[..STORY_BYTES_MAX]))
    }
}

/// The fields of one row.
pub(super) fn fields(row: &[u8], dialect: Dialect) -> Vec<Vec<u8>> {
    let mut records = Records::default();
    records.begin(row, 1);
    let found = records.advance(&mut reader(dialect), row);
    let count = if found { records.count } else { 0 };
    (0..count).map(|field| records.field(field).to_vec()).collect()
}

fn reader(dialect: Dialect) -> Reader {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(dialect.delimiter).quoting(dialect.quote.is_some());
    dialect.quote.iter().for_each(|&quote| {
        builder.quote(quote);
    });
    builder.build()
}
