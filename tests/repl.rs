//! The REPL as its users start it: scripts, pipes and errors, on any number of nodes, against what Python and NumPy
//! print.
//!
//! The expected files in scripts/ were written by Python with NumPy 2 (scripts/make_expected.py).
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod repl_binary;

// How arrays are written is compiled into this test too, which holds it against NumPy at length.
#[path = "../examples/repl/format/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the REPL uses the rest")]
mod format;
#[path = "../examples/repl/number.rs"]
#[allow(dead_code, reason = "the REPL uses the rest")]
mod number;

use repl_binary::repl;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut scripts: Vec<PathBuf> = files
        .filter(|path| path.with_extension("expected").exists())
        .filter(|path| is_python(path))
        .collect();
    scripts.sort();
    assert!(!scripts.is_empty());
    scripts
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

fn run(options: &[&str], script: &Path) -> Output {
    repl().args(options).arg(script).output().unwrap()
}

/// What a run that went well printed.
fn printed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs what a pipe brings.
fn pipe(text: &str) -> Output {
    let mut child =
        repl().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What a script that raises writes to standard error.
fn raised(text: &str) -> String {
    let output = pipe(text);
    assert_eq!(output.status.code(), Some(1), "{text}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn scripts_print_what_numpy_prints() {
    for script in scripts("") {
        let expected = std::fs::read_to_string(script.with_extension("expected")).unwrap();
        let tiny = ["--nodes", "4", "--block-bytes", "64"];
        let small = !script.ends_with("large.py");
        for options in [
            &["--nodes", "1"][..],
            &["--nodes", "4"],
            // Millions of blocks would show nothing that thousands do not.
            if small { &tiny } else { &["--nodes", "4", "--places", "16"] },
            &["--nodes", "2", "--workers", "2", "--policy", "round-robin"],
        ] {
            let found = printed(&run(options, &script));
            for (line, (found, expected)) in
                std::iter::zip(found.lines(), expected.lines()).enumerate()
            {
                assert_eq!(found, expected, "{} {options:?}, line {}", script.display(), line + 1);
            }
            assert_eq!(found, expected, "{} {options:?}", script.display());
        }
    }
}

#[test]
fn numbers_are_the_same_bytes_on_any_number_of_nodes_and_close_to_those_of_numpy() {
    for script in scripts("close") {
        let on_one = printed(&run(&["--places", "64"], &script));
        for nodes in ["2", "4"] {
            let options = ["--places", "64", "--nodes", nodes];
            assert_eq!(
                printed(&run(&options, &script)),
                on_one,
                "{} on {nodes} nodes",
                script.display()
            );
        }
        let expected = std::fs::read_to_string(script.with_extension("expected")).unwrap();
        let numbers = |text: &str| -> Vec<f64> {
            text.split_whitespace().map(|number| number.parse().unwrap()).collect()
        };
        let (found, expected) = (numbers(&on_one), numbers(&expected));
        assert_eq!(found.len(), expected.len());
        for (found, expected) in std::iter::zip(found, expected) {
            let error = ((found - expected) / expected).abs();
            assert!(error <= 1e-12, "{}: {found} for {expected}", script.display());
        }
    }
}

#[test]
fn an_error_ends_the_script_with_its_line_and_a_caret() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/errors/name.py");
    let output = run(&["--nodes", "2"], &script);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[0. 1. 2.] before\n");
    let expected = format!(
        "Traceback (most recent call last):\n  File \"{}\", line 4, in <module>\n    \
         y = x + unknown * 2\n            ^^^^^^^\nNameError: name 'unknown' is not defined\n",
        script.display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

#[test]
fn a_syntax_error_runs_nothing() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/errors/syntax.py");
    let output = run(&[], &script);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let expected = format!(
        "  File \"{}\", line 2\n    x = (1 +\n        ^\nSyntaxError: '(' was never closed\n",
        script.display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

#[test]
fn a_pipe_is_a_script() {
    let output = pipe("import numpy as np\nx = np.arange(3.0)\nx\nprint(x.sum())");
    assert_eq!(printed(&output), "3.0\n");
    assert_eq!(printed(&pipe("")), "");
}

#[test]
fn what_cannot_be_opened_is_told() {
    let output = repl().arg("no-such-script.py").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.starts_with("repl: can't open file 'no-such-script.py'"), "{errors}");
    let output = repl().args(["--cluster", "no ticket"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.starts_with(b"repl: "));
}

/// A statement that follows `x = np.arange(6.0).reshape(2, 3)`, the part under the carets, and the last
/// line of the message. Where NumPy has the same error, its words were taken from NumPy 2.4 on Python 3.11.
const ERRORS: &[(&str, &str, &str)] = &[
    ("x.foo", "x.foo", "AttributeError: 'numpy.ndarray' object has no attribute 'foo'"),
    ("np.foo(1)", "np.foo", "AttributeError: module 'numpy' has no attribute 'foo'"),
    ("x[2]", "x[2]", "IndexError: index 2 is out of bounds for axis 0 with size 2"),
    ("x[0, -4]", "x[0, -4]", "IndexError: index -4 is out of bounds for axis 1 with size 3"),
    (
        "x[0, 0, 0]",
        "x[0, 0, 0]",
        "IndexError: too many indices for array: array is 2-dimensional, but 3 were indexed",
    ),
    ("x[..., ...]", "x[..., ...]", "IndexError: an index can only have a single ellipsis ('...')"),
    ("x[::0]", "x[::0]", "ValueError: slice step cannot be zero"),
    ("x.sum()[0]", "x.sum()[0]", "IndexError: invalid index to scalar variable."),
    ("(1, 2)[2]", "(1, 2)[2]", "IndexError: tuple index out of range"),
    ("'ab'['a']", "'ab'['a']", "TypeError: string indices must be integers, not 'str'"),
    (
        "y = 1 + x + np.arange(4.0)",
        "1 + x + np.arange(4.0)",
        "ValueError: operands could not be broadcast together with shapes (2,3) (4,) ",
    ),
    (
        "x @ x",
        "x @ x",
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (n?,k),(k,m?)->(n?,m?) (size 2 is different from 3)",
    ),
    (
        "x.dot(x)",
        "x.dot(x)",
        "ValueError: shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)",
    ),
    ("x.reshape(4)", "x.reshape(4)", "ValueError: cannot reshape array of size 6 into shape (4,)"),
    (
        "x.reshape(-1, -1)",
        "x.reshape(-1, -1)",
        "ValueError: can only specify one unknown dimension",
    ),
    (
        "np.sum(x, axis=2)",
        "np.sum(x, axis=2)",
        "numpy.exceptions.AxisError: axis 2 is out of bounds for array of dimension 2",
    ),
    ("x.sum((0, 0))", "x.sum((0, 0))", "ValueError: duplicate value in 'axis'"),
    (
        "np.transpose(x, (0, 0))",
        "np.transpose(x, (0, 0))",
        "ValueError: repeated axis in transpose",
    ),
    ("np.zeros((2, -1))", "np.zeros((2, -1))", "ValueError: negative dimensions are not allowed"),
    (
        "np.zeros(1.5)",
        "np.zeros(1.5)",
        "TypeError: 'float' object cannot be interpreted as an integer",
    ),
    (
        "np.zeros()",
        "np.zeros()",
        "TypeError: zeros() missing 1 required positional argument: 'shape'",
    ),
    (
        "np.full()",
        "np.full()",
        "TypeError: full() missing 2 required positional arguments: 'shape' and 'fill_value'",
    ),
    (
        "np.full(1, 2., shape=2)",
        "np.full(1, 2., shape=2)",
        "TypeError: full() got multiple values for argument 'shape'",
    ),
    (
        "print(1, to=2)",
        "print(1, to=2)",
        "TypeError: print() got an unexpected keyword argument 'to'",
    ),
    ("len(1, 2)", "len(1, 2)", "TypeError: len() takes 1 positional argument but 2 were given"),
    ("len(2.0)", "len(2.0)", "TypeError: object of type 'float' has no len()"),
    ("float('a')", "float('a')", "ValueError: could not convert string to float: 'a'"),
    (
        "float(x)",
        "float(x)",
        "TypeError: only 0-dimensional arrays can be converted to Python scalars",
    ),
    ("z = 1 + 'a'", "1 + 'a'", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
    ("y = 'a'; y -= 1", "y -= 1", "TypeError: unsupported operand type(s) for -=: 'str' and 'int'"),
    ("1 < 'a'", "1 < 'a'", "TypeError: '<' not supported between instances of 'int' and 'str'"),
    ("-'a'", "-'a'", "TypeError: bad operand type for unary -: 'str'"),
    ("1 / 0", "1 / 0", "ZeroDivisionError: division by zero"),
    ("1 / 0.0", "1 / 0.0", "ZeroDivisionError: float division by zero"),
    ("2(3)", "2(3)", "TypeError: 'int' object is not callable"),
    ("a, b = 1, 2, 3", "a, b", "ValueError: too many values to unpack (expected 2)"),
    ("a, b = 1", "a, b", "TypeError: cannot unpack non-iterable int object"),
    (
        "y = x[0]; y += x",
        "y += x",
        "ValueError: non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)",
    ),
    ("print(x + (", "(", "SyntaxError: '(' was never closed"),
    ("x =", "", "SyntaxError: "),
    (
        "import os",
        "os",
        "ImportError: no module named 'os' here: `import numpy as np` is supported, and `nums`, `math` and `time`",
    ),
    (
        "class A: pass",
        "class A: pass",
        "NotImplementedError: defining a class (use a dict or a function) is not supported",
    ),
    (
        "with x: pass",
        "with x: pass",
        "NotImplementedError: a `with` statement (call and close by hand) is not supported",
    ),
    ("y = '%d' % 3", "'%d' % 3", "NotImplementedError: formatting with `%` (write an f-string) is"),
    ("y = 1j", "1j", "NotImplementedError: complex numbers are not supported"),
    ("9 ** 9999999", "9 ** 9999999", "OverflowError: integers of more than 4194304 bits are"),
    (
        "y = f'{x:>9q}'",
        "x",
        "TypeError: unsupported format string passed to numpy.ndarray.__format",
    ),
    ("print(xx)", "xx", "NameError: name 'xx' is not defined. Did you mean: 'x'?"),
    (
        "np.arnage(3)",
        "np.arnage",
        "AttributeError: module 'numpy' has no attribute 'arnage'. Did you mean: 'arange'?",
    ),
    (
        "x.reshap(6)",
        "x.reshap",
        "AttributeError: 'numpy.ndarray' object has no attribute 'reshap'. Did you mean: 'reshape'?",
    ),
    (
        "np.random.default_rng(3)",
        "np.random.default_rng(3)",
        "NotImplementedError: np.random.default_rng, whose numbers must be drawn one after",
    ),
];

#[test]
fn errors_have_the_names_and_words_of_python_and_numpy() {
    for (statement, part, message) in ERRORS {
        let errors =
            raised(&format!("import numpy as np; x = np.arange(6.0).reshape(2, 3)\n{statement}"));
        let lines: Vec<&str> = errors.lines().collect();
        let [.., place, shown, carets, last] = lines.as_slice() else {
            panic!("{statement}: {errors}")
        };
        assert!(place.starts_with("  File \"<stdin>\", line 2"), "{statement}: {place}");
        assert_eq!(*shown, format!("    {statement}"));
        assert!(last.starts_with(message), "{statement}: {last}");
        if !part.is_empty() {
            let below: String = shown
                .chars()
                .zip(carets.chars())
                .filter(|pair| pair.1 == '^')
                .map(|pair| pair.0)
                .collect();
            assert_eq!(below, *part, "{statement}");
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let errors = raised(&format!("{}1{}", "(-".repeat(20_000), ")".repeat(20_000)));
    assert!(errors.ends_with("RecursionError: maximum recursion depth exceeded\n"), "{errors}");
    assert_eq!(printed(&pipe(&format!("print(0{})", " + 1".repeat(2000)))), "2000\n");
}

/// Arrays of all scales as NumPy shows them.
#[test]
fn arrays_look_as_numpy_shows_them() {
    use format::{Corners, array_repr, array_str};
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/arrays.golden");
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases = 0;
    for case in text.split("shape ").skip(1) {
        let mut lines = case.lines();
        let shape: Vec<usize> =
            lines.next().unwrap().split_whitespace().map(|len| len.parse().unwrap()).collect();
        let bits = lines.next().unwrap().strip_prefix("bits ").unwrap();
        let values: Vec<number::Number> = bits
            .split_whitespace()
            .map(|bits| {
                number::Number::Float64(f64::from_bits(u64::from_str_radix(bits, 16).unwrap()))
            })
            .collect();
        let values = ndarray::ArrayD::from_shape_vec(shape.clone(), values).unwrap();
        let corners = Corners { shape, values, dtype: nums::DType::Float64 };
        let shown = |kind: &str| {
            lines.clone().filter_map(|line| line.strip_prefix(kind)).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(array_str(&corners), shown("str "), "{:?}", corners.values);
        assert_eq!(array_repr(&corners), shown("repr "), "{:?}", corners.values);
        cases += 1;
    }
    assert!(cases >= 300);
}
