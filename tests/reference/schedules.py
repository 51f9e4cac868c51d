"""Puts `exact` into schedules.json beside it: what each schedule's formula gives, by mpmath: python schedules.py

`values` are those of other software, and are left as they are; "made" in the file says of which. Some are computed step
from step, and have the rounding of all the steps before in them. `exact` is the formula in 50 digits on the parameters as
doubles, rounded once. This prints how far `values` are from it, relative to the larger of the rate and the base rate (the
highest rate of the schedule). Entries with a `metric` are no functions of the step and have no `exact`.
"""
import json, os
from mpmath import mp, mpf, cos, pi, sqrt, floor

mp.dps = 50


def linear(a, b, t):
    return a + (b - a) * t


def cosine(a, b, t):
    return a + (b - a) * (1 - cos(pi * t)) / 2


def ramp(k, n):
    return min(mpf(k) / n, mpf(1))


def along(k, start, ways, shape):
    at, rate = 0, start
    for to, value in ways:
        if k < to:
            return shape(rate, value, mpf(k - at) / (to - at))
        at, rate = to, value
    return rate


def products(init, scales):
    for at, scale in scales:
        init = init * scale
        yield at, init


def cyclic(low, high, up, down, scale):
    def rate(k):
        cycle, j = divmod(k, up + down)
        height = mpf(j) / up if j <= up else 1 - mpf(j - up) / down
        return low + (high - low) * height * scale(k, cycle)
    return rate


def one_cycle(peak, n, rise, d, D, shape, three=False, low=mpf(0), high=mpf(0)):
    """The rate and the momentum."""
    first = peak / d
    last = first / D
    top, back = rise * n - 1, 2 * rise * n - 2
    if three:
        phases = [(0, top, first, peak, high, low), (top, back, peak, first, low, high), (back, n - 1, first, last, high, high)]
    else:
        phases = [(0, top, first, peak, high, low), (top, n - 1, peak, last, low, high)]

    def at(k, i):
        for phase in phases:
            if k <= phase[1]:
                t = (k - phase[0]) / (phase[1] - phase[0])
                return shape(phase[2 + i], phase[3 + i], mpf(t))
    return lambda k: at(k, 0), lambda k: at(k, 2)


def restarts(k, base, low, period, growth):
    while k >= period:
        k, period = k - period, period * growth
    return cosine(base, low, mpf(k) / period)


def warm_up_cosine(k, start, peak, warm_up, steps, end):
    return linear(start, peak, mpf(k) / warm_up) if k < warm_up else cosine(peak, end, ramp(k - warm_up, steps - warm_up))


def sgdr(k, cycles):
    for cycle in cycles[:-1]:
        if k < cycle["decay_steps"]:
            break
        k -= cycle["decay_steps"]
    else:
        cycle = cycles[-1]
    start, peak, end = (mpf(cycle[name]) for name in ("init_value", "peak_value", "end_value"))
    return warm_up_cosine(k, start, peak, cycle["warmup_steps"], cycle["decay_steps"], end)


x = mpf(0.1)
low = mpf(0.001)
scales = [(50, mpf(0.5)), (100, mpf(0.1)), (150, mpf(2.0))]
div, final = mpf(25), mpf(10000)

RATES = {
    "LambdaLR": lambda k: x * mpf(0.95) ** k,
    "MultiplicativeLR": lambda k: x * mpf(0.97) ** k,
    "StepLR": lambda k: x * mpf(0.1) ** (k // 30),
    "MultiStepLR": lambda k: x * mpf(0.3) ** sum(k >= m for m in (30, 80, 150)),
    "ConstantLR": lambda k: x * mpf(1 / 3) if k < 5 else x,
    "LinearLR": lambda k: x * linear(mpf(1 / 3), mpf(1), ramp(k, 50)),
    "LinearLR_decay": lambda k: x * linear(mpf(1), mpf(0.1), ramp(k, 150)),
    "ExponentialLR": lambda k: x * mpf(0.98) ** k,
    "PolynomialLR": lambda k: x * (1 - ramp(k, 150)) ** 2,
    "CosineAnnealingLR": lambda k: cosine(x, low, mpf(k) / 200),
    "CosineAnnealingLR_past_Tmax": lambda k: cosine(x, mpf(0), mpf(k) / 60),
    "CosineAnnealingWarmRestarts": lambda k: restarts(k, x, low, 20, 2),
    "CyclicLR_triangular": cyclic(low, x, 20, 30, lambda k, c: 1),
    "CyclicLR_triangular2": cyclic(low, x, 20, 20, lambda k, c: mpf(0.5) ** c),
    "CyclicLR_exp_range": cyclic(low, x, 20, 20, lambda k, c: mpf(0.99) ** k),
    "OneCycleLR_cos": one_cycle(x, 201, mpf(0.3), div, final, cosine)[0],
    "OneCycleLR_linear_three_phase": one_cycle(x, 201, mpf(0.4), div, final, linear, True)[0],
    "SequentialLR_warmup_cosine":
        lambda k: x * linear(mpf(0.1), mpf(1), ramp(k, 20)) if k < 20 else cosine(x, mpf(0), mpf(k - 20) / 180),
    "SequentialLR_const_exp": lambda k: x * mpf(0.1) if k < 20 else x * mpf(0.9) ** (k - 20),
    "ChainedScheduler": lambda k: (x * mpf(0.1) if k < 20 else x) * mpf(0.98) ** k,
    "SWALR_cos": lambda k: cosine(x, mpf(0.02), ramp(k, 30)),
    "SWALR_linear": lambda k: linear(x, mpf(0.02), ramp(k, 30)),
    "constant": lambda k: x,
    "linear": lambda k: linear(x, low, ramp(max(0, k - 10), 150)),
    "polynomial": lambda k: low + (x - low) * (1 - ramp(max(0, k - 10), 150)) ** 2,
    "exponential_decay": lambda k: x * mpf(0.5) ** (mpf(k) / 50),
    "exponential_decay_staircase": lambda k: max(mpf(0.02), x * mpf(0.5) ** (max(0, k - 10) // 50)),
    "cosine_decay": lambda k: x * cosine(mpf(1), mpf(0.01), ramp(k, 150)),
    "cosine_decay_exponent2": lambda k: x * cosine(mpf(1), mpf(0), ramp(k, 150)) ** 2,
    "piecewise_constant": lambda k: x * (mpf(0.5) if k >= 50 else 1) * (mpf(0.1) if k >= 100 else 1),
    "piecewise_interpolate_linear": lambda k: along(k, x, products(x, scales), linear),
    "piecewise_interpolate_cosine": lambda k: along(k, x, products(x, scales), cosine),
    "linear_onecycle": lambda k: along(k, x / div, [(60, x), (170, x / div), (200, x / div / final)], linear),
    "cosine_onecycle": lambda k: along(k, x / div, [(60, x), (200, x / div / final)], cosine),
    "warmup_constant": lambda k: linear(low, x, ramp(k, 20)),
    "warmup_cosine_decay": lambda k: warm_up_cosine(k, low, x, 20, 180, mpf(0.002)),
    "warmup_exponential_decay": lambda k:
        linear(low, x, ramp(k, 20)) if k < 20 else max(mpf(0.003), x * mpf(0.5) ** (mpf(k - 20) / 40)),
    "sgdr": None,
    "join_linear_exp_const": lambda k: linear(mpf(0), x, ramp(k, 20)) if k < 20 else x * mpf(0.5) ** (mpf(k - 20) / 50),
    "inverse_time_decay": lambda k: x / (1 + mpf(0.5) * k / 20),
    "inverse_sqrt_warmup (Vaswani)": lambda k: min(1 / sqrt(mpf(k + 1)), (k + 1) / sqrt(mpf(40)) ** 3) / sqrt(mpf(512)),
    "wsd (warmup-stable-decay, linear)": lambda k: x * ramp(k, 20) if k < 140 else linear(x, low, ramp(k - 140, 60)),
    "article_exponential (max_eta*0.9^k floor min_eta)": lambda k: max(low, mpf(1.66) * mpf(0.9) ** k),
}
MOMENTA = {
    "CyclicLR_triangular2": cyclic(mpf(0.9), mpf(0.8), 20, 20, lambda k, c: mpf(0.5) ** c),
    "OneCycleLR_cos": one_cycle(x, 201, mpf(0.3), div, final, cosine, False, mpf(0.85), mpf(0.95))[1],
}


def error(values, exact):
    base = max(abs(e) for e in exact)
    return max(abs(v - e) / max(abs(e), base) for v, e in zip(values, exact))


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schedules.json")
    with open(path) as file:
        data = json.load(file)
    RATES["sgdr"] = lambda k: sgdr(k, next(e for e in data["optax"] if e["id"] == "sgdr")["params"])
    for entry in data["torch"] + data["optax"]:
        if "metric" in entry:
            continue
        exact = [RATES[entry["id"]](k) for k in range(len(entry["values"]))]
        entry["exact"] = [float(e) for e in exact]
        print(f'{entry["id"]:50s} {float(error(entry["values"], exact)):.1e}')
        if entry["id"] in MOMENTA:
            exact = [MOMENTA[entry["id"]](k) for k in range(len(entry["momentum_values"]))]
            entry["momentum_exact"] = [float(e) for e in exact]
            print(f'{"    momentum":50s} {float(error(entry["momentum_values"], exact)):.1e}')
    with open(path, "w") as file:
        blocks = []
        for group in ("torch", "optax"):
            rows = [json.dumps(entry, ensure_ascii=False) for entry in data[group]]
            blocks.append(f'"{group}": [\n' + ",\n".join(rows) + "\n]")
        file.write('{\n"made": ' + json.dumps(data["made"], ensure_ascii=False) + ",\n" + ",\n".join(blocks) + "\n}\n")


if __name__ == "__main__":
    main()
