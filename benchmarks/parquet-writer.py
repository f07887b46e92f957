"""Writes sales as CSV once more as Parquet, as pyarrow does by itself: python FROM.csv TO.parquet"""

import sys

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as csv
import pyarrow.parquet as parquet

money, day = pa.decimal128(12, 2), pa.date32()
sales = csv.read_csv(
    sys.argv[1],
    parse_options=csv.ParseOptions(delimiter=";"),
    convert_options=csv.ConvertOptions(
        column_types={"id": pa.string(), "preco": pa.string(), "custo": pa.string()},
        timestamp_parsers=["%d/%m/%Y"],
    ),
)
for index, name in enumerate(sales.column_names):
    column = sales[name]
    if name in ("preco", "custo"):
        column = compute.replace_substring(column, ",", ".").cast(money)
    elif name.startswith("data_"):
        column = column.cast(day)
    sales = sales.set_column(index, name, column)
parquet.write_table(sales, sys.argv[2])
