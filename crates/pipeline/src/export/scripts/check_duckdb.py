"""Computes an export again with DuckDB: python check_duckdb.py [FOLDER]. Needs the package duckdb."""

import pathlib
import sys

import duckdb
from check import Check


class DuckDb:
    def __init__(self):
        self.database = duckdb.connect()
        # DuckDB calls this function by another name.
        self.database.execute("CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)")

    def table(self, name, folder):
        files = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = true, hive_types = {{'workspace': VARCHAR}})"
        self.database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM {files}')

    def view(self, name, sql):
        self.database.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def rows(self, sql):
        return self.database.execute(sql).fetchall()


here = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent
sys.exit(Check(here, DuckDb()).run())
