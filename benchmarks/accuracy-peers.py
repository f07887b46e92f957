"""What Python's forecasters reach on the panels of `npm run benchmark accuracy`.

    npm run benchmark accuracy -- --datasets FOLDER --simulated --export PANELS
    pip install statsforecast==2.1.0 mlforecast==1.1.0 lightgbm==4.7.0
    python benchmarks/accuracy-peers.py PANELS [NAME ...]

The same origins, series, rows and metrics as `accuracy.ts`. The statistical methods are
statsforecast's, fitted to each series at each origin, with its own intervals; simple exponential
smoothing has none. LightGBM is one model over all series by mlforecast, direct for each horizon, on
lags and rolling means with a Tweedie loss: the best of five settings on the window before the first
origin, with mlforecast's conformal intervals.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean, RollingStd
from mlforecast.utils import PredictionIntervals
from statsforecast import StatsForecast
from statsforecast.models import (
    AutoETS,
    Naive,
    SeasonalNaive,
    SimpleExponentialSmoothingOptimized,
    Theta,
)

warnings.filterwarnings("ignore")

ACTIVE = {"day": 28, "week": 8, "month": 3}
LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
LAGS = {"day": [1, 2, 3, 7, 14, 21, 28], "week": [1, 2, 3, 4, 8, 13, 26, 52], "month": [1, 2, 3, 6, 12]}
WINDOWS = {"day": [7, 28, 91], "week": [4, 13, 26], "month": [3, 6, 12]}
DATES = {"day": ["dayofweek", "day", "month"], "week": ["week", "month"], "month": ["month"]}
SETTINGS = [
    dict(num_leaves=leaves, learning_rate=rate, n_estimators=trees, min_child_samples=least)
    for leaves, rate, trees, least in [
        (15, 0.05, 200, 20),
        (31, 0.05, 300, 20),
        (63, 0.05, 300, 50),
        (31, 0.1, 100, 50),
        (127, 0.03, 400, 100),
    ]
]


def main(folder, names):
    for asked in sorted(Path(folder).glob("*.json")):
        if names and asked.stem not in names:
            continue
        panel = Panel(asked.with_suffix(".csv"), **json.loads(asked.read_text()))
        print(f"\n{asked.stem}: {panel.horizon} {panel.frequency}s ahead, {panel.origins} origins")
        columns = ["WAPE", "bias", "quantile loss", "coverage 80%", "coverage 95%", "seconds"]
        print(" " * 26 + "  ".join(columns))
        for model, forecast in peers(panel):
            start = time.perf_counter()
            found = score(panel, forecast)
            cells = [f"{100 * value:{len(c)}.1f}" for value, c in zip(found, columns)]
            print(f"{model:26}" + "  ".join(cells) + f"{time.perf_counter() - start:9.1f}", flush=True)


class Panel:
    """Series with gaps filled by 0, and the ends of their histories: one for each origin."""

    def __init__(self, file, frequency, season, horizon, origins):
        self.frequency, self.season, self.horizon, self.origins = frequency, season, horizon, origins
        self.rows = pd.read_csv(file, parse_dates=["ds"], dtype={"unique_id": str, "category": str})
        self.rows["category"] = self.rows["category"].fillna("").astype("category")
        self.dates = np.sort(self.rows["ds"].unique())
        self.alias = {"day": "D", "week": "W-MON", "month": "MS"}[frequency]

    def ends(self):
        last = len(self.dates) - self.horizon
        return [last - self.horizon * k for k in reversed(range(self.origins))]

    def history(self, end):
        return self.rows[self.rows["ds"] < self.dates[end]]

    def actual(self, end):
        """The rows that are scored: of series that sold lately, without days out of stock."""
        since = self.dates[max(0, end - ACTIVE[self.frequency])]
        lately = self.rows[(self.rows["ds"] >= since) & (self.rows["ds"] < self.dates[end])]
        sold = lately.groupby("unique_id")["y"].sum()
        ahead = self.rows[self.rows["ds"].isin(self.dates[end : end + self.horizon])]
        active = ahead["unique_id"].isin(sold[sold > 0].index)
        return ahead.loc[active & (ahead["scored"] == 1), ["unique_id", "ds", "y"]]


def score(panel, forecast):
    """WAPE, bias, weighted quantile loss, coverage of 80% and of 95%; as in metrics.ts."""
    rows = []
    for end in panel.ends():
        rows.append(panel.actual(end).merge(forecast(end), on=["unique_id", "ds"], how="left"))
    rows = pd.concat(rows)
    assert rows["mean"].notna().all(), "every scored row must be forecast"
    y, error = rows["y"], rows["mean"] - rows["y"]
    quantiles = {level: rows[f"q{level}"] for level in LEVELS}
    loss = np.mean([
        2 * np.maximum(p * (y - quantiles[p]), (p - 1) * (y - quantiles[p])).sum(skipna=False)
        for p in [0.1, 0.5, 0.9]
    ])
    inside = [
        np.nan if quantiles[low].isna().any() else y.between(quantiles[low], quantiles[high]).mean()
        for low, high in [(0.1, 0.9), (0.025, 0.975)]
    ]
    return [error.abs().sum() / y.sum(), error.sum() / y.sum(), loss / y.sum(), *inside]


def peers(panel):
    """Pairs of a name and a function from the end of a history to its forecasts."""
    # AutoETS does without seasons of more than 24 periods, and theta needs two of them.
    short = panel.season if panel.season <= 24 else 1
    long = panel.season if panel.ends()[0] >= 2 * panel.season else 1
    statistical = {
        "seasonal naive": SeasonalNaive(long),
        "SES": SimpleExponentialSmoothingOptimized(),
        "theta": Theta(long),
        "AutoETS": AutoETS(short),
    }
    for name, model in statistical.items():
        yield name, lambda end, model=model: statistical_forecast(panel, model, end)
    best = min(SETTINGS, key=lambda settings: tuning_loss(panel, settings))
    yield "LightGBM", lambda end: lightgbm_forecast(panel, best, end)


def statistical_forecast(panel, model, end):
    history = panel.history(end)[["unique_id", "ds", "y"]]
    with_intervals = not isinstance(model, SimpleExponentialSmoothingOptimized)
    made = StatsForecast(
        models=[model], freq=panel.alias, fallback_model=Naive()
    ).forecast(df=history, h=panel.horizon, **({"level": [80, 95]} if with_intervals else {}))
    # Of fewer periods than a season seasonal naive makes nothing: there the last value.
    last = made["unique_id"].map(history.groupby("unique_id")["y"].last())
    made[made.columns[2]] = made[made.columns[2]].fillna(last)
    return with_quantiles(made, made.columns[2], missing=last if with_intervals else np.nan)


def lightgbm_forecast(panel, settings, end):
    history = panel.history(end)[["unique_id", "ds", "y", "category"]]
    lengths = history.groupby("unique_id")["y"].transform("size")
    # Conformal intervals need two windows of each series, and one before them to learn from; a
    # shorter series gets its mean for all quantiles.
    made = fitted(panel, settings, history).predict(panel.horizon)
    long = history[lengths > 3 * panel.horizon + 1]
    if long.empty:
        return with_quantiles(made, "LightGBM", missing=made["LightGBM"])
    windows = PredictionIntervals(n_windows=2, h=panel.horizon)
    spread = fitted(panel, settings, long, windows).predict(panel.horizon, level=[80, 95])
    both = made.merge(spread.drop(columns="LightGBM"), on=["unique_id", "ds"], how="left")
    return with_quantiles(both, "LightGBM", missing=both["LightGBM"])


def fitted(panel, settings, history, intervals=None):
    lags = LAGS[panel.frequency]
    windows = WINDOWS[panel.frequency]
    model = lgb.LGBMRegressor(
        objective="tweedie", tweedie_variance_power=1.2, random_state=1, verbosity=-1, n_jobs=2,
        subsample=0.8, subsample_freq=1, colsample_bytree=0.8, **settings,
    )
    transforms = [RollingMean(window, min_samples=1) for window in windows]
    return MLForecast(
        models={"LightGBM": model},
        freq=panel.alias,
        lags=lags,
        lag_transforms={1: [*transforms, RollingStd(windows[0], min_samples=2)]},
        date_features=DATES[panel.frequency],
    ).fit(
        history, static_features=["category"], dropna=False, max_horizon=panel.horizon,
        prediction_intervals=intervals,
    )


def tuning_loss(panel, settings):
    """Absolute error on the window before the first origin."""
    end = panel.ends()[0] - panel.horizon
    made = fitted(panel, settings, panel.history(end)[["unique_id", "ds", "y", "category"]])
    rows = panel.actual(end).merge(made.predict(panel.horizon), on=["unique_id", "ds"])
    return (rows["LightGBM"].clip(0) - rows["y"]).abs().sum()


def with_quantiles(made, column, missing=np.nan):
    """unique_id, ds, mean and one column a level, from the bounds of 80% and 95% intervals."""
    bounds = ["lo-95", "lo-80", None, "hi-80", "hi-95"]
    result = made[["unique_id", "ds"]].assign(mean=made[column].clip(0))
    for level, bound in zip(LEVELS, bounds):
        given = made.get(f"{column}-{bound}", pd.Series(np.nan, made.index)).fillna(missing)
        result[f"q{level}"] = result["mean"] if bound is None else given.clip(0)
    return result


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
