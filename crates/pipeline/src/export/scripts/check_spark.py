"""Computes an export again with Spark: python check_spark.py [FOLDER], or spark-submit. Needs pyspark and Java 17."""

import pathlib
import sys

from check import Check
from pyspark.sql import SparkSession


class Spark:
    def __init__(self):
        session = SparkSession.builder.appName("check").config("spark.ui.enabled", "false")
        self.session = session.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def table(self, name, folder):
        self.session.read.parquet(folder).cache().createOrReplaceTempView(name)

    def view(self, name, sql):
        self.session.sql(sql).createOrReplaceTempView(name)

    def rows(self, sql):
        return [tuple(row) for row in self.session.sql(sql).collect()]


here = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent
sys.exit(Check(here, Spark()).run())
