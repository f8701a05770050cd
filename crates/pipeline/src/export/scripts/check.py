"""Computes all that an export holds again, with an engine that is not the one it was written by, and compares.

The queries are those of the programme, word for word; see sql/queries.json for what they run on. An engine gives
  table(name, folder)  makes the Parquet files below a folder a table: its partitions are columns,
  view(name, sql)      gives a query a name, in place of what bore it before,
  rows(sql)            runs a query: rows as tuples, in its order.
"""

import json
import pathlib
import sys


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def plain(value):
    """A value as the export writes it: of several in one cell each once, in order."""
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return "; ".join(sorted({item for item in value if item is not None})) or None
    return value.isoformat() if hasattr(value, "isoformat") else value


class Check:
    def __init__(self, folder, engine):
        self.engine, self.folder = engine, pathlib.Path(folder)
        self.queries = json.loads(read(self.folder / "sql/queries.json"))
        package = json.loads(read(self.folder / "datapackage.json"))
        self.tables = {it["table"]: it for it in package["resources"] if it["format"] == "parquet"}
        for name in self.tables:
            engine.table(f"all_{name}", str(self.folder / "data" / name))
        self.counts, self.faults = {}, []

    def sql(self, query):
        return read(self.folder / query["sql"]).rstrip()

    def role(self, role):
        return [name for name, table in self.tables.items() if table["role"] == role]

    def stand(self, workspace, rows, shown, source="counted"):
        """Gives the tables of queries the rows of some years of a workspace, and names the views that queries read."""
        here = f"workspace = '{workspace}'"
        forms = [name.removeprefix("read_") for name in self.role("read") if name.startswith("read_")]
        for form in forms:
            table = form if source == "counted" else f"read_{form}"
            self.engine.view(form, f"SELECT * FROM all_{table} WHERE {here} AND {rows}")
        for codes in [name for name in self.role("read") if not name.startswith("read_")]:
            form = max((form for form in forms if codes.startswith(form + "_")), key=len)
            of_rows = f"record IN (SELECT record FROM {form})"
            self.engine.view(codes, f"SELECT * FROM all_{codes} WHERE {here} AND {of_rows}")
        for name in self.role("list"):
            self.engine.view(name, f"SELECT * FROM all_{name} WHERE {here}")
        # Rules do not know of overlaps, nor which years are counted.
        known = here if source == "counted" else "1 = 0"
        self.engine.view("duplicate", f"SELECT * FROM all_duplicate WHERE {known}")
        self.engine.view("shown", f"SELECT first_day, last_day FROM all_span WHERE {known} AND {shown}")
        for view in self.queries["views"]:
            self.engine.view(view["name"], self.sql(view))

    def compare(self, kind, name, expected, found):
        right, all_of_kind = self.counts.get(kind, (0, 0))
        self.counts[kind] = (right + (expected == found), all_of_kind + 1)
        if expected != found:
            self.faults.append(f"{kind} {name}: {expected} in the export, {found} computed")

    def indicator(self, query, years):
        """The figures of an indicator, by their ids: over each of its keys given or left open."""
        keys = query["by"]
        key = ", ".join(f"COALESCE(CAST({k} AS STRING), '') AS k{n}" for n, k in enumerate(keys))
        groups = ", ".join(f"k{n}" for n in range(len(keys)))
        open_keys = "".join(f", GROUPING(k{n})" for n in range(len(keys)))
        value = "SUM(value)"
        rows = f"SELECT {key}, value FROM (\n{self.sql(query)}\n) AS q WHERE value IS NOT NULL"
        if query["measure"] == "count_distinct":
            value = "COUNT(DISTINCT value)"
            rows = f"SELECT {key}, COALESCE(CAST(value AS STRING), '') AS value FROM (\n{self.sql(query)}\n) AS q"
        answer = self.engine.rows(f"SELECT {groups}{open_keys}, {value} FROM ({rows}) AS r GROUP BY CUBE ({groups})")
        figures = {}
        for row in answer:
            codes, is_open, value = row[: len(keys)], row[len(keys) : 2 * len(keys)], row[-1]
            named = [f"/{k}={code}" for k, code, is_open in zip(keys, codes, is_open) if not is_open]
            figures[f"{query['name']}/{years}{''.join(named)}"] = int(value or 0)
        return figures or {f"{query['name']}/{years}": 0}

    def figures(self, workspace, years):
        told = self.engine.rows(
            f"SELECT figure, value FROM all_figure WHERE workspace = '{workspace}' AND years = '{years}'"
        )
        expected, found = dict(told), {}
        for query in self.queries["indicators"]:
            found.update(self.indicator(query, years))
        for name in sorted(expected.keys() | found.keys()):
            self.compare("figure", name, expected.get(name), found.get(name))

    def listings(self, workspace, years):
        for query in self.queries["listings"]:
            table = self.tables[f"listing_{query['name']}"]
            names = [field["name"] for field in table["schema"]["fields"]][2:]
            columns = ", ".join(names)
            expected = self.engine.rows(
                f"SELECT {columns} FROM all_listing_{query['name']} "
                f"WHERE workspace = '{workspace}' AND listing_years = '{years}' ORDER BY listing_place"
            )
            sql = self.sql(query)
            found = self.engine.rows(sql)
            expected, found = ([tuple(map(plain, row)) for row in rows] for rows in (expected, found))
            self.compare("listing", f"{query['name']}/{years}", expected, found)

    def rules(self, workspace, year, scope):
        told = self.engine.rows(
            f"SELECT query, record FROM all_rule_result WHERE workspace = '{workspace}' AND report_year = {year}"
        )
        for query in self.queries["rules"]:
            if query["scope"] == scope:
                expected = sorted({record for name, record in told if name == query["name"]})
                found = sorted({row[0] for row in self.engine.rows(self.sql(query))})
                self.compare("rule", f"{query['name']}/{year}", expected, found)

    def run(self):
        spans = self.engine.rows("SELECT workspace, years, from_year, to_year FROM all_span")
        for workspace, years, first, last in sorted(spans):
            print(f"{workspace} {years}", file=sys.stderr)
            between = f"report_year BETWEEN {first} AND {last}"
            self.stand(workspace, between, f"years = '{years}'")
            self.figures(workspace, years)
            self.listings(workspace, years)
            if first == last:
                for scope, rows in [("submission", between), ("year", f"{between} AND NOT held")]:
                    self.stand(workspace, rows, "1 = 0", "read")
                    self.rules(workspace, first, scope)
        issued, other = self.engine.rows(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN f.value = i.value THEN 0 ELSE 1 END), 0) FROM all_issued AS i "
            "LEFT JOIN all_figure AS f ON i.workspace = f.workspace AND i.figure = f.figure"
        )[0]
        if issued:
            print(f"{other} of {issued} issued figures are another today: see the table issued")
        for fault in self.faults[:20]:
            print(fault[:2000])
        for kind, (right, number) in sorted(self.counts.items()):
            print(f"{right} of {number} {kind}s agree")
        return 1 if self.faults or not self.counts else 0
