"""Saves a seasonal naive forecast with quantiles as a model that `mlflow models serve` serves.

    mlflow-model.py SALES_JSON FOLDER

SALES_JSON has `first`, an ISO day, and by product the units sold on each day from then on. A question
is a product and its first and last day; the answer its mean and quantiles, as cd4ml's has them. It
does less than cd4ml's blend: what is sold is what was sold 52 weeks before, and its errors are those
of the last year, of spans of seven days.
"""

import json
import sys
from datetime import date

import mlflow
import numpy as np
import pandas as pd

LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
YEAR = 364


class SeasonalNaive(mlflow.pyfunc.PythonModel):
    def __init__(self, first, units):
        self.first = first
        self.units = units
        self.errors = {}
        for product, sold in units.items():
            error = sold[YEAR:] - sold[:-YEAR]
            weeks = error[: len(error) // 7 * 7].reshape(-1, 7).sum(axis=1)
            self.errors[product] = np.quantile(weeks, LEVELS)

    def predict(self, context, model_input, params=None):
        return [
            self.answer(*question)
            for question in zip(model_input["product"], model_input["from"], model_input["to"])
        ]

    def answer(self, product, start, end):
        sold = self.units[product]
        begin = (date.fromisoformat(start) - self.first).days
        days = (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        while begin + days > len(sold):
            begin -= YEAR
        mean = float(sold[begin : begin + days].sum())
        spread = self.errors[product] * np.sqrt(days / 7)
        quantiles = np.maximum(0, mean + spread).tolist()
        return {"product": product, "from": start, "to": end, "mean": mean, "quantiles": quantiles}


def main(sales, folder):
    with open(sales) as file:
        written = json.load(file)
    units = {product: np.array(sold, dtype=float) for product, sold in written["units"].items()}
    model = SeasonalNaive(date.fromisoformat(written["first"]), units)
    question = pd.DataFrame([{"product": "1001", "from": "2026-11-01", "to": "2026-11-07"}])
    signature = mlflow.models.infer_signature(question)
    mlflow.pyfunc.save_model(folder, python_model=model, signature=signature)


main(*sys.argv[1:])
