"""pyarrow's CSV reader with two threads."""

import pyarrow
import pyarrow.csv
from data import csv_path

TITLE = "pyarrow"
pyarrow.set_cpu_count(2)


def csv(rows, columns):
    path = csv_path(rows, columns, ".")

    def run():
        table = pyarrow.csv.read_csv(path)
        return float(sum(column.to_numpy().sum() for column in table.columns))

    return run
