"""Computes an export again with DataFusion: python check_datafusion.py [FOLDER]. Needs the package datafusion."""

import pathlib
import sys

import pyarrow
from check import Check
from datafusion import SessionContext


class DataFusion:
    def __init__(self):
        self.context = SessionContext()

    def table(self, name, folder):
        partitions = [("workspace", pyarrow.string())]
        if any(pathlib.Path(folder).glob("*/report_year=*")):
            partitions.append(("report_year", pyarrow.int64()))
        self.context.register_parquet(name, folder, table_partition_cols=partitions)

    def view(self, name, sql):
        self.context.sql(f'CREATE OR REPLACE VIEW "{name}" AS {sql}').collect()

    def rows(self, sql):
        # By place: two columns of an answer may bear one name.
        batches = self.context.sql(sql).collect()
        columns = lambda batch: [column.to_pylist() for column in batch.columns]
        return [row for batch in batches for row in zip(*columns(batch))]


here = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent
sys.exit(Check(here, DataFusion()).run())
