"""Runs SQL files on the tables of a sweep in the current folder: sweep-sql.py (duckdb | datafusion) FILE...

Prints each row, numbers with six digits, so that two engines can be compared. Also looks at what Arrow says of a column.
"""
import json, pathlib, re, sys
import pyarrow.parquet


def engine(name):
    if name == "duckdb":
        import duckdb
        return lambda sql: duckdb.sql(sql).fetchall()
    import datafusion
    context = datafusion.SessionContext().enable_url_table()

    def rows(sql):
        return [tuple(row.values()) for row in context.sql(sql).to_arrow_table().to_pylist()]
    return rows


def written(value):
    if isinstance(value, str) or value is None:
        return str(value)
    return f"{float(value):.6g}"


def check_units():
    schema = pyarrow.parquet.read_schema("cells.parquet")
    units = {field.name: (field.metadata or {}).get(b"unit") for field in schema}
    expected = {"p99_pause_ns": b"nanoseconds", "peak_total_bytes": b"bytes", "throughput": b"per second", "seed": None}
    assert {name: units[name] for name in expected} == expected, units
    assert schema.field("seed").metadata[b"about"] == b"stream of its random choices"
    metadata = pyarrow.parquet.read_metadata("cells.parquet").metadata
    assert metadata[b"tenure.schema"] == b"tenure.sweep.cells/2", metadata


def check_front(rows):
    """That the front which SQL finds is the one that the merge has drawn on its page."""
    page = pathlib.Path("sweep.html").read_text()
    points = json.loads(re.search(r'id="figures"[^>]*>(.*?)</script>', page, re.S).group(1))["points"]
    front = [point for point in points if point["on_front"] and point["clock"] == "modelled"]
    keys = ["workload", "parameters", "config", "heap", "p99_ns", "peak_bytes"]
    found = sorted((*row[:3], row[3] or "", *row[5:7]) for row in rows)
    assert found == sorted(tuple(point[key] for key in keys) for point in front), "front.sql is not the front of the page"


check_units()
query = engine(sys.argv[1])
for file in sys.argv[2:]:
    rows = query(pathlib.Path(file).read_text().rstrip().rstrip(";"))
    name = pathlib.Path(file).stem
    assert rows or name == "checksums", f"{name} finds nothing"
    assert not (rows and name == "checksums"), f"results depend on the heap: {rows}"
    if name == "front":
        check_front(rows)
    for row in rows:
        print(name, *map(written, row), sep="|")
