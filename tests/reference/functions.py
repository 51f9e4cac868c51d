"""Writes functions.json beside it: every function of the table at many points, by mpmath: python functions.py

Derivatives are central differences with steps of 1e-25 in 150 digits and more, so that they owe nothing to the slopes of
the table; those of piecewise and inverse functions are written out. An entry is

    [arguments..., value, derivatives..., scales or nothing]

with 40 digits a number; `null` is a derivative that is not asked for, beside edges. The scale of a quantity is given where
it is the sum of larger terms of either sign (beside a zero of an oscillating function, say): the size of those terms, to
which an error is relative then. Functions of one argument have the derivatives ′ ″ ‴, those of two
x y xx xy yy xxx xxy xyy yyy, those of three x a b xx xa xb aa ab bb xxx xxa … bbb.
"""
import json, math, os
import mpmath as m
from mpmath import mp, mpf

mp.dps = 50
STEP = mpf(10) ** -25
STENCIL = {0: {0: 1}, 1: {1: mpf(1) / 2, -1: -mpf(1) / 2}, 2: {1: 1, 0: -2, -1: 1},
           3: {2: mpf(1) / 2, 1: -1, -1: 1, -2: -mpf(1) / 2}}
PAIRS = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3)]
EDGES = ["0.0", "-0.0", "inf", "-inf", "nan", "5e-324", "1.7976931348623157e308"]


def text(x):
    if x is None or isinstance(x, str):
        return x
    x = mpf(x)
    return m.nstr(x, 40, strip_zeros=True) if m.isfinite(x) else ("nan" if m.isnan(x) else "inf" if x > 0 else "-inf")


def difference(f, at, steps, orders, digits):
    """The partial of these orders; what is below the rounding noise is 0."""
    with m.workdps(digits):
        total, largest, terms = mpf(0), mpf(0), [((), mpf(1))]
        for order in orders:
            terms = [(k + (i,), w * c) for k, w in terms for i, c in STENCIL[order].items()]
        for k, w in terms:
            value = f(*[mpf(x) + i * h for x, i, h in zip(at, k, steps)])
            total, largest = total + w * value, max(largest, abs(value))
        if abs(total) < largest * mpf(10) ** (8 - digits):
            return mpf(0)
        for h, order in zip(steps, orders):
            total /= h**order
        return total


def spread(low, high, count=52):
    """Points off round numbers, as 17-digit decimals of doubles."""
    return [low + (high - low) * ((k + 0.382) / count) for k in range(count)]


def powers(low, high, count, sign=1):
    return [sign * 10 ** (low + (high - low) * (k + 0.382) / count) for k in range(count)]


class Function:
    def __init__(self, f, points, step=lambda x: 1, digits=150, exact=None, scale=None, edges={}, value_only=()):
        self.f, self.points, self.step, self.digits, self.exact = f, points, step, digits, exact
        self.scale, self.edges, self.value_only = scale, edges, value_only

    def entries(self):
        rows = []
        for x in self.points:
            t = mpf(x)
            if self.exact:
                values = self.exact(t)
            else:
                h = STEP * mpf(self.step(t))
                tiny = int(2 * max(0, -m.log10(abs(t)))) if t != 0 else 0
                values = [difference(self.f, [t], [h], [k], self.digits + tiny) for k in range(4)]
            row = [repr(float(x))] + [text(v) for v in values]
            scales = self.scale(t) if self.scale else None
            if scales and any(s is not None and s > 2 * abs(v) for s, v in zip(scales, values)):
                row.append([None if s is None or s <= 2 * abs(v) else m.nstr(s, 3) for s, v in zip(scales, values)])
            rows.append(row)
        for x in self.value_only:
            with m.workdps(self.digits + 800):
                value = self.f(mpf(x)) if self.f else self.exact(mpf(x))[0]
                rows.append([repr(float(x)), text(value), None, None, None])
        return rows + [[x, self.edges.get(x, "nan" if x == "nan" else None), None, None, None]
                       for x in EDGES + [e for e in self.edges if e not in EDGES]
                       if x == "nan" or x in self.edges]


unary, binary, ternary = {}, {}, {}


def add(name, f, points, **more):
    unary[name] = Function(f, list(points), **more)


def size(x):
    return max(abs(x), 1)


def to(*singular):
    """A step for a function that is smooth on the scale of its argument, away from these points."""
    return lambda x: min([size(x)] + [abs(x - s) for s in singular])


# --- elementary
ANY = spread(-5, 5)
add("neg", None, ANY + spread(-1e6, 1e6, 10), exact=lambda x: [-x, -1, 0, 0], edges={"0.0": "-0.0", "inf": "-inf", "-inf": "inf"})
add("exp", m.exp, ANY + spread(-700, 700, 20), edges={"inf": "inf", "-inf": "0.0", "0.0": "1.0", "5e-324": "1.0", "800.0": "inf", "-800.0": "0.0"})
add("exp2", lambda x: mpf(2) ** x, ANY + spread(-1000, 1000, 20), edges={"inf": "inf", "-inf": "0.0", "0.0": "1.0"})
add("exp_m1", m.expm1, ANY + spread(-40, 700, 20) + powers(-12, -1, 8), edges={"inf": "inf", "-inf": "-1.0", "-0.0": "-0.0", "5e-324": "5e-324"})
LOGS = spread(0.01, 9) + powers(-80, 80, 20)
LOG_EDGES = {"inf": "inf", "0.0": "-inf", "-inf": "nan", "-1.0": "nan", "1.0": "0.0"}
add("ln", m.log, LOGS, step=to(0), edges=LOG_EDGES)
add("log2", lambda x: m.log(x, 2), LOGS, step=to(0), edges=LOG_EDGES)
add("log10", m.log10, LOGS, step=to(0), edges=LOG_EDGES)
add("ln_1p", m.log1p, spread(-0.95, 9) + powers(-20, 80, 20), step=to(-1), edges={"inf": "inf", "-1.0": "-inf", "-2.0": "nan", "5e-324": "5e-324"})
add("sqrt", m.sqrt, LOGS, step=to(0), edges={"inf": "inf", "0.0": "0.0", "-1.0": "nan"})
cube_root = lambda x: m.sign(x) * m.cbrt(abs(x))
add("cbrt", cube_root, LOGS + spread(-9, -0.1, 10), step=to(0), edges={"inf": "inf", "-inf": "-inf", "0.0": "0.0"})
add("recip", lambda x: 1 / x, LOGS + spread(-9, -0.1, 10), step=to(0), edges={"inf": "0.0", "-inf": "-0.0", "0.0": "inf", "-0.0": "-inf"})
WAVE = spread(-7, 7) + spread(-1e4, 1e4, 12)
WAVE_EDGES = {"inf": "nan", "-inf": "nan"}
add("sin", m.sin, WAVE, edges=WAVE_EDGES | {"-0.0": "-0.0", "5e-324": "5e-324"})
add("cos", m.cos, WAVE, edges=WAVE_EDGES | {"0.0": "1.0"})
add("tan", m.tan, WAVE, step=lambda x: min(1, abs(m.cos(x))), edges=WAVE_EDGES)
INSIDE = spread(-0.98, 0.98, 56) + [1 - 2.0**-k for k in (10, 20, 30, 40)] + [2.0**-k - 1 for k in (10, 20, 30, 40)]
add("asin", m.asin, INSIDE, step=to(1, -1), edges={"1.5": "nan", "inf": "nan", "-0.0": "-0.0"})
add("acos", m.acos, INSIDE, step=to(1, -1), edges={"1.5": "nan", "inf": "nan", "1.0": "0.0"})
add("atanh", m.atanh, INSIDE, step=to(1, -1), edges={"1.0": "inf", "-1.0": "-inf", "1.5": "nan", "5e-324": "5e-324"})
add("atan", m.atan, ANY + powers(-5, 60, 12) + powers(0, 60, 6, -1), step=size, edges={"-0.0": "-0.0"})
add("sinh", m.sinh, ANY + spread(-700, 700, 20), edges={"inf": "inf", "-inf": "-inf"})
add("cosh", m.cosh, ANY + spread(-700, 700, 20), edges={"inf": "inf", "-inf": "inf", "0.0": "1.0"})
add("tanh", m.tanh, ANY + spread(-300, 300, 12) + powers(-8, -1, 8), digits=800, edges={"inf": "1.0", "-inf": "-1.0"})
add("asinh", m.asinh, ANY + powers(-5, 60, 12), step=size, edges={"inf": "inf", "-inf": "-inf", "5e-324": "5e-324"}, value_only=[1e300, 1.7976931348623157e308])
add("acosh", m.acosh, spread(1.01, 9) + [1 + 2.0**-k for k in (8, 16, 30, 45)] + powers(1, 80, 12), step=to(1), edges={"inf": "inf", "1.0": "0.0", "0.5": "nan"}, value_only=[1.7976931348623157e308])
for name, f, g in [("abs", abs, m.sign), ("signum", m.sign, lambda x: 0), ("relu", lambda x: max(x, mpf(0)), lambda x: x > 0),
                   ("floor", m.floor, lambda x: 0), ("ceil", m.ceil, lambda x: 0), ("fract", lambda x: x - m.sign(x) * m.floor(abs(x)), lambda x: 1),
                   ("round", lambda x: m.sign(x) * m.floor(abs(x) + 0.5), lambda x: 0), ("trunc", lambda x: m.sign(x) * m.floor(abs(x)), lambda x: 0)]:
    infinite = {"abs": ("inf", "inf"), "signum": ("1.0", "-1.0"), "relu": ("inf", "0.0"), "fract": ("nan", "nan")}.get(name, ("inf", "-inf"))
    add(name, f, ANY + spread(-1e6, 1e6, 10), exact=lambda x, f=f, g=g: [f(x), mpf(int(g(x))), 0, 0], edges=dict(zip(("inf", "-inf"), infinite)))
logistic = lambda x: 1 / (1 + m.exp(-x))
def bend(x):
    """σ σ(−x), the size of the terms of the derivatives of σ."""
    s = logistic(x) * logistic(-x)
    return s
TAILS = spread(-10, 10) + spread(-300, 300, 12)
add("sigmoid", logistic, TAILS, digits=800, scale=lambda x: [None, None, bend(x), bend(x)], edges={"inf": "1.0", "-inf": "0.0", "0.0": "0.5", "-800.0": "0.0"})
add("softplus", lambda x: m.log1p(m.exp(x)), TAILS, digits=800, scale=lambda x: [None, None, None, bend(x)], edges={"inf": "inf", "-inf": "0.0"})
def powi(n):
    fall = [1, n, n * (n - 1), n * (n - 1) * (n - 2)]
    return lambda x: [c * x ** (n - k) if c else mpf(0) for k, c in enumerate(fall)]
for n in (-2, -1, 0, 1, 2, 3, 7):
    add(f"powi({n})", None, spread(-4, 4, 50) + powers(-20, 20, 12), exact=powi(n), edges=({"nan": "1.0"} if n == 0 else {}) | {"0.0": "inf" if n < 0 else "1.0" if n == 0 else "0.0", "inf": "inf" if n > 0 else "1.0" if n == 0 else "0.0"})

# --- error function and normal distribution
root2 = lambda: m.sqrt(2)
cdf = lambda x: m.erfc(-x / root2()) / 2
def hermite(x):
    """e^(−x²) and its derivatives, and the size of their terms."""
    g = m.exp(-x * x)
    return [g, 2 * abs(x) * g, (2 + 4 * x * x) * g, (12 * abs(x) + 8 * abs(x) ** 3) * g]
def normal(x):
    g = m.npdf(x)
    return [g, abs(x) * g, (1 + x * x) * g, (3 * abs(x) + abs(x) ** 3) * g]
BELL = spread(-5, 5) + spread(-18, 18, 12)
add("gauss", lambda x: m.exp(-x * x), BELL, scale=hermite, edges={"inf": "0.0", "-inf": "0.0", "1.7976931348623157e308": "0.0", "0.0": "1.0"}, value_only=[26.5, 25.017])
add("norm_pdf", m.npdf, BELL, scale=normal, edges={"inf": "0.0", "-inf": "0.0", "1.7976931348623157e308": "0.0"}, value_only=[37.5, -36.017])
add("erf", m.erf, BELL, digits=800, scale=lambda x: [None, None] + [c * 1.13 for c in hermite(x)[1:3]], edges={"inf": "1.0", "-inf": "-1.0", "-0.0": "-0.0", "1.7976931348623157e308": "1.0"}, value_only=[1e-300])
add("erfc", m.erfc, BELL, digits=800, scale=lambda x: [None, None] + [c * 1.13 for c in hermite(x)[1:3]], edges={"inf": "0.0", "-inf": "2.0", "0.0": "1.0"}, value_only=[26.017])
add("norm_cdf", cdf, BELL, digits=800, scale=lambda x: [None, None] + normal(x)[1:3], edges={"inf": "1.0", "-inf": "0.0", "0.0": "0.5", "-1.7976931348623157e308": "0.0"}, value_only=[-37.017, -30.5])
def repeated(n):
    """e^(x²) iⁿerfc x by Kummer's U (DLMF 7.18(iv)) right of 0, by the recurrence left of it."""
    def f(x):
        if x > 0:
            return m.mpf(2) ** -n / m.sqrt(m.pi) * m.hyperu(mpf(n + 1) / 2, mpf(1) / 2, x * x)
        a, b = 2 / m.sqrt(m.pi), m.exp(x * x) * m.erfc(x)
        for k in range(1, n + 1):
            a, b = b, (a - 2 * x * b) / (2 * k)
        return b
    return lambda x: [(-2) ** k * m.rf(n + 1, k) * repeated_value(n + k, x) for k in range(4)], f
def repeated_value(n, x):
    with m.workdps(60):
        return repeated(n)[1](x)
for n in (0, 1, 2, 5):
    add(f"ierfcx({n})", None, spread(-3, 6, 50) + powers(-6, 6, 12) + powers(0, 9, 9), exact=repeated(n)[0], edges={"inf": "0.0", "-inf": "inf"})
add("erfcx", None, spread(-3, 6, 50) + powers(-6, 6, 12) + spread(-20, -3, 6), exact=repeated(0)[0], edges={"inf": "0.0", "-inf": "inf", "0.0": "1.0", "1.7976931348623157e308": "3.138408733985445e-309"})
def quantile(p):
    """Φ⁻¹ p by bisection and Newton for the logarithm of the smaller tail."""
    with m.workdps(90):
        q = min(p, 1 - p)
        y = mpf(-1)
        for _ in range(400):
            # Newton for a concave function comes down from the right.
            step = (m.log(cdf(y)) - m.log(q)) * cdf(y) / m.npdf(y)
            y -= step
            if abs(step) < mpf(10) ** -70 * max(abs(y), 1):
                break
        return y if p < 0.5 else -y
def inverse_normal(p):
    with m.workdps(90):
        y = mpf(0) if p == 0.5 else quantile(p)
        d = 1 / m.npdf(y)
        return [y, d, y * d * d, (1 + 2 * y * y) * d**3]
def inverse_erf(x):
    with m.workdps(90):
        y = m.sign(x) * -quantile((1 - abs(x)) / 2) / root2() if x != 0 else mpf(0)
        d = m.sqrt(m.pi) / 2 * m.exp(y * y)
        return [y, d, 2 * y * d * d, (2 + 8 * y * y) * d**3]
add("norm_ppf", None, spread(0, 1) + powers(-80, -1, 10) + [1 - 2.0**-k for k in (5, 10, 20, 30, 50)], exact=inverse_normal, edges={"0.0": "-inf", "1.0": "inf", "-0.5": "nan", "1.5": "nan", "0.5": "0.0", "5e-324": "-38.467405617144346"})
add("erf_inv", None, spread(-1, 1) + powers(-10, -1, 10) + [1 - 2.0**-k for k in (5, 10, 20, 30, 50)], exact=inverse_erf, edges={"1.0": "inf", "-1.0": "-inf", "1.5": "nan", "0.0": "0.0", "-0.0": "-0.0"})
def log_cdf(x):
    return m.log(cdf(x)) if x < 1 else m.log1p(-cdf(-x))
def log_cdf_scale(x):
    # The third one is a derivative of Mills' ratio, two terms of which cancel in the tail.
    h = m.npdf(x) / cdf(x)
    return [None, None, None, h**2 * (1 + abs(x)) if x > 0 else 3 / (1 + abs(x))]
add("log_norm_cdf", log_cdf, spread(-5, 5) + spread(-38, 20, 10), digits=800, scale=log_cdf_scale, edges={"inf": "0.0", "-inf": "-inf"}, value_only=[-1e3, -1e5])

# --- logarithms and exponentials that cancel
add("log1mexp", lambda x: m.log(-m.expm1(-x)), spread(0.01, 9) + powers(-50, 2.4, 12), step=to(0), digits=800, edges={"0.0": "-inf", "inf": "0.0", "-1.0": "nan"})
add("logit", lambda p: m.log(p / (1 - p)), spread(0, 1) + powers(-60, -1, 10) + [1 - 2.0**-k for k in (5, 20, 50)], step=to(0, 1), scale=lambda p: [None, None, 1 / (p * (1 - p)) ** 2, None], edges={"0.0": "-inf", "1.0": "inf", "0.5": "0.0", "1.5": "nan", "-0.5": "nan"})
def lambert(x):
    with m.workdps(90):
        w = m.lambertw(x).real
        d = m.exp(-w) / (1 + w)
        return [w, d, -(w + 2) * m.exp(-2 * w) / (1 + w) ** 3, (2 * w * w + 8 * w + 9) * m.exp(-3 * w) / (1 + w) ** 5]
BRANCH = -0.36787944117144233
LAMBERT = spread(-0.36, 9) + [BRANCH + 2.0**-k for k in (8, 12, 20, 35, 50)] + powers(-30, 40, 12)
add("lambert_w", None, LAMBERT, exact=lambert, edges={"-0.36787944117144233": "-1.0", "-0.5": "nan", "0.0": "0.0", "inf": "inf", "5e-324": "5e-324", "1.7976931348623157e308": "703.2270331047702", "-inf": "nan"})
add("lambert_w1p", None, LAMBERT, exact=lambda x: [1 + lambert(x)[0]] + lambert(x)[1:], edges={"-0.36787944117144233": "0.0", "-0.5": "nan", "0.0": "1.0", "inf": "inf"})

# --- Bessel functions
def bessel_scale(n):
    terms = lambda k, x: sum(m.binomial(k, i) * abs(m.besselj(n - k + 2 * i, x)) for i in range(k + 1)) / 2**k
    return lambda x: [m.sqrt(2 / (m.pi * abs(x))) if abs(x) > 25 else None] + [terms(k, x) for k in (1, 2, 3)]
OSCILLATING = spread(-15, 15, 50) + powers(-3, 0, 5) + spread(25, 90, 8) + [10.566574396324512, 21.93741293989784, 23.511803944731476]
TURNING = spread(30, 60, 20)
for name, n in [("bessel_j0", 0), ("bessel_j1", 1)] + [(f"bessel_jn({n})", n) for n in (-3, 0, 1, 2, 7, 40)]:
    add(name, lambda x, n=n: m.besselj(n, x), OSCILLATING + (TURNING if n == 40 else []), scale=bessel_scale(n), edges={"inf": "0.0", "0.0": "1.0" if n == 0 else "0.0"})
for name, n in [("bessel_i0", 0), ("bessel_i1", 1)] + [(f"bessel_in({n})", n) for n in (-3, 0, 1, 2, 7)]:
    add(name, lambda x, n=n: m.besseli(n, x), spread(-15, 15, 50) + powers(-3, 0, 5) + spread(-500, 700, 8), edges={"inf": "inf", "-inf": "-inf" if n % 2 else "inf", "0.0": "1.0" if n == 0 else "0.0"})
def spherical(n):
    def f(x):
        if x == 0:
            return mpf(n == 0)
        value = m.sqrt(m.pi / (2 * abs(x))) * m.besselj(n + mpf(1) / 2, abs(x))
        return value if x > 0 else (-1) ** n * value
    return f
def spherical_scale(n):
    reach = lambda k, x: sum(abs(spherical(j)(x)) for j in range(max(0, n - k), n + k + 1))
    return lambda x: [1 / abs(x) if n and abs(x) > n + 1 else None] + [reach(k, x) for k in (1, 2, 3)]
for name, n in [("sinc", 0)] + [(f"spherical_jn({n})", n) for n in (0, 1, 2, 5)]:
    add(name, spherical(n), OSCILLATING, scale=spherical_scale(n), edges={"inf": "0.0", "-inf": "0.0", "0.0": "1.0" if n == 0 else "0.0", "5e-324": "1.0" if n == 0 else None} if n == 0 else {"inf": "0.0", "0.0": "0.0"})

# --- gamma function
def gamma_scale(x):
    g, p = abs(m.gamma(x)), [abs(m.psi(k, x)) for k in range(3)]
    if x < 0:
        p[0] = abs(m.psi(0, 1 - x)) + abs(m.pi * m.cot(m.pi * x))
        p[2] = abs(m.psi(2, 1 - x)) + abs(2 * m.pi**3 * m.cot(m.pi * x) * m.csc(m.pi * x) ** 2)
    return [None, g * p[0], g * (p[0] ** 2 + p[1]), g * (p[0] ** 3 + 3 * p[0] * p[1] + p[2])]
def psi_scale(n):
    def size(k, x):
        # Digamma is relative to itself down to -20.
        if k % 2 or x > 0 or k == 0 and x > -20:
            return None
        # The terms of the reflection formula, and the pole nearest.
        nearest = m.factorial(k) * abs(x - m.nint(x)) ** (-k - 1) if k else 0
        return abs(m.psi(k, 1 - x)) + abs(m.psi(k, 1 - x) - m.psi(k, x)) + nearest
    return lambda x: [size(n + k, x) for k in range(4)]
def ln_gamma_scale(x):
    if x > 0:
        return [None] * 4
    return [abs(m.loggamma(1 - x)) + abs(m.log(m.pi / abs(m.sin(m.pi * x))))] + psi_scale(0)(x)[:3]
pole = lambda x: min(size(x), abs(x - m.nint(x))) if x < 0.5 else min(size(x), abs(x))
LEFT = spread(-9.6, -0.05, 24)
GAMMA = spread(0.05, 12, 44) + LEFT
add("gamma", m.gamma, GAMMA + spread(12, 170, 12), step=pole, scale=gamma_scale, edges={"0.0": "inf", "-0.0": "-inf", "inf": "inf", "-1.0": "nan", "172.0": "inf", "-inf": "nan", "5.0": "24.0"}, value_only=[1e-300, -1e-300, -170.3, 171.6])
add("ln_gamma", lambda x: m.loggamma(x).real, GAMMA + powers(-20, 60, 12), step=pole, scale=ln_gamma_scale, edges={"0.0": "inf", "inf": "inf", "-1.0": "inf", "1.0": "0.0", "2.0": "0.0"}, value_only=[1e-300, 1e305])
FAR = powers(-20, 30, 12)
for name, n in [("digamma", 0), ("trigamma", 1)] + [(f"polygamma({n})", n) for n in (0, 1, 2, 5)]:
    at_zero = {"0.0": "inf" if n % 2 else "-inf"}
    derivatives = lambda x, n=n: [m.psi(n + k, x) for k in range(4)]
    beside_zeros = [z + d for z in (-0.504083008264455, -3.6352933664369, -9.70267254000186, -19.7430816725902) for d in (-0.2, -1e-3, 3e-8, 0.0, 1e-14, 0.07)] if n == 0 else []
    add(name, None, GAMMA + FAR + beside_zeros, exact=derivatives, scale=psi_scale(n), value_only=[1e-200, 3e200, 5e-324] if n < 2 else [1e-17, 1e16], edges=at_zero | {"inf": "inf" if n == 0 else "0.0" if n % 2 else "-0.0", "-1.0": "inf" if n % 2 else "nan"})


# --- two arguments
class Pair(Function):
    def entries(self):
        rows = []
        for x, y in self.points:
            x, y = mpf(x), mpf(y)
            steps = [STEP * h for h in self.step(x, y)]
            orders = [(0, 0)] + PAIRS
            values = self.exact(x, y) if self.exact else [difference(self.f, [x, y], steps, o, self.digits) for o in orders]
            row = [repr(float(x)), repr(float(y))] + [text(v) for v in values]
            scales = self.scale(x, y, values) if self.scale else None
            if scales:
                row.append([None if s is None or s <= 2 * abs(v) else m.nstr(s, 3) for s, v in zip(scales, values)])
            rows.append(row)
        return rows + [[*at, value] + [None] * 9 for at, value in self.edges.items()]


def grid(xs, ys):
    """Some 64 points, not on a lattice."""
    return [(xs[0] + (xs[1] - xs[0]) * ((k + 0.382) / 64), ys[0] + (ys[1] - ys[0]) * ((k * 0.618034 + 0.1) % 1)) for k in range(64)]


def pair(name, f, points, step=lambda x, y: (1, 1), **more):
    binary[name] = Pair(f, points, step=step, **more)


def larger(least):
    def f(x, y):
        first = int(x < y) if least else int(x > y)
        return [min(x, y) if least else max(x, y), first, 1 - first] + [0] * 7
    return f


def remainder(x, y):
    n = m.sign(x / y) * m.floor(abs(x / y))
    return [x - n * y, 1, -n] + [0] * 7


def of_length(x, y):
    r = m.hypot(x, y)
    return r


PLANE = grid((-3, 3), (-2, 4))
NAN = ("nan", "1.0")
pair("add", None, PLANE, exact=lambda x, y: [x + y, 1, 1] + [0] * 7, edges={NAN: "nan", ("inf", "-inf"): "nan"})
pair("sub", None, PLANE, exact=lambda x, y: [x - y, 1, -1] + [0] * 7, edges={NAN: "nan", ("inf", "inf"): "nan"})
pair("mul", None, PLANE, exact=lambda x, y: [x * y, y, x, 0, 1, 0, 0, 0, 0, 0], edges={NAN: "nan", ("inf", "0.0"): "nan"})
pair("div", None, grid((-3, 3), (0.5, 4)), exact=lambda x, y: [x / y, 1 / y, -x / y**2, 0, -1 / y**2, 2 * x / y**3, 0, 0, 2 / y**3, -6 * x / y**4], edges={NAN: "nan", ("1.0", "0.0"): "inf"})
pair("rem", None, grid((-9, 9), (1.1, 2.3)), exact=remainder, edges={NAN: "nan", ("1.0", "0.0"): "nan", ("1.0", "inf"): "1.0"})
pair("max", None, PLANE, exact=larger(False), edges={NAN: "1.0", ("1.0", "inf"): "inf"})
pair("min", None, PLANE, exact=larger(True), edges={NAN: "1.0", ("1.0", "-inf"): "-inf"})
pair("powf", lambda x, p: m.power(x, p), grid((0.2, 5), (-2, 3)), step=lambda x, p: (x, 1), scale=lambda x, p, v: [None, None, None, abs(v[0] / x**2), v[0] / x * (1 + abs(p * m.log(x))), None, abs(v[0] / x**3), v[0] / x**2 * (1 + abs(m.log(x))), v[0] / x * abs(m.log(x)) * (2 + abs(p * m.log(x))), None],
     edges={NAN: "nan", ("0.0", "0.0"): "1.0", ("0.0", "2.5"): "0.0", ("-1.0", "0.5"): "nan"})
pair("log", lambda x, b: m.log(x) / m.log(b), grid((0.2, 5), (1.5, 4)), step=lambda x, b: (x, b - 1), edges={NAN: "nan", ("0.0", "2.0"): "-inf"}, scale=lambda x, b, v: [None] * 5 + [abs(v[0]) / b**2, None, None, None, abs(v[0]) / b**3])
polar = lambda x, y, v: [None] + [r for r in [1 / m.hypot(x, y)] * 2] + [1 / m.hypot(x, y) ** 2] * 3 + [2 / m.hypot(x, y) ** 3] * 4
pair("atan2", lambda y, x: m.atan2(y, x), grid((-3, 3), (0.5, 3)), step=lambda y, x: (m.hypot(x, y),) * 2, scale=polar, edges={NAN: "nan", ("0.0", "0.0"): "0.0", ("0.0", "-1.0"): "3.141592653589793238462643383279502884197"})
pair("hypot", of_length, grid((-3, 3), (0.5, 3)), step=lambda x, y: (m.hypot(x, y),) * 2, scale=lambda x, y, v: [None] * 3 + [1 / v[0]] * 3 + [1 / v[0] ** 2] * 4, edges={("nan", "1.0"): "nan", ("inf", "nan"): "inf", ("0.0", "0.0"): "0.0"})
def log_add(a, b):
    return m.log(m.exp(a) + m.exp(b))
# Beside its zero the value is a difference; its derivatives are those of σ(a − b).
pair("log_add_exp", log_add, grid((-9, 9), (-8, 8)), scale=lambda a, b, v: [1] + [None] * 2 + [v[1] * v[2]] * 7, edges={NAN: "nan", ("-inf", "-inf"): "-inf", ("inf", "inf"): "inf", ("inf", "-inf"): "inf", ("-inf", "2.0"): "2.0"})
pair("xlogy", lambda x, y: x * m.log(y), grid((-3, 3), (0.1, 5)), step=lambda x, y: (1, y), edges={NAN: "nan", ("0.0", "0.0"): "0.0", ("0.0", "-1.0"): "0.0", ("0.0", "nan"): "nan", ("0.0", "inf"): "0.0", ("2.0", "0.0"): "-inf"})
AREA = grid((0.1, 8), (0.2, 9)) + [(k * 3.7 + 0.3, 80 / (k + 1.1)) for k in range(12)]
reach = lambda a, b: (min(a, 1), min(b, 1))
WIDE = [(8.933932044330925, 3.0491454600174057), (1.2937573760852446e-4, 2.6918156050923226e-7)] + [(10 + 7.3 * k, 150 + 11.7 * k) for k in range(12)] + [(0.3 + 0.8 * k, 160 + 231.4 * k) for k in range(12)] + [(1.7 + k, 10 ** (2.3 + 1.1 * k)) for k in range(13)]
def beta_scale(a, b, v):
    # The mixed derivatives are sums of larger terms where both are small.
    to_a, to_b = (m.psi(0, a + b) - m.psi(0, x) for x in (a, b))
    mixed = v[0] * to_a * to_b
    return [None] * 4 + [mixed] + [None] * 2 + [mixed / min(a, 1), mixed / min(b, 1), None]
pair("beta", m.beta, AREA + WIDE, step=reach, digits=260, scale=beta_scale, edges={NAN: "nan", ("0.0", "1.0"): "inf", ("1.0", "1.0"): "1.0"})
ln_beta = lambda a, b: m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b)
pair("ln_beta", ln_beta, AREA + [(1.5, 1e8), (3e5, 2e9), (1e-8, 20.5), (1e-5, 0.3), (7.40841435321366e-4, 9.638396622494788)], step=reach, digits=260, scale=lambda a, b, v: [1] + [None] * 9, edges={NAN: "nan", ("0.0", "1.0"): "inf", ("1.0", "1.0"): "0.0"})
pair("polygamma_step(0)", lambda x, h: m.psi(0, x + h) - m.psi(0, x), AREA + [(1e8, 1.5), (2e9, 3e5), (0.3, 1e-5), (3.7, -3.625), (36.0625, -36.0)], step=reach, digits=260, edges={NAN: "nan", ("1.0", "0.0"): "0.0"})


# --- three arguments
def mul_add(x, a, b):
    return [x * a + b, a, x, 1, 0, 1] + [0] * 14


def clamp(x, low, high):
    side = [int(low <= x <= high), int(x < low), int(x > high)]
    return [min(max(x, low), high)] + side + [0] * 16


for name, f, boxes in [("mul_add", mul_add, ((-3, 3), (-2, 2), (-1, 1))), ("clamp", clamp, ((-3, 3), (-2, -1), (1, 2)))]:
    at = [tuple(low + (high - low) * ((k * g + 0.1) % 1) for (low, high), g in zip(boxes, (0.618034, 0.754878, 0.569840))) for k in range(64)]
    ternary[name] = [[repr(x) for x in p] + [text(v) for v in f(*map(mpf, p))] for p in at]


if __name__ == "__main__":
    import sys
    only = sys.argv[1:]
    out = {"unary": {}, "binary": {}, "ternary": ternary}
    for kind, functions in (("unary", unary), ("binary", binary)):
        for name, function in functions.items():
            if not only or name in only:
                out[kind][name] = function.entries()
                print(name, len(out[kind][name]), file=sys.stderr, flush=True)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions.json")
    lines = [f'"{kind}":{{' + ",\n".join(json.dumps(n) + ":[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in rows) + "]" for n, rows in functions.items()) + "}" for kind, functions in out.items()]
    open(path, "w").write("{" + ",\n".join(lines) + "}\n")
