"""What Python's forecasters reach on the panels of `npm run benchmark accuracy`.

    npm run benchmark accuracy -- --datasets FOLDER --shapes --simulated --worlds --export PANELS
    pip install statsforecast==2.1.0 mlforecast==1.1.0 lightgbm==4.7.0
    OMP_NUM_THREADS=1 NIXTLA_ID_AS_COL=1 python benchmarks/accuracy-peers.py PANELS PEERS [NAME ...]
    npm run benchmark accuracy -- --datasets FOLDER --shapes --simulated --worlds --peers PEERS

The same origins, series, rows and metrics as `accuracy.ts`. The statistical methods are
statsforecast's, fitted to each series at each origin, with its own intervals; simple exponential
smoothing has none. LightGBM is one model over all series by mlforecast, direct for each horizon, on
lags and rolling means with a Tweedie loss: the best of five settings on the window before the first
origin, with mlforecast's conformal intervals. LightGBM on quantiles is a model for each horizon and
level, see `QuantileTrees`. A combination is the mean of means and of quantiles.
"""

import json
import sys
import time
import warnings
from functools import cached_property
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
QUANTILE_SETTINGS = [
    dict(num_leaves=15, learning_rate=0.08, n_estimators=100),
    dict(num_leaves=31, learning_rate=0.05, n_estimators=200),
]
SHORT = {"day": 28, "week": 12, "month": 6}


def main(panels, peers_folder, names):
    for asked in sorted(Path(panels).glob("*.json")):
        if names and asked.stem not in names:
            continue
        panel = Panel(asked.with_suffix(".csv"), **json.loads(asked.read_text()))
        print(f"\n{asked.stem}: {panel.horizon} {panel.frequency}s ahead, {panel.origins} origins")
        print(" " * 26 + "  ".join(METRICS) + "  seconds")
        reached = []
        for model, forecast in peers(panel).items():
            start = time.perf_counter()
            metrics = score(panel, forecast)
            seconds = time.perf_counter() - start
            cells = [f"{100 * metrics[name]:{len(name)}.1f}" for name in METRICS]
            print(f"{model:26}" + "  ".join(cells) + f"{seconds:9.1f}", flush=True)
            known = {name: value for name, value in metrics.items() if not np.isnan(value)}
            reached.append(dict(dataset=asked.stem, model=model, seconds=seconds, metrics=known))
            Path(peers_folder).mkdir(parents=True, exist_ok=True)
            Path(peers_folder, asked.name).write_text(json.dumps(reached, indent=1))


class Panel:
    """Series with gaps filled by 0, and the ends of their histories: one for each origin."""

    def __init__(self, file, frequency, season, horizon, origins):
        self.frequency, self.season, self.horizon, self.origins = frequency, season, horizon, origins
        self.plan_file = file.with_name(f"{file.stem}-plan.csv")
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
        """The rows that are scored: of series that sold lately, where demand is known."""
        since = self.dates[max(0, end - ACTIVE[self.frequency])]
        lately = self.rows[(self.rows["ds"] >= since) & (self.rows["ds"] < self.dates[end])]
        sold = lately.groupby("unique_id")["y"].sum()
        ahead = self.rows[self.rows["ds"].isin(self.dates[end : end + self.horizon])]
        active = ahead["unique_id"].isin(sold[sold > 0].index)
        return ahead.loc[active & (ahead["scored"] == 1), ["unique_id", "ds", "y"]]


METRICS = ["wape", "medianWape", "bias", "weightedQuantileLoss", "coverage80", "coverage95"]


def score(panel, forecast):
    """As in metrics.ts; NaN where a level was not forecast."""
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
    median = (quantiles[0.5] - y).abs().sum(skipna=False)
    values = [error.abs().sum(), median, error.sum(), loss]
    return dict(zip(METRICS, [*(np.array(values) / y.sum()), *inside]))


def peers(panel):
    """By name, a function from the end of a history to its forecasts."""
    # AutoETS does without seasons of more than 24 periods, and theta needs two of them.
    short = panel.season if panel.season <= 24 else 1
    long = panel.season if panel.ends()[0] >= 2 * panel.season else 1
    statistical = {
        "seasonal naive": SeasonalNaive(long),
        "SES": SimpleExponentialSmoothingOptimized(),
        "theta": Theta(long),
        "AutoETS": AutoETS(short),
    }
    made = {
        name: kept(lambda end, model=model: statistical_forecast(panel, model, end))
        for name, model in statistical.items()
    }
    tweedie = kept(TweedieTrees(panel).forecast)
    quantiles = kept(QuantileTrees(panel).forecast)
    return {
        **made,
        "LightGBM": tweedie,
        "mean of ETS and LightGBM": lambda end: mean_of(made["AutoETS"](end), tweedie(end)),
        "LightGBM on quantiles": quantiles,
        "mean of that and ETS": lambda end: mean_of(made["AutoETS"](end), quantiles(end)),
    }


def kept(forecast):
    """What was forecast at an origin is not forecast again."""
    known = {}

    def at(end):
        if end not in known:
            known[end] = forecast(end)
        return known[end]

    return at


def mean_of(one, other):
    both = one.merge(other, on=["unique_id", "ds"], suffixes=("", " other"))
    columns = ["mean", *(f"q{level}" for level in LEVELS)]
    return both[["unique_id", "ds"]].assign(
        **{column: (both[column] + both[f"{column} other"]) / 2 for column in columns}
    )


def statistical_forecast(panel, model, end):
    history = panel.history(end)[["unique_id", "ds", "y"]]
    with_intervals = not isinstance(model, SimpleExponentialSmoothingOptimized)
    made = StatsForecast(
        models=[model], freq=panel.alias, fallback_model=Naive(), n_jobs=1
    ).forecast(df=history, h=panel.horizon, **({"level": [80, 95]} if with_intervals else {}))
    # Of fewer periods than a season seasonal naive makes nothing: there the last value.
    last = made["unique_id"].map(history.groupby("unique_id")["y"].last())
    made[made.columns[2]] = made[made.columns[2]].fillna(last)
    return with_quantiles(made, made.columns[2], missing=last if with_intervals else np.nan)


class TweedieTrees:
    """One LightGBM by mlforecast, direct, the best of five settings."""

    def __init__(self, panel):
        self.panel = panel

    @cached_property
    def settings(self):
        """Those of the least absolute error on the window before the first origin."""
        return min(SETTINGS, key=self.tuning_loss)

    def tuning_loss(self, settings):
        end = self.panel.ends()[0] - self.panel.horizon
        made = self.fitted(settings, self.history(end)).predict(self.panel.horizon)
        rows = self.panel.actual(end).merge(made, on=["unique_id", "ds"])
        return (rows["LightGBM"].clip(0) - rows["y"]).abs().sum()

    def forecast(self, end):
        horizon, history = self.panel.horizon, self.history(end)
        lengths = history.groupby("unique_id")["y"].transform("size")
        # Conformal intervals need two windows of each series, and one before them to learn from; a
        # shorter series gets its mean for all quantiles.
        made = self.fitted(self.settings, history).predict(horizon)
        long = history[lengths > 3 * horizon + 1]
        if long.empty:
            return with_quantiles(made, "LightGBM", missing=made["LightGBM"])
        windows = PredictionIntervals(n_windows=2, h=horizon)
        spread = self.fitted(self.settings, long, windows).predict(horizon, level=[80, 95])
        both = made.merge(spread.drop(columns="LightGBM"), on=["unique_id", "ds"], how="left")
        return with_quantiles(both, "LightGBM", missing=both["LightGBM"])

    def history(self, end):
        return self.panel.history(end)[["unique_id", "ds", "y", "category"]]

    def fitted(self, settings, history, intervals=None):
        frequency = self.panel.frequency
        windows = WINDOWS[frequency]
        model = lgb.LGBMRegressor(
            objective="tweedie", tweedie_variance_power=1.2, random_state=1, verbosity=-1, n_jobs=1,
            subsample=0.8, subsample_freq=1, colsample_bytree=0.8, **settings,
        )
        transforms = [RollingMean(window, min_samples=1) for window in windows]
        return MLForecast(
            models={"LightGBM": model},
            freq=self.panel.alias,
            lags=LAGS[frequency],
            lag_transforms={1: [*transforms, RollingStd(windows[0], min_samples=2)]},
            date_features=DATES[frequency],
        ).fit(
            history, static_features=["category"], dropna=False, max_horizon=self.panel.horizon,
            prediction_intervals=intervals,
        )


class QuantileTrees:
    """LightGBM trained on the quantiles themselves, one model for each horizon and level.

    Target and lags are divided by the series' own mean of the last `SHORT` periods, and a row weighs
    the square root of it. Features: lags, means of three spans, the share of periods with sales, for
    days the last four of the target's weekday, calendar, category. The better of two settings on the
    window before the first origin, by quantile loss. The median is the mean forecast as well. Where
    something is planned, what is planned for the target and the period before it, as it was known at
    the origin, and what was planned for the last four periods.
    """

    def __init__(self, panel):
        self.panel = panel
        rows = panel.rows.assign(t=np.searchsorted(panel.dates, panel.rows["ds"]))
        self.ids = np.sort(rows["unique_id"].unique())
        series = np.searchsorted(self.ids, rows["unique_id"])
        self.y = np.full((len(self.ids), len(panel.dates)), np.nan)
        self.y[series, rows["t"]] = rows["y"]
        self.category = np.zeros(len(self.ids))
        self.category[series] = rows["category"].cat.codes
        self.dates = pd.DatetimeIndex(panel.dates)
        self.plan = self.planned(panel)

    def planned(self, panel):
        """Series × periods × periods ahead × what is planned; None where nothing is."""
        if not panel.plan_file.exists():
            return None
        rows = pd.read_csv(panel.plan_file, parse_dates=["ds"], dtype={"unique_id": str})
        values = rows.iloc[:, 3:].to_numpy(np.float64)
        shape = (len(self.ids), len(self.dates), panel.horizon + 1, values.shape[1])
        plan = np.zeros(shape)
        series = np.searchsorted(self.ids, rows["unique_id"])
        plan[series, np.searchsorted(panel.dates, rows["ds"]), rows["ahead"]] = values
        return plan

    @cached_property
    def settings(self):
        return min(QUANTILE_SETTINGS, key=self.tuning_loss)

    def tuning_loss(self, settings):
        end = self.panel.ends()[0] - self.panel.horizon
        made = self.panel.actual(end).merge(self.fitted(settings, end), on=["unique_id", "ds"])
        errors = {p: made["y"] - made[f"q{p}"] for p in [0.1, 0.5, 0.9]}
        return sum(np.maximum(p * e, (p - 1) * e).sum() for p, e in errors.items())

    def forecast(self, end):
        return self.fitted(self.settings, end)

    def fitted(self, settings, end):
        known = self.y[:, :end]
        first = 2
        made = []
        for h in range(1, self.panel.horizon + 1):
            learnt = [self.rows(known, t, h) for t in range(first, end - h)]
            features = np.concatenate([x for x, _ in learnt])
            level = np.concatenate([of for _, of in learnt])
            target = np.concatenate([known[:, t + h] for t in range(first, end - h)])
            usable = (level > 0) & ~np.isnan(target)
            ahead, own = self.rows(known, end - 1, h)
            columns = {"unique_id": self.ids, "ds": self.dates[end - 1 + h]}
            for p in LEVELS:
                columns[f"q{p}"] = np.nan
                if p not in (0.1, 0.5, 0.9):
                    continue
                model = lgb.LGBMRegressor(
                    objective="quantile", alpha=p, random_state=1, verbosity=-1, n_jobs=1,
                    min_child_samples=20, subsample=0.8, subsample_freq=1, colsample_bytree=0.8,
                    **settings,
                ).fit(
                    features[usable],
                    target[usable] / level[usable],
                    sample_weight=np.sqrt(level[usable]),
                    categorical_feature=[features.shape[1] - 1],
                )
                columns[f"q{p}"] = np.where(own > 0, model.predict(ahead) * own, 0).clip(0)
            made.append(pd.DataFrame(columns))
        made = pd.concat(made)
        levels = ["q0.1", "q0.5", "q0.9"]
        made[levels] = np.sort(made[levels].to_numpy(), axis=1)
        return made.assign(mean=made["q0.5"])

    def rows(self, known, t, h):
        """Features of all series at period t for the period t + h, and their levels."""
        frequency = self.panel.frequency
        mean = lambda span: np.nanmean(known[:, max(0, t + 1 - span) : t + 1], axis=1)
        level = np.nan_to_num(mean(SHORT[frequency]))
        scale = np.where(level > 0, level, np.nan)
        lag = lambda k: known[:, t - k] if t >= k else np.full(len(known), np.nan)
        columns = [lag(k - 1) / scale for k in LAGS[frequency]]
        columns += [mean(span) / scale for span in WINDOWS[frequency]]
        recent = known[:, max(0, t + 1 - SHORT[frequency]) : t + 1]
        columns += [np.nanmean(np.where(np.isnan(recent), np.nan, recent > 0), axis=1), np.log1p(level)]
        if frequency == "day":
            back = (7 - h) % 7
            columns += [lag(back + 7 * week) / scale for week in range(4)]
        date = self.dates[min(t + h, len(self.dates) - 1)]
        calendar = {
            "day": [date.dayofweek, date.day, date.month, date.dayofyear],
            "week": [date.isocalendar().week, date.month],
            "month": [date.month],
        }[frequency]
        columns += [np.full(len(known), value) for value in calendar]
        if self.plan is not None:
            lately = [self.plan[:, max(0, t - k), 0, :2] for k in range(4)]
            columns += [self.plan[:, t, h], *lately]
        return np.column_stack([*columns, self.category]).astype(np.float64), level


def with_quantiles(made, column, missing=np.nan):
    """unique_id, ds, mean and one column a level, from the bounds of 80% and 95% intervals."""
    bounds = ["lo-95", "lo-80", None, "hi-80", "hi-95"]
    result = made[["unique_id", "ds"]].assign(mean=made[column].clip(0))
    for level, bound in zip(LEVELS, bounds):
        given = made.get(f"{column}-{bound}", pd.Series(np.nan, made.index)).fillna(missing)
        result[f"q{level}"] = result["mean"] if bound is None else given.clip(0)
    return result


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
