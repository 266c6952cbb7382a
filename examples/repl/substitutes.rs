//! What Python and NumPy have and the prompt does not, and what to write instead.

use crate::exception::Exception;

/// A module, a name in it, and what does the same.
const SUBSTITUTES: &[(&str, &str, &str)] = &[
    ("builtins", "bytes", "a string"),
    ("builtins", "complex", "two floats"),
    ("builtins", "eval", "a function"),
    ("builtins", "exec", "a function"),
    ("builtins", "frozenset", "a tuple"),
    ("builtins", "input", "a name that is given its value"),
    ("builtins", "open", "np.load, np.save or nums.read_csv"),
    ("numpy", "allclose", "(np.abs(a - b) <= 1e-8).all()"),
    ("numpy", "array_equal", "(a == b).all()"),
    ("numpy", "complex128", "two arrays of float64"),
    ("numpy", "complex64", "two arrays of float32"),
    ("numpy", "corrcoef", "products of centred columns"),
    ("numpy", "cov", "centred.T @ centred / (len(x) - 1)"),
    ("numpy", "diag", "(x * np.eye(len(x))).sum(axis=1)"),
    ("numpy", "diff", "x[1:] - x[:-1]"),
    ("numpy", "flip", "x[::-1]"),
    ("numpy", "float16", "np.float32"),
    ("numpy", "genfromtxt", "nums.read_csv"),
    ("numpy", "histogram", "np.searchsorted(edges, x)"),
    ("numpy", "int16", "np.int32"),
    ("numpy", "int8", "np.int32"),
    ("numpy", "isclose", "np.abs(a - b) <= 1e-8"),
    ("numpy", "isin", "(x[:, None] == values).any(axis=1)"),
    ("numpy", "loadtxt", "nums.read_csv"),
    ("numpy", "median", "np.sort(x)[len(x) // 2]"),
    ("numpy", "meshgrid", "x[None, :] and y[:, None], which are broadcast"),
    ("numpy", "percentile", "np.sort(x)[int(q / 100 * len(x))]"),
    ("numpy", "quantile", "np.sort(x)[int(q * len(x))]"),
    ("numpy", "roll", "np.concatenate([x[-k:], x[:-k]])"),
    ("numpy", "savetxt", "np.save"),
    ("numpy", "tril", "np.where(np.arange(m)[:, None] >= np.arange(n), x, 0)"),
    ("numpy", "triu", "np.where(np.arange(m)[:, None] <= np.arange(n), x, 0)"),
    ("numpy", "uint16", "np.int32"),
    ("numpy", "uint32", "np.int64"),
    ("numpy", "uint64", "np.int64"),
    ("numpy", "uint8", "np.int32"),
    ("numpy", "unique", "sorted(set(x.tolist()))"),
    ("numpy", "vdot", "np.dot"),
    ("numpy", "vectorize", "a function of whole arrays"),
    ("numpy.linalg", "lstsq", "np.linalg.solve(x.T @ x, x.T @ y), or nums.LinearRegression"),
    ("numpy.linalg", "pinv", "np.linalg.inv(x.T @ x) @ x.T"),
    ("numpy.random", "choice", "Generator(Philox(key=0)).integers"),
    ("numpy.random", "normal", "np.random.Generator(np.random.Philox(key=0)).normal"),
    ("numpy.random", "rand", "np.random.Generator(np.random.Philox(key=0)).random"),
    ("numpy.random", "randint", "np.random.Generator(np.random.Philox(key=0)).integers"),
    ("numpy.random", "randn", "np.random.Generator(np.random.Philox(key=0)).standard_normal"),
    ("numpy.random", "random", "np.random.Generator(np.random.Philox(key=0)).random"),
    ("numpy.random", "seed", "np.random.Generator(np.random.Philox(key=0))"),
    ("numpy.random", "uniform", "np.random.Generator(np.random.Philox(key=0)).uniform"),
];

/// The exception for a name that is missing on purpose.
pub(crate) fn missing(module: &str, name: &str) -> Option<Exception> {
    let found = SUBSTITUTES.iter().find(|entry| (entry.0, entry.1) == (module, name))?;
    let full = if module == "builtins" { name.to_owned() } else { format!("{module}.{name}") };
    Some(Exception::unsupported(format!("{full} (use {}) is", found.2)))
}
