"""Writes taylor.json beside it: Taylor coefficients to order 15 by mpmath, 40 digits each: python taylor.py

An entry is [point, [c0, ..., c15]], the point as the shortest decimal of a double and taken as that double. The
coefficients are mpmath's `taylor`, differences in many digits, computed twice with different precision and compared: they
owe nothing to recurrences.
"""
import json, os
import mpmath as m
from mpmath import mpf

ORDER = 15
FUNCTIONS = {
    "exp": (m.exp, [0.0, 0.7]),
    "sin": (m.sin, [0.0, 1.3]),
    "tan": (m.tan, [0.4]),
    "ln": (m.log, [1.7]),
    "sqrt": (m.sqrt, [2.3]),
    "tanh": (m.tanh, [0.3, 1.1]),
    "atan": (m.atan, [0.6]),
    "asinh": (m.asinh, [0.5]),
    "erf": (m.erf, [0.8]),
    "gamma": (m.gamma, [2.4]),
    "powf(2.5)": (lambda x: x ** mpf(2.5), [1.4]),
    "lambert_w": (lambda x: m.lambertw(x).real, [0.9, 2.2]),
    "sigmoid": (lambda x: 1 / (1 + m.exp(-x)), [0.4]),
    "bessel_j0": (lambda x: m.besselj(0, x), [1.9]),
    "sinc": (m.sinc, [0.0, 2.1]),
    "exp(sin x)": (lambda x: m.exp(m.sin(x)), [0.9]),
    "1/(1 + 25x^2)": (lambda x: 1 / (1 + 25 * x * x), [0.3]),
    "sqrt(1 + x^2)": (lambda x: m.sqrt(1 + x * x), [0.8]),
    "x^x": (lambda x: x**x, [1.2]),
    "ln(1 + exp(sin x) atan x)": (lambda x: m.log(1 + m.exp(m.sin(x)) * m.atan(x)), [0.7]),
    "atan2(sin x, 2 + cos x)": (lambda x: m.atan(m.sin(x) / (2 + m.cos(x))), [0.5]),
}


def coefficients(f, x, digits):
    with m.workdps(digits):
        return m.taylor(f, mpf(x), ORDER)


def text(f, x):
    few, many = coefficients(f, x, 60), coefficients(f, x, 90)
    for a, b in zip(few, many):
        assert abs(a - b) <= mpf(10) ** -45 * max(abs(b), mpf(10) ** -10), (a, b)
    # Below 1e-50 it is rounding of a zero.
    return [m.nstr(c, 40) if abs(c) > mpf(10) ** -50 else "0.0" for c in many]


table = {name: [[repr(x), text(f, x)] for x in points] for name, (f, points) in FUNCTIONS.items()}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "taylor.json"), "w") as out:
    json.dump(table, out, indent=0, ensure_ascii=False)
    out.write("\n")
