"""LightGBM with its defaults, for benchmarks/boosted-trees.ts, which says what the file holds."""

import json
import sys
import time

import lightgbm
import numpy

file, columns, training_rows = sys.argv[1], *map(int, sys.argv[2:])
values = numpy.fromfile(file, dtype=numpy.float32).reshape(columns + 1, -1)
features, target = numpy.ascontiguousarray(values[:-1].T), values[-1]
params = {"objective": "tweedie", "tweedie_variance_power": 1.3}
params |= {"num_leaves": 31, "learning_rate": 0.1, "num_threads": 1, "verbose": -1}

start, processor = time.perf_counter(), time.process_time()
data = lightgbm.Dataset(features[:training_rows], target[:training_rows], params=params).construct()
binned = time.perf_counter()
model = lightgbm.train(params, data, num_boost_round=200)
end = time.perf_counter()
processor = time.process_time() - processor

actual = target[training_rows:].astype(float)
residual = actual - model.predict(features[training_rows:], num_threads=1)
r_squared = 1 - (residual**2).mean() / actual.var()
print(
    json.dumps(
        {
            "binning": binned - start,
            "training": end - binned,
            "processor": processor,
            "rSquared": r_squared,
        }
    )
)
