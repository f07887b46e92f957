"""mlforecast with LightGBM on the sales of one store, for `npm run benchmark parts`.

    pip install mlforecast==1.1.0 lightgbm==4.7.0
    OMP_NUM_THREADS=2 python benchmarks/parts-mlforecast.py ROWS.csv SALES.csv ...

ROWS is what `cd4ml pipeline --rows` has written: the rows that are scored, with what cd4ml forecast.
From each of their origins one model of all items, on all sales up to it, forecasts the same rows:
lags, rolling means, calendar and department, a Tweedie loss, and mlforecast's conformal intervals.
Prints what it took, and WAPE and weighted quantile loss of both on these rows, as JSON.
"""

import json
import resource
import sys
import time
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean
from mlforecast.utils import PredictionIntervals
from utilsforecast.preprocessing import fill_gaps

warnings.filterwarnings("ignore")

KEYS = ["unique_id", "ds"]
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def main(rows_file, sales_files):
    start = time.perf_counter()
    rows = pd.read_csv(rows_file, dtype={"product_id": str}, parse_dates=["known_until", "period"])
    rows = rows.rename(columns={"product_id": "unique_id", "period": "ds"})
    horizon = int(rows["ahead"].max())
    sales = panel(sales_files)
    made = []
    for origin, asked in rows.groupby("known_until"):
        forecast = forecast_from(sales[sales["ds"] <= origin], horizon)
        made.append(asked[[*KEYS, "actual"]].merge(forecast, on=KEYS, how="left"))
        print(f"{origin.date()}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    made = pd.concat(made)
    assert made["mean"].notna().all(), "every scored row must be forecast"
    used = resource.getrusage(resource.RUSAGE_SELF)
    ours = rows[[*KEYS, "actual"]].assign(
        mean=rows["challenger"], **{p: rows[f"challenger_{p}"] for p in LEVELS}
    )
    print(json.dumps({
        "seconds": time.perf_counter() - start,
        "cpuSeconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss * 1024 / 1e6,
        "rows": len(rows),
        "cd4ml": metrics(ours),
        "mlforecast": metrics(made),
    }))


def panel(files):
    """One row an item and day since it first sold, 0 where it sold nothing."""
    types = {"item": str, "department": str, "units": np.float32}
    columns = ["item", "department", "date", "units"]
    sold = pd.concat([
        pd.read_csv(file, usecols=columns, dtype=types, parse_dates=["date"]) for file in files
    ])[columns]
    sold.columns = ["unique_id", "department", "ds", "y"]
    department = sold.groupby("unique_id")["department"].first()
    days = fill_gaps(sold[["unique_id", "ds", "y"]], freq="D", end="global").fillna({"y": 0})
    days["department"] = days["unique_id"].map(department).astype("category")
    return days


def forecast_from(sales, horizon):
    model = lgb.LGBMRegressor(
        objective="tweedie", tweedie_variance_power=1.2, n_estimators=200, learning_rate=0.08,
        num_leaves=31, min_child_samples=50, subsample=0.8, subsample_freq=1, colsample_bytree=0.8,
        random_state=1, verbosity=-1,
    )
    # Conformal intervals need two windows of each series, and one before them to learn from.
    days = sales.groupby("unique_id")["y"].transform("size")
    long = sales[days > 3 * horizon + 1]
    fitted = MLForecast(
        models={"lightgbm": model},
        freq="D",
        lags=[1, 2, 3, 7, 14, 21, 28],
        lag_transforms={1: [RollingMean(7), RollingMean(28), RollingMean(91, min_samples=1)]},
        date_features=["dayofweek", "day", "month", "year"],
    ).fit(
        long, static_features=["department"],
        prediction_intervals=PredictionIntervals(n_windows=2, h=horizon),
    )
    told = fitted.predict(horizon, level=[80])
    made = told[KEYS].assign(
        mean=told["lightgbm"].clip(0),
        p10=told["lightgbm-lo-80"].clip(0),
        p50=told["lightgbm"].clip(0),
        p90=told["lightgbm-hi-80"].clip(0),
    )
    return pd.concat([made, of_young(sales[days <= 3 * horizon + 1], horizon)])


def of_young(sales, horizon):
    """Of what is too young for that the mean of its last four weeks, for all quantiles."""
    if sales.empty:
        return pd.DataFrame(columns=[*KEYS, "mean", *LEVELS])
    level = sales.groupby("unique_id")["y"].apply(lambda y: y.tail(28).mean())
    ahead = pd.date_range(sales["ds"].max(), periods=horizon + 1)[1:]
    made = level.rename("mean").reset_index().merge(pd.DataFrame({"ds": ahead}), how="cross")
    return made.assign(**{p: made["mean"] for p in LEVELS})[[*KEYS, "mean", *LEVELS]]


def metrics(scored):
    """As in metrics.ts."""
    actual = scored["actual"]
    loss = [
        2 * np.maximum(p * (actual - scored[name]), (p - 1) * (actual - scored[name])).sum()
        for name, p in LEVELS.items()
    ]
    wape = (scored["mean"] - actual).abs().sum() / actual.sum()
    return {"wape": wape, "weightedQuantileLoss": np.mean(loss) / actual.sum()}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
