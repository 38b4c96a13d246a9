"""Reads an index as a data frame with eland and compares it with the pandas frame that was indexed."""

import sys
import warnings

import eland
import pandas
from elasticsearch import Elasticsearch
from same import same

INDEX = "py-client-eland"
ROWS = 500

warnings.simplefilter("ignore")


def frame():
    rows = range(ROWS)
    return pandas.DataFrame({
        "at": pandas.to_datetime([1772230530 + 60 * n for n in rows], unit="s"),
        "level": ["ERROR" if n % 5 == 0 else "INFO" for n in rows],
        "ms": [n * 3 % 101 for n in rows],
        "cost": [n / 8 for n in rows],
        "ok": [n % 2 == 0 for n in rows],
    }, index=[str(n) for n in rows])


def main():
    es = Elasticsearch(sys.argv[1])
    es.indices.delete(index=INDEX, ignore_unavailable=True)
    want = frame()
    eland.pandas_to_eland(want, es, INDEX, es_if_exists="replace", es_refresh=True, es_type_overrides={"level": "keyword"})
    got = eland.DataFrame(es, INDEX)
    same("shape", got.shape, want.shape)
    same("columns", sorted(got.columns), sorted(want.columns))
    same("types", {c: str(t) for c, t in got.dtypes.items()},
         {"at": "datetime64[ns]", "cost": "float64", "level": "object", "ms": "int64", "ok": "bool"})

    columns = list(got.columns)
    all_rows = eland.eland_to_pandas(got)[columns]
    all_rows.index = [str(i) for i in all_rows.index]
    expected = want[columns].astype(all_rows.dtypes.to_dict())
    pandas.testing.assert_frame_equal(all_rows.loc[expected.index], expected, check_names=False)
    same("head", [str(i) for i in eland.eland_to_pandas(got.head(3)).index], ["0", "1", "2"])

    for column in ("ms", "cost"):
        for what in ("mean", "min", "max", "sum"):
            a, b = float(getattr(got[column], what)()), float(getattr(want[column], what)())
            same(f"{what} of {column}", abs(a - b) <= 1e-9 * max(1, abs(b)), True)
    described, by_pandas = got.describe(), want[["ms", "cost"]].describe()
    for column in ("ms", "cost"):
        same(f"mean of {column}", round(described[column]["mean"], 6), round(by_pandas[column]["mean"], 6))
        same(f"deviation of {column}", abs(described[column]["std"] - by_pandas[column]["std"]) < 1, True)
    same("values", got["level"].value_counts().to_dict(), {"INFO": 400, "ERROR": 100})
    same("distinct", got["level"].nunique(), 2)
    slow = got[(got["ms"] > 90) & (got["level"] == "ERROR")]
    same("filter", slow.shape[0], int(((want["ms"] > 90) & (want["level"] == "ERROR")).sum()))
    grouped = got[["level", "ms"]].groupby("level").agg(["sum", "max"])
    for level in ("ERROR", "INFO"):
        mine = want[want.level == level].ms
        same(f"group {level}", (int(grouped.loc[level][("ms", "sum")]), int(grouped.loc[level][("ms", "max")])), (int(mine.sum()), int(mine.max())))
    print(f"eland {eland.__version__}: ok")


main()
