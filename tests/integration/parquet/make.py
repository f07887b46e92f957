"""Writes the Parquet files beside it: the same ten sales as each program writes them by itself, and
one file for each thing that a Parquet file may hold.

    pip install pandas pyarrow polars duckdb pyspark   # Spark needs Java 17
    python make.py
"""

import datetime as dt
import decimal
import glob
import os
import shutil
import tempfile

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
DAYS = [dt.date(2026, 1, 5) + dt.timedelta(days=n // 2) for n in range(10)]
PRODUCTS = ["007", "0012", "café", "007", "0012", "café", "007", "0012", "café", "007"]
UNITS = [3, 1, 2, 0, 4, 1, -1, 2, 1, 5]
PRICES = ["2.50", "12.90", "0.10", "2.50", "12.90", "0.10", "2.50", "12.90", None, "2.45"]
STORES = [9007199254740993, 1] * 5  # the first is 2^53 + 1


def decimals(precision, scale):
    return pa.array([p and decimal.Decimal(p) for p in PRICES], pa.decimal128(precision, scale))


def arrow(**others):
    columns = {
        "product": pa.array(PRODUCTS),
        "day": pa.array(DAYS, pa.date32()),
        "units": pa.array(UNITS, pa.int32()),
        "price": decimals(9, 2),
        "store": pa.array(STORES, pa.int64()),
    }
    return pa.table(columns | others)


def write(name, table, **options):
    pq.write_table(table, os.path.join(HERE, name), **options)


def moments(zone=None, unit="us", hour=0):
    times = [dt.datetime.combine(day, dt.time(hour)) for day in DAYS]
    return pa.array(times, pa.timestamp(unit)).cast(pa.timestamp(unit, zone)) if zone else pa.array(times, pa.timestamp(unit))


def programs():
    frame = pd.DataFrame(
        {
            "product": PRODUCTS,
            "day": pd.to_datetime(DAYS),
            "units": UNITS,
            "price": [p and float(p) for p in PRICES],
            "store": STORES,
        }
    )
    frame.to_parquet(os.path.join(HERE, "pandas.parquet"), index=False)
    frame.set_index("product").to_parquet(os.path.join(HERE, "pandas-index.parquet"))
    polars = pl.from_arrow(arrow())
    polars.write_parquet(os.path.join(HERE, "polars.parquet"))
    sales = arrow()  # noqa: F841: DuckDB finds it by its name
    duckdb.sql(f"COPY (SELECT * FROM sales) TO '{os.path.join(HERE, 'duckdb.parquet')}' (FORMAT parquet)")


def spark():
    from pyspark.sql import SparkSession
    from pyspark.sql import types as t

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "America/Sao_Paulo")
        .getOrCreate()
    )
    schema = t.StructType(
        [
            t.StructField("product", t.StringType()),
            t.StructField("day", t.DateType()),
            t.StructField("units", t.IntegerType()),
            t.StructField("price", t.DecimalType(9, 2)),
            t.StructField("store", t.LongType()),
        ]
    )
    rows = [
        (product, day, units, price and decimal.Decimal(price), store)
        for product, day, units, price, store in zip(PRODUCTS, DAYS, UNITS, PRICES, STORES)
    ]
    frame = session.createDataFrame(rows, schema).coalesce(1)
    one(frame, "spark.parquet")
    frame.createOrReplaceTempView("sales")
    at = "to_timestamp(concat(day, ' 22:30:00'))"
    instants = session.sql(f"SELECT product, {at} AS day, units, price, store FROM sales")
    one(instants, "spark-int96.parquet")
    session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    one(instants, "spark-instants.parquet")
    session.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
    one(frame, "spark-legacy.parquet")
    session.stop()


def one(frame, name):
    folder = tempfile.mkdtemp()
    frame.write.mode("overwrite").parquet(folder)
    shutil.copy(glob.glob(os.path.join(folder, "part-*.parquet"))[0], os.path.join(HERE, name))
    shutil.rmtree(folder)


def kinds():
    for codec in ["none", "snappy", "gzip", "brotli", "lz4", "zstd"]:
        write(f"codec-{codec}.parquet", arrow(), compression=codec)
    write("pages-v2.parquet", arrow(), data_page_version="2.0", compression="zstd")
    write("no-dictionary.parquet", arrow(), use_dictionary=False)
    write("row-groups.parquet", arrow(), row_group_size=3)
    write(
        "delta.parquet",
        arrow(),
        use_dictionary=False,
        column_encoding={
            "product": "DELTA_BYTE_ARRAY",
            "day": "DELTA_BINARY_PACKED",
            "units": "DELTA_BINARY_PACKED",
            "store": "DELTA_BINARY_PACKED",
        },
    )
    write(
        "split.parquet",
        arrow(price=pa.array([p and float(p) for p in PRICES])),
        use_dictionary=False,
        column_encoding={
            "product": "DELTA_LENGTH_BYTE_ARRAY",
            "price": "BYTE_STREAM_SPLIT",
            "units": "BYTE_STREAM_SPLIT",
        },
    )
    write("decimal-int32.parquet", arrow(), store_decimal_as_integer=True)
    write("decimal-int64.parquet", arrow(price=decimals(18, 4)), store_decimal_as_integer=True)
    write("decimal-38.parquet", arrow(price=decimals(38, 10)))
    write("float32.parquet", arrow(price=pa.array([p and float(p) for p in PRICES], pa.float32())))
    write("dictionary.parquet", arrow(product=pa.array(PRODUCTS).dictionary_encode()))
    write("large-text.parquet", arrow(product=pa.array(PRODUCTS, pa.large_string())))
    write("binary-text.parquet", arrow(product=pa.array([p.encode() for p in PRODUCTS])))
    write("text-dates.parquet", arrow(day=pa.array([day.strftime("%d/%m/%Y") for day in DAYS])))
    write("number-dates.parquet", arrow(day=pa.array([int(day.strftime("%Y%m%d")) for day in DAYS])))
    for unit in ["s", "ms", "us", "ns"]:
        write(f"timestamp-{unit}.parquet", arrow(day=moments(unit=unit, hour=22)))
    # 01:30 in UTC is 22:30 of the day before in São Paulo.
    utc = pa.array([dt.datetime.combine(day, dt.time(1, 30)) + dt.timedelta(days=1) for day in DAYS])
    write("instants.parquet", arrow(day=utc.cast(pa.timestamp("us", "UTC"))))
    write("int96.parquet", arrow(day=moments(hour=22)), use_deprecated_int96_timestamps=True)
    write("unsigned.parquet", arrow(store=pa.array([2**64 - 1, 1] * 5, pa.uint64())))
    write("flag.parquet", arrow(paid=pa.array([True] * 9 + [False])))
    lists = pa.array([[1, 2]] * 10)
    write("nested.parquet", arrow(lines=lists, customer=pa.array([{"name": "Ana"}] * 10)))
    write("nested-product.parquet", arrow(product=pa.array([[p] for p in PRODUCTS])))
    write("double-id.parquet", arrow(store=pa.array([float(n % 7) for n in STORES])))
    write("no-rows.parquet", arrow().slice(0, 0))
    write("all-null.parquet", arrow(price=pa.nulls(10)))
    write("reordered.parquet", arrow().select(["store", "price", "units", "day", "product"]))
    twice = pa.Table.from_arrays(
        [*arrow().columns, arrow()["units"]], names=[*arrow().column_names, "units"]
    )
    write("twice.parquet", twice)
    empty_group = pq.ParquetWriter(os.path.join(HERE, "empty-group.parquet"), arrow().schema)
    for part in [arrow().slice(0, 4), arrow().slice(0, 0), arrow().slice(4)]:
        empty_group.write_table(part)
    empty_group.close()


def encrypted():
    import pyarrow.parquet.encryption as pe

    class InMemory(pe.KmsClient):
        def __init__(self, _):
            pe.KmsClient.__init__(self)

        def wrap_key(self, key, _):
            return key.hex()

        def unwrap_key(self, key, _):
            return bytes.fromhex(key)

    factory = pe.CryptoFactory(InMemory)
    for name, plain in [("encrypted", False), ("encrypted-column", True)]:
        settings = pe.EncryptionConfiguration(
            footer_key="footer", column_keys={"column": ["price"]}, plaintext_footer=plain
        )
        properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), settings)
        write(f"{name}.parquet", arrow(), encryption_properties=properties)


if __name__ == "__main__":
    programs()
    kinds()
    encrypted()
    spark()
