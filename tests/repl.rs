//! The REPL as its users start it: scripts, pipes and errors, on any number of nodes, against what Python and NumPy
//! print.
//!
//! The expected files in scripts/ were written by Python with NumPy 2 (scripts/make_expected.py).
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod repl_binary;

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

/// Inputs that were wrong once. What else than NumPy's is expected of them says scripts/reported/README.md.
#[test]
fn what_was_reported_as_wrong_prints_what_is_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/reported");
    for script in scripts("reported") {
        let expected = std::fs::read_to_string(script.with_extension("expected")).unwrap();
        for options in [&["--nodes", "1"][..], &["--nodes", "3", "--block-bytes", "64"]] {
            let output = repl().args(options).arg(&script).current_dir(&folder).output().unwrap();
            let found = String::from_utf8(output.stdout).unwrap();
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
fn a_script_ends_with_the_status_that_it_names() {
    for (text, code, message) in [
        ("print(1)\nexit()\nprint(2)", 0, ""),
        ("print(1)\nquit(3)", 3, ""),
        ("print(1)\nraise SystemExit('no more')", 1, "no more\n"),
    ] {
        let output = pipe(text);
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert_eq!(output.stdout, b"1\n", "{text}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), message, "{text}");
    }
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
    ("1j < 2", "1j < 2", "TypeError: '<' not supported between instances of 'complex' and 'int'"),
    ("np.floor(1j)", "np.floor(1j)", "TypeError: ufunc 'floor' not supported for the input types"),
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
    ("math.pi", "math", "NameError: name 'math' is not defined. Did you forget `import math`?"),
    (
        "np.linalg.inv(np.ones((5, 2, 2)))",
        "np.linalg.inv(np.ones((5, 2, 2)))",
        "NotImplementedError: inv of a stack of matrices, here of shape (5,2,2), is not supported",
    ),
    (
        "np.loadtxt(x)",
        "np.loadtxt",
        "NotImplementedError: numpy.loadtxt (use nums.read_csv(path, header=False).values) is not supported",
    ),
    (
        "open('a')",
        "open",
        "NotImplementedError: open (use np.load, np.save or nums.read_csv) is not",
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

/// What a script prints and writes to standard error, and its status.
fn ended(text: &str) -> (String, String, Option<i32>) {
    let output = pipe(&format!("import numpy as np, nums\n{text}"));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

const SINGULAR: &str = "numpy.linalg.LinAlgError: Singular matrix\n";

#[test]
fn what_fails_late_names_the_line_that_computed_it() {
    let script = "\
def inverse(a):
    return np.linalg.inv(a)

c = inverse(np.zeros((2, 2))) + 1
print('went on')
print(c)
print('never')
";
    let expected = format!(
        "Traceback (most recent call last):\n  File \"<stdin>\", line 7, in <module>\n    print(c)\n    ^^^^^^^^\n  \
         File \"<stdin>\", line 3, in inverse, computed this\n    return np.linalg.inv(a)\n           \
         ^^^^^^^^^^^^^^^^\n{SINGULAR}"
    );
    assert_eq!(ended(script), ("went on\n".to_owned(), expected, Some(1)));
    // Of several it is the one that failed.
    let script = "\
a = np.linalg.inv(np.eye(2))
b = np.array([1, 2]) ** np.array([1, -1])
c = np.linalg.cholesky(np.eye(2))
print(a + c)
print((a + b + c).sum())
";
    let (printed, told, code) = ended(script);
    assert_eq!((printed.as_str(), code), ("[[2. 0.]\n [0. 2.]]\n", Some(1)));
    assert!(told.contains("line 6, in <module>\n    print((a + b + c).sum())\n"), "{told}");
    assert!(
        told.contains("line 3, in <module>, computed this\n    b = np.array([1, 2]) ** "),
        "{told}"
    );
    let message = "\nValueError: Integers to negative integer powers are not allowed.\n";
    assert!(told.ends_with(message), "{told}");
}

#[test]
fn what_was_dropped_and_failed_is_told_at_the_end() {
    let script = "\
np.linalg.inv(np.zeros((2, 2)))
def powers(x):
    y = x ** np.array([-1, 1])

powers(np.array([1, 2]))
fine = np.linalg.inv(np.eye(2))
nums.LogisticRegression().fit(np.ones((3, 1)), np.array([0, 1, 7]))
print('end')
";
    let expected = format!(
        "Traceback (most recent call last):\n  File \"<stdin>\", line 2, in <module>\n    \
         np.linalg.inv(np.zeros((2, 2)))\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n{SINGULAR}\
         Traceback (most recent call last):\n  File \"<stdin>\", line 6, in <module>\n    \
         powers(np.array([1, 2]))\n    ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"<stdin>\", line 4, in powers\n    \
         y = x ** np.array([-1, 1])\n        ^^^^^^^^^^^^^^^^^^^^^^\n\
         ValueError: Integers to negative integer powers are not allowed.\n\
         Traceback (most recent call last):\n  File \"<stdin>\", line 8, in <module>\n    \
         nums.LogisticRegression().fit(np.ones((3, 1)), np.array([0, 1, 7]))\n    {}\nValueError: labels must be",
        "^".repeat(67)
    );
    let (printed, told, code) = ended(script);
    assert_eq!((printed.as_str(), code), ("end\n", Some(1)));
    assert!(told.starts_with(&expected), "{told}\nfor\n{expected}");
    // Also when the script says itself that it ends.
    let left = ended("x = np.linalg.inv(np.zeros((2, 2)))\nexit()");
    assert!(left.1.ends_with(SINGULAR) && left.2 == Some(1), "{left:?}");
    assert_eq!(ended("x = np.linalg.inv(np.zeros((2, 2)))\nexit(3)").2, Some(3));
    // What was raised has been told, and a script that was caught out is fine.
    let caught = "\
x = np.linalg.inv(np.zeros((2, 2)))
try:
    print(x)
except np.linalg.LinAlgError as error:
    print('caught', error)
model = nums.LogisticRegression()
try:
    model.fit(np.ones((3, 1)), np.array([0, 1, 7]))
    print('fitted')
except ValueError as error:
    print(type(error).__name__)
";
    let expected = "caught Singular matrix\nValueError\n".to_owned();
    assert_eq!(ended(caught), (expected, String::new(), Some(0)));
}

/// Far more than are watched at once, on workers that are slower than the script.
#[test]
fn many_results_that_may_fail_are_computed_and_let_go() {
    let script = "\
A = np.eye(40) * 2
for step in range(500):
    A = np.linalg.inv(A)
bad = [np.linalg.inv(np.zeros((2, 2)) + step) for step in range(400)]
print(A[0, 0])
";
    let (printed, told, code) = ended(script);
    assert_eq!((printed.as_str(), code), ("2.0\n", Some(1)));
    assert!(told.ends_with(SINGULAR), "{told}");
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
    use nums_numpy::{
        Number,
        format::{Corners, Options, array_repr, array_str},
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/arrays.golden");
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases = 0;
    for case in text.split("shape ").skip(1) {
        let mut lines = case.lines();
        let shape: Vec<usize> =
            lines.next().unwrap().split_whitespace().map(|len| len.parse().unwrap()).collect();
        let bits = lines.next().unwrap().strip_prefix("bits ").unwrap();
        let values: Vec<Number> = bits
            .split_whitespace()
            .map(|bits| Number::float64(f64::from_bits(u64::from_str_radix(bits, 16).unwrap())))
            .collect();
        let values = ndarray::ArrayD::from_shape_vec(shape.clone(), values).unwrap();
        let options = Options::default();
        let corners = Corners { shape, values, dtype: nums::DType::Float64, options };
        let shown = |kind: &str| {
            lines.clone().filter_map(|line| line.strip_prefix(kind)).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(array_str(&corners), shown("str "), "{:?}", corners.values);
        assert_eq!(array_repr(&corners), shown("repr "), "{:?}", corners.values);
        cases += 1;
    }
    assert!(cases >= 300);
}

/// The examples of `help`, which the script that writes the expected files runs under Python too.
#[test]
fn the_examples_of_help_print_what_they_say() {
    for file in [
        "examples/repl/help/python.txt",
        "array/numpy/src/help/numpy.txt",
        "array/numpy/src/help/own.txt",
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&file).unwrap();
        let mut script = "import numpy as np, math, time, nums\n".to_owned();
        let (mut expected, mut examples) = (Vec::new(), 0);
        for entry in text.split("\n\n").skip(1) {
            let mut lines = entry.trim().lines().skip(2).peekable();
            while let Some(line) = lines.next() {
                let code = line.strip_prefix(">>> ").unwrap_or_else(|| panic!("{entry}"));
                let shown: Vec<&str> =
                    std::iter::from_fn(|| lines.next_if(|line| !line.starts_with(">>> ")))
                        .collect();
                let (before, last) = code.rsplit_once("; ").unwrap_or(("", code));
                script += &match shown.is_empty() || last.starts_with("print(") {
                    true => format!("{code}\n"),
                    false => format!("{before}\nprint(repr(({last})))\n"),
                };
                expected.extend(shown);
                examples += 1;
            }
        }
        let printed = printed(&pipe(&script));
        assert_eq!(printed.lines().collect::<Vec<_>>(), expected, "{}", file.display());
        assert!(examples >= 20, "{examples} examples in {}", file.display());
    }
}

#[test]
fn help_knows_every_function_and_method() {
    let script = "\
import numpy as np, math, time, nums
owners = [np, np.linalg, np.random, math, time, nums, '', [], (), {}, {1}, np.zeros((2, 2)),
          np.random.Generator(np.random.Philox(key=1)),
          nums.LinearRegression(), nums.LogisticRegression(), nums.StandardScaler()]
for owner in owners:
    for name in dir(owner):
        if name[-1] != '_' or owner is np:
            value = getattr(owner, name)
            if type(value).__name__ == 'builtin_function_or_method':
                print('#', type(owner).__name__, name)
                help(value)
";
    let printed = printed(&pipe(script));
    let texts: Vec<&str> = printed.split("# ").skip(1).collect();
    assert!(texts.len() > 200, "{}", texts.len());
    for text in texts {
        let told = text.contains("\n    >>> ") || text.contains("Not supported");
        assert!(told && text.contains('('), "{text}");
    }
}

#[test]
fn tables_and_files_are_reached() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cities.csv");
    std::fs::write(&path, "city,year,people\nBergen,2020,283929\nOslo,2020,NA\nOslo,2021,697010\n")
        .unwrap();
    let script = format!(
        "\
import numpy as np, nums
table = nums.read_csv({path:?}, one_hot=['city'], drop_missing='people')
print(table)
print(table.columns, table.shape, len(table))
print(table['people'], table[['year', 'city_Oslo']].astype(int))
np.save({saved:?}, table.values * 2)
print(np.load({saved:?})[:, -1])
try:
    table['nothing']
except KeyError as error:
    print('nothing' in str(error), 'people' in str(error))
try:
    nums.read_csv({missing:?})
except OSError as error:
    print('OSError')
",
        saved = folder.path().join("x.npy"),
        missing = folder.path().join("missing.csv"),
    );
    let expected = "\
<table of 2 rows and 4 columns: city_Bergen, city_Oslo, year, people>
['city_Bergen', 'city_Oslo', 'year', 'people'] (2, 4) 2
[283929. 697010.] [[2020    0]
 [2021    1]]
[ 567858. 1394020.]
True True
OSError
";
    assert_eq!(printed(&pipe(&script)), expected);
}

#[test]
fn models_are_fitted_scored_and_wrong_data_is_told() {
    let script = "\
import numpy as np
from nums import LogisticRegression, LinearRegression, StandardScaler, train_test_split, accuracy, roc_auc
rng = np.random.Generator(np.random.Philox(key=3))
X = rng.standard_normal((2000, 4))
y = (X @ np.array([1.0, -2.0, 0.5, 3.0]) > 0).astype(float)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
scaler = StandardScaler().fit(X_train)
models = [LogisticRegression(C=c).fit(scaler.transform(X_train), y_train) for c in (0.1, 10.0)]
scores = [model.score(scaler.transform(X_test), y_test) for model in models]
print([score > 0.95 for score in scores], X_test.shape, models)
p = models[1].predict_proba(scaler.transform(X_test))
print(roc_auc(y_test, p[:, 1]) > 0.99, np.abs(p.sum(axis=1) - 1).max() < 1e-12)
print(accuracy(y_test, models[1].predict(scaler.transform(X_test))) == scores[1])
X[:] = 0
print((models[0].coef_ == models[0].coef_).all(), models[0].coef_.shape)
for attempt in (lambda: LinearRegression().fit(X, y[1:]), lambda: LinearRegression().coef_,
                lambda: LogisticRegression(C=-1).fit(X, y).coef_, lambda: LogisticRegression().fit(X, y * 3).coef_,
                lambda: LinearRegression(solver='sgd')):
    try:
        attempt()
    except ValueError as error:
        print(error)
";
    let expected = "\
[True, True] (400, 4) [LogisticRegression(), LogisticRegression()]
True True
True
True (4,)
Found input variables with inconsistent numbers of samples: [2000, 1999]
This LinearRegression instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator.
The 'C' parameter of LogisticRegression must be a float in the range (0.0, inf]. Got -1 instead.
";
    let printed = printed(&pipe(script));
    assert!(printed.starts_with(expected), "{printed}");
    let rest: Vec<&str> = printed[expected.len()..].lines().collect();
    assert!(rest[0].starts_with("labels must be 0 and 1, with at least one of each"), "{rest:?}");
    assert_eq!(rest[1], "solver of 'sgd': there are 'newton' and 'lbfgs'");
}

#[test]
fn what_needs_more_memory_than_there_is_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("large.py");
    std::fs::write(&script, "import numpy as np\nx = np.ones(4000000)\ny = np.sort(x)\nprint(y)\n")
        .unwrap();
    let output = run(&["--memory", "20000000"], &script);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("line 4, in <module>\n    print(y)\n"), "{errors}");
    assert!(errors.contains("\nMemoryError: ") && errors.contains("20000000"), "{errors}");
    assert_eq!(printed(&run(&["--memory", "200000000"], &script)), "[1. 1. 1. ... 1. 1. 1.]\n");
}

/// Kilobytes of memory that a run has needed at most when it has printed a value, nodes included.
#[cfg(target_os = "linux")]
fn peak_of_printing(options: &[&str], value: &str, shown: &str) -> u64 {
    use std::io::{BufRead, BufReader};

    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("value.py");
    // It goes on, so that its memory can be asked for.
    let text = format!("import numpy as np\nprint({value})\nwhile True: pass\n");
    std::fs::write(&script, text).unwrap();
    let mut child = repl().args(options).arg(&script).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with(shown), "{line}");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.split_whitespace().next().unwrap().parse().unwrap()
}

/// NumPy prints the same, and holds 2.4 GB.
#[test]
#[cfg(target_os = "linux")]
fn a_range_that_fits_no_node_is_summed_in_little_memory() {
    let options = ["--nodes", "2", "--memory", "268435456"];
    let small = peak_of_printing(&options, "np.arange(9.0).sum()", "36.0\n");
    let large = peak_of_printing(&options, "np.arange(300000000.0).sum()", "4.499999985e+16\n");
    assert!(large < small + 16 * 1024, "{large} kB for 3e8 elements and {small} kB for 9");
}

/// The nodes are in the process too, so nothing of the range may be made that is not shown.
#[test]
#[cfg(target_os = "linux")]
fn a_range_of_a_billion_is_printed_in_little_memory() {
    for nodes in ["1", "4"] {
        let peak = |len: &str, shown: &str| {
            peak_of_printing(&["--nodes", nodes], &format!("np.arange({len})"), shown)
        };
        let small = peak("9.0", "[0. 1. 2. 3.");
        let large = peak("1e9", "[0.00000000e+00 1.00000000e+00 2.00000000e+00 ...");
        assert!(
            large < small + 64 * 1024,
            "{large} kB for 1e9 and {small} kB for 9, {nodes} nodes"
        );
    }
}

#[test]
fn fits_warn_on_standard_error_with_the_line_of_the_fit() {
    let script = "\
import numpy as np
import nums
x = np.arange(20.0).reshape(20, 1)
y = (np.arange(20) % 3 == 0).astype(float)
def fit():
    return nums.LogisticRegression(solver='lbfgs', max_iter=1, tol=1e-12).fit(x, y)
for _ in range(2):
    m = fit()
    m.coef_
twice = np.column_stack([x[:, 0], x[:, 0] + 1.0])
n = nums.LinearRegression().fit(
    twice, x[:, 0])
print(n.coef_.round(6), n.score(twice[:1], x[:1, 0]))
print(issubclass(nums.ConvergenceWarning, Warning), issubclass(np.exceptions.RankWarning, RuntimeWarning))
";
    let output = pipe(script);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[0.5 0.5] nan\nTrue True\n");
    let errors = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = errors.lines().collect();
    let [converges, rank, metric] = lines[..] else { panic!("{errors}") };
    let told = "<stdin>:6: ConvergenceWarning: lbfgs failed to converge after 1 iteration(s): ";
    assert!(converges.starts_with(told), "{errors}");
    let told = "<stdin>:11: RankWarning: X has rank 1 in 2 columns: columns 0, 1 are linear \
                combinations of each other; the fit returns the coefficients of least norm";
    assert_eq!(rank, told);
    let told = "<stdin>:13: UndefinedMetricWarning: R^2 score is not well-defined with less than \
                two samples.";
    assert_eq!(metric, told);
}

/// What scikit-learn 1.9.1 and NumPy 2.4.6 say, but for `inverse_transform` of another number of columns, where
/// scikit-learn lets NumPy speak of an output operand.
#[test]
fn wrong_data_for_models_is_told_in_scikit_learns_words() {
    let script = "\
import numpy as np
import nums
def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)
s = nums.StandardScaler().fit(np.array([[1.0, 10.0], [3.0, 30.0]]))
t('a', lambda: s.transform(np.array([[1.0], [3.0]])))
t('b', lambda: s.inverse_transform(np.array([[1.0], [3.0]])))
t('c', lambda: s.transform(np.array([[np.inf, 1.0]])))
t('d', lambda: nums.StandardScaler().fit(np.array([1.0, 2.0])).mean_)
t('e', lambda: nums.StandardScaler().fit(3.0).mean_)
t('f', lambda: nums.StandardScaler().fit(np.zeros((0, 2))).mean_)
t('g', lambda: nums.StandardScaler().fit(np.zeros((3, 0))).mean_)
t('h', lambda: nums.StandardScaler().fit(np.zeros((2, 2, 2))).mean_)
t('i', lambda: nums.StandardScaler().fit(np.array([[np.inf], [1.0]])).mean_)
t('j', lambda: nums.StandardScaler().transform(np.ones((2, 2))))
X, y = np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 1.0], [0.0, 2.0]]), np.array([0.0, 1.0, 1.0, 0.0])
m = nums.LogisticRegression().fit(X, y)
Z = X.copy()
Z[1, 1] = np.nan
t('k', lambda: m.predict(Z))
t('l', lambda: nums.LinearRegression().fit(Z, y).coef_)
t('m', lambda: nums.LinearRegression().fit(X, Z[:, 1]).coef_)
t('n', lambda: m.predict(X[:, :1]))
t('o', lambda: nums.LinearRegression(ridge=-1.0))
t('p', lambda: nums.LogisticRegression(tol=-1.0))
t('q', lambda: np.random.Generator(np.random.Philox(key=1)).normal(0, -1, 3))
t('r', lambda: np.random.Philox(key=-1))
t('s', lambda: nums.train_test_split(X, y, random_state=-1))
t('t', lambda: isinstance(nums.NotFittedError(), (ValueError, AttributeError)))
";
    let expected = "\
a ValueError X has 1 features, but StandardScaler is expecting 2 features as input.
b ValueError X has 1 features, but StandardScaler is expecting 2 features as input.
c ValueError Input X contains infinity or a value too large for dtype('float64').
d ValueError Expected 2D array, got 1D array instead:
array=[1. 2.].
Reshape your data either using array.reshape(-1, 1) if your data has a single feature or array.reshape(1, -1) if it contains a single sample.
e ValueError Expected 2D array, got scalar array instead:
array=3.0.
Reshape your data either using array.reshape(-1, 1) if your data has a single feature or array.reshape(1, -1) if it contains a single sample.
f ValueError Found array with 0 sample(s) (shape=(0, 2)) while a minimum of 1 is required by StandardScaler.
g ValueError Found array with 0 feature(s) (shape=(3, 0)) while a minimum of 1 is required by StandardScaler.
h ValueError Found array with dim 3, while dim <= 2 is required by StandardScaler.
i ValueError Input X contains infinity or a value too large for dtype('float64').
j NotFittedError This StandardScaler instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator.
k ValueError Input X contains NaN.
l ValueError Input X contains NaN.
m ValueError Input y contains NaN.
n ValueError X has 1 features, but LogisticRegression is expecting 2 features as input.
o ValueError The 'ridge' parameter of LinearRegression must be a float in the range [0.0, inf). Got -1.0 instead.
p ValueError The 'tol' parameter of LogisticRegression must be a float in the range [0.0, inf). Got -1.0 instead.
q ValueError scale < 0
r ValueError key must be positive and less than 2**64.
s ValueError The 'random_state' parameter of train_test_split must not be negative.
t True
";
    assert_eq!(printed(&pipe(script)), expected);
}

#[test]
fn errors_of_files_are_pythons() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("latin.csv"), b"k,x\n\xe4,1\n\xf6,2\n").unwrap();
    std::fs::write(path("text.csv"), "k,x\na,1\n").unwrap();
    std::fs::write(path("text.npy"), "no array").unwrap();
    let script = format!(
        "\
import numpy as np
import nums
def t(f):
    try:
        print(f())
    except OSError as e:
        print(type(e).__name__, isinstance(e, FileNotFoundError), e)
    except ValueError as e:
        print(type(e).__name__, str(e)[:60])
t(lambda: np.load('{nowhere}'))
t(lambda: np.load('{folder}'))
t(lambda: np.save('{nowhere}/x.npy', np.ones(2)))
t(lambda: np.save('{latin}/x.npy', np.ones(2)))
t(lambda: nums.read_csv('{latin}', one_hot='k'))
t(lambda: nums.read_csv('{latin}', one_hot='k', encoding='latin-1').columns)
t(lambda: nums.read_csv('{text}').columns)
t(lambda: np.load('{npy}'))
t(lambda: nums.read_csv('/dev/null'))
print(issubclass(PermissionError, OSError), issubclass(BrokenPipeError, ConnectionError), IOError is OSError)
print(issubclass(UnicodeDecodeError, UnicodeError), issubclass(IsADirectoryError, OSError))
nums.read_csv('{latin}', one_hot='k')
",
        nowhere = path("nowhere"),
        folder = folder.path().display(),
        latin = path("latin.csv"),
        text = path("text.csv"),
        npy = path("text.npy"),
    );
    let output = pipe(&script);
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let not_found = |name: &str| {
        format!("FileNotFoundError True [Errno 2] No such file or directory: '{}'", path(name))
    };
    let expected = [
        not_found("nowhere"),
        format!("IsADirectoryError False [Errno 21] Is a directory: '{}'", folder.path().display()),
        not_found("nowhere/x.npy"),
        format!(
            "NotADirectoryError False [Errno 20] Not a directory: '{}'",
            path("latin.csv/x.npy")
        ),
        "UnicodeDecodeError 'utf-8' codec can't decode byte 0xe4 in position 0: unexpect"
            .to_owned(),
        "['k_ä', 'k_ö', 'x']".to_owned(),
    ];
    assert_eq!(lines[..6], expected);
    assert!(
        lines[6].starts_with("ValueError ") && lines[7].starts_with("ValueError "),
        "{lines:?}"
    );
    assert!(
        lines[8].starts_with("OSError False /dev/null: expected a regular file, got a device"),
        "{lines:?}"
    );
    assert_eq!(lines[9..], ["True True True", "True True"]);
    // An uncaught error says where it is and what to do.
    let told = format!("This is in '{}', line 2, column 1: encoding='latin-1'", path("latin.csv"));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains(&told), "{errors}");
}
