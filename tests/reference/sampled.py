"""Writes sampled.json, the numbers tests/it/sampled.rs compares with: python sampled.py > sampled.json (numpy 2).

Every number is a string, Python's shortest repr of the double. A JSON number would pass through the JSON reader's own
conversion, which may miss the nearest double by one unit in the last place; the comparison is of bits. Strings also
carry nan and inf. Arrays are listed in logical (row-major) order whatever their memory layout.
"""

import json

import numpy as np

rng = np.random.default_rng(20240229)


def text(values):
    return [repr(float(v)) for v in np.asarray(values, dtype=np.float64).ravel()]


def spacing_text(spacing):
    return repr(float(spacing)) if np.ndim(spacing) == 0 else text(spacing)


def laid_out(samples, layout):
    """The same logical array in another memory layout."""
    if layout == "rows":
        return np.ascontiguousarray(samples)
    if layout == "columns":
        return np.asfortranarray(samples)
    if layout == "reversed":
        every = (slice(None, None, -1),) * samples.ndim
        return np.ascontiguousarray(samples[every])[every]
    if layout == "stepped":
        wide = np.full([2 * n for n in samples.shape], np.nan)
        every = (slice(None, None, 2),) * samples.ndim
        wide[every] = samples
        return wide[every]
    raise ValueError(layout)


def along_axis(name, samples, spacing, edge_order=1, axis=0, layout="rows"):
    samples = laid_out(np.asarray(samples, dtype=np.float64), layout)
    if np.ndim(spacing) == 1:
        spacing = np.asarray(spacing, dtype=np.float64)
    return {
        "name": name,
        "shape": list(samples.shape),
        "layout": layout,
        "samples": text(samples),
        "axis": axis,
        "spacing": spacing_text(spacing),
        "edge_order": edge_order,
        "result": text(np.gradient(samples, spacing, axis=axis, edge_order=edge_order)),
    }


def all_axes(name, samples, spacings, edge_order=1, layout="rows"):
    samples = laid_out(np.asarray(samples, dtype=np.float64), layout)
    return {
        "name": name,
        "shape": list(samples.shape),
        "layout": layout,
        "samples": text(samples),
        "spacings": [spacing_text(s) for s in spacings],
        "edge_order": edge_order,
        "results": [text(g) for g in np.gradient(samples, *spacings, edge_order=edge_order)],
    }


def article(samples, start, rate, steps):
    """A fixed gradient of samples taken as if it were the gradient at the point: the descent of a tutorial."""
    slopes = np.gradient(np.array(samples, dtype=np.float64))
    x = np.full(len(samples), float(start))
    for _ in range(steps):
        x = x - rate * slopes
    return {
        "samples": text(samples),
        "start": repr(float(start)),
        "rate": repr(rate),
        "steps": steps,
        "gradient": text(slopes),
        "end": text(x),
    }


growth = [1, 2, 4, 7, 11, 16]
uneven = np.array([0.0, 1.0, 1.5, 3.5, 4.0, 6.0])
ragged = np.cumsum(rng.uniform(0.05, 1.5, 40)) - 7.0
tenths = np.arange(12) * 0.1  # not equidistant in binary: numpy takes the formula for varying distances
eighths = np.arange(12) * 0.375 - 1.0  # equidistant in binary: numpy takes the uniform formula
wave = np.sin(np.arange(12) * 0.7)
holes = [1.0, 2.0, np.nan, 4.0, 5.0, np.inf, 7.0, 8.0, 9.5]
sheet = rng.normal(size=(5, 7))
block = rng.normal(size=(4, 5, 3))
rows = np.array([-1.0, -0.3, 0.1, 2.0, 2.2])
columns = np.cumsum(rng.uniform(0.1, 2.0, 7))

cases = [
    along_axis("whole numbers", growth, 1.0),
    along_axis("whole numbers, distance 2", growth, 2.0),
    along_axis("two samples", [2, 4], 1.0),
    along_axis("two coordinates", [2, 5], [1.0, 1.7]),
    along_axis("three samples, edges of order 2", [0.3, 0.1, 0.7], 0.1, 2),
    along_axis("three coordinates, edges of order 2", [0.3, 0.1, 0.7], [0.0, 0.1, 0.7], 2),
    along_axis("distance with rounding", wave, 0.7),
    along_axis("distance with rounding, edges of order 2", wave, 0.7, 2),
    along_axis("negative distance", wave, -0.3, 2),
    along_axis("coordinates", growth, uneven),
    along_axis("coordinates, edges of order 2", growth, uneven, 2),
    along_axis("random coordinates", np.cos(ragged), ragged),
    along_axis("random coordinates, edges of order 2", np.cos(ragged), ragged, 2),
    along_axis("falling coordinates", np.cos(ragged[::-1]), ragged[::-1], 2),
    along_axis("coordinates that turn back", wave[:5], [0.0, 1.0, 0.25, 2.0, 3.0], 2),
    along_axis("tenths: uniform on paper only", wave, tenths),
    along_axis("tenths, edges of order 2", wave, tenths, 2),
    along_axis("three eighths: uniform in binary too", wave, eighths),
    along_axis("three eighths, edges of order 2", wave, eighths, 2),
    along_axis("samples that are not finite", holes, 0.5),
    along_axis("samples that are not finite, at coordinates", holes, np.sqrt(np.arange(9.0)), 2),
    along_axis("every other sample, from the end", wave, 0.7, 2, layout="stepped"),
    along_axis("sheet, axis 0", sheet, 0.3, 1, 0),
    along_axis("sheet, axis 0 at coordinates", sheet, rows, 2, 0),
    along_axis("sheet, axis 1 at coordinates", sheet, columns, 1, 1),
    along_axis("sheet in columns, axis 0", sheet, rows, 1, 0, "columns"),
    along_axis("sheet in columns, axis 1", sheet, 0.3, 2, 1, "columns"),
    along_axis("sheet reversed, axis 1", sheet, columns, 2, 1, "reversed"),
    along_axis("sheet stepped, axis 0", sheet, 0.7, 2, 0, "stepped"),
    along_axis("block, axis 0", block, [0.0, 0.2, 0.5, 1.1], 2, 0),
    along_axis("block, axis 1", block, 1.0 / 3.0, 1, 1),
    along_axis("block, axis 2", block, [0.0, 0.3, 0.4], 2, 2),
    along_axis("block stepped, axis 1", block, rows, 2, 1, "stepped"),
]

every_axis = [
    all_axes("sheet, distance 1", sheet, []),
    all_axes("sheet, one distance for all", sheet, [0.3], 2),
    all_axes("sheet, a distance and coordinates", sheet, [0.3, columns], 2),
    all_axes("block reversed, one spacing per axis", block, [2.0, rows, 0.1], 2, "reversed"),
]

articles = [
    article(growth, 10, 0.01, 50),
    article([2, 4], 10, 0.1, 50),
    article([2, 4], 10, 0.001, 50),
]

lists = {"along_axis": cases, "every_axis": every_axis, "articles": articles}
body = [f'"{key}": [\n' + ",\n".join(json.dumps(case) for case in listed) + "\n]" for key, listed in lists.items()]
print("{\n" + ",\n".join([f'"numpy": "{np.__version__}"'] + body) + "\n}")
