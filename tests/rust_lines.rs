//! Lines that a user of ndarray types first, as they are typed, with what the user expects of them. The other lines of
//! the list are refused by the compiler; the page `for_ndarray_users` shows them with what to write.

#![allow(
    clippy::all,
    clippy::todo,
    clippy::unwrap_used,
    unused_variables,
    unused_mut,
    unused_must_use,
    unreachable_code,
    dead_code,
    unused_imports,
    reason = "the lines stand as they are typed"
)]

use nums::ndarray::{self, arr1, arr2};
use nums::{DistArray, Session, s};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The numbers 0.5, 1.5, ..., 9.5 in blocks of at most three, on two nodes.
fn vector() -> (Session, DistArray) {
    let s = Session::builder()
        .nodes(2)
        .workers(1)
        .block_bytes_min(8)
        .block_bytes_max(24)
        .embedded()
        .unwrap();
    let x = s.arange(0.5, 10.5, 1.0).unwrap();
    (s, x)
}

fn of(x: &DistArray) -> Vec<f64> {
    x.to_vec::<f64>().wait().unwrap()
}

fn mapped(f: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..10).map(|i| f(i as f64 + 0.5)).collect()
}

#[rustfmt::skip]
#[test]
fn middle_elements_do_not_depend_on_infinite_neighbours() {
    let s = nums::Session::embedded(2).unwrap();
    let inf = f64::INFINITY;
    for (elements, median, quarter) in [
        (vec![1.0, 2.0, inf], 2.0, 1.5),
        (vec![-inf, 1.0, 2.0, 3.0, inf], 2.0, 1.0),
        (vec![1.0, inf], inf, inf),
        (vec![3.0], 3.0, 3.0),
    ] {
        let x = s.array(elements).unwrap();
        assert_eq!(x.median().unwrap().item::<f64>().wait().unwrap(), median);
        assert_eq!(x.quantile(0.25).unwrap().item::<f64>().wait().unwrap(), quarter);
    }
}

#[test]
fn numbers_of_any_type_and_operators() -> Outcome {
    let (s, x) = vector();
    {
        let n: i32 = 3;
        let y = &x + n;
        assert_eq!(of(&y), mapped(|x| x + 3.0));
    }
    {
        let n: f32 = 3.0;
        let y = &x * n;
        assert_eq!(of(&y), mapped(|x| x * 3.0));
    }
    {
        let n: usize = x.size();
        let y = &x / n;
        assert_eq!(of(&y), mapped(|x| x / 10.0));
    }
    {
        let n: usize = 3;
        let y = x.maximum(n);
        assert_eq!(of(&y), mapped(|x| x.max(3.0)));
    }
    {
        let n: u64 = 3;
        let y = s.full(&[2], n)?;
        assert_eq!(y.to_vec::<i64>().wait()?, [3, 3]);
    }
    {
        let n = x.shape()[0];
        let y = &x / n as f64;
        assert_eq!(of(&y), mapped(|x| x / 10.0));
    }
    {
        let mut y = x.clone();
        y += &x;
        assert_eq!(of(&y), mapped(|x| x + x));
    }
    {
        let mut y = x.clone();
        y *= 2.0;
        assert_eq!(of(&y), mapped(|x| x * 2.0));
    }
    {
        let v = vec![x.clone(), x.clone()];
        let y: DistArray = v.iter().sum();
        assert_eq!(of(&y), mapped(|x| x + x));
    }
    {
        let v = vec![x.clone(), x.clone()];
        let y: DistArray = v.into_iter().sum();
        assert_eq!(of(&y), mapped(|x| x + x));
    }
    {
        let y = 2 * &x;
        assert_eq!(of(&y), mapped(|x| 2.0 * x));
    }
    {
        let y = (2. * &x).sum();
        assert_eq!(y.item::<f64>().wait()?, 100.0);
    }
    {
        let n: i32 = 3;
        let y = x.maximum(n);
        assert_eq!(of(&y), mapped(|x| x.max(3.0)));
    }
    {
        let y = x.maximum(3.0_f32);
        assert_eq!(of(&y), mapped(|x| x.max(3.0)));
    }
    {
        let y = &x - x.mean();
        assert_eq!(of(&y), mapped(|x| x - 5.0));
    }
    {
        let y = &x - x.min();
        assert_eq!(of(&y), mapped(|x| x - 0.5));
    }
    {
        let y = (&x - x.mean()) / x.std(0);
        let spread = 8.25_f64.sqrt();
        assert_eq!(of(&y), mapped(|x| (x - 5.0) / spread));
    }
    {
        &x + 1.0;
    }
    {
        let x = x.clone();
        let y = x.clone() - 1.0 - x;
        assert_eq!(of(&y), [-1.0; 10]);
    }
    // Beyond the list: integers above those of int64, numbers by reference, all assignments, products.
    assert_eq!(s.full((), u64::MAX)?.item::<u64>().wait()?, u64::MAX);
    let mut y = x.clone();
    y -= 0.5;
    y /= 2;
    y %= 3_u8;
    assert_eq!(of(&y), mapped(|x| (x - 0.5) / 2.0 % 3.0));
    assert_eq!(of(&[&x, &x].into_iter().product::<DistArray>()), mapped(|x| x * x));
    assert_eq!(of(&x), mapped(|x| x), "the operand of an assignment keeps its elements");
    Ok(())
}

#[rustfmt::skip]
#[test]
fn arrays_in_and_shapes() -> Outcome {
    let (s, x) = vector();
    { let y = s.from_ndarray(&vec![1.0, 2.0])?; assert_eq!(of(&y), [1.0, 2.0]); }
    { let y = s.array(&[1.0, 2.0])?; assert_eq!(of(&y), [1.0, 2.0]); }
    { let y = s.from_slice(&[1.0, 2.0])?; assert_eq!(of(&y), [1.0, 2.0]); }
    { let y = s.from_iter((0..10).map(|i| i as f64))?; assert_eq!(of(&y), mapped(|x| x - 0.5)); }
    { let n = x.size(); let y = x.reshape(&[n, 1])?; assert_eq!(y.shape(), [10, 1]); }
    { let y = x.reshape((2, 5))?; assert_eq!(y.shape(), [2, 5]); }
    { let y = s.zeros((2, 5))?; assert_eq!(y.shape(), [2, 5]); }
    { let y = s.zeros(5)?; assert_eq!(y.shape(), [5]); }
    { let y = s.zeros([2, 5])?; assert_eq!(y.shape(), [2, 5]); }
    { let y = x.reshape(&[2, 5])? + s.ones(&[5])?; assert_eq!(of(&y), mapped(|x| x + 1.0)); }
    { let y = x.broadcast_to(&[3, 10])?; assert_eq!((y.shape(), of(&y.row(2))), (vec![3, 10], mapped(|x| x))); }
    { let y = x.permuted_axes(&[0]); assert_eq!(of(&y), mapped(|x| x)); }
    { let y = x.nrows(); assert_eq!(y, 10); }
    { let y = x.len(); assert_eq!(y, 10); }
    { let y = x.is_empty(); assert!(!y); }
    { let y = x.dim(); assert_eq!(y, ndarray::IxDyn(&[10])); }
    { let r: Result<(), Box<dyn std::error::Error + Send + Sync>> = (|| { x.reshape(&[3])?; Ok(()) })();
      assert!(r.unwrap_err().to_string().contains("size 10 into shape [3]")); }
    { let r: Result<(), std::io::Error> = (|| { x.reshape(&[3]).map_err(std::io::Error::other)?; Ok(()) })();
      assert!(r.is_err()); }
    match x.reshape(&[3]) { Err(nums::Error::Reshape { size, .. }) => { assert_eq!(size, 10) }, Err(nums::Error::Cluster(nums::ClusterError::Cancelled)) => { panic!() }, _ => { panic!() } }
    // Beyond the list: rows of arrays, owned arrays of ndarray, views that are not in C order, -1 in a shape.
    let rows = vec![[1, 2, 3], [4, 5, 6]];
    assert_eq!(s.array(&rows)?.fetch::<i32>().wait()?, arr2(&[[1, 2, 3], [4, 5, 6]]).into_dyn());
    let local = arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(s.array(local.t())?.fetch::<f64>().wait()?, local.t().into_dyn());
    assert_eq!(s.array(local.clone())?.reshape((3, -1))?.shape(), [3, 2]);
    assert_eq!(s.zeros(local.raw_dim())?.shape(), [2, 3]);
    assert_eq!(s.array([[[true], [false]]])?.shape(), [1, 2, 1]);
    Ok(())
}

#[cfg(feature = "faer")]
#[test]
fn matrices_of_faer() -> Outcome {
    let (s, _) = vector();
    let local = faer::Mat::from_fn(3, 2, |row, column| (2 * row + column) as f64);
    assert_eq!(of(&s.array(&local)?), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(of(&s.array(local.transpose())?), [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]);
    Ok(())
}

#[rustfmt::skip]
#[test]
fn axes_and_parts() -> Outcome {
    let (_, x) = vector();
    { let y = x.sum_axis(0)?; assert_eq!(y.item::<f64>().wait()?, 50.0); }
    { let y = x.sum_axis(ndarray::Axis(0))?; assert_eq!(y.item::<f64>().wait()?, 50.0); }
    { let y = x.slice(1..3)?; assert_eq!(of(&y), [1.5, 2.5]); }
    { let y = x.slice(&s![1..3])?; assert_eq!(of(&y), [1.5, 2.5]); }
    { use ndarray::s; let y = x.slice(s![1..3])?; assert_eq!(of(&y), [1.5, 2.5]); }
    { use ndarray::s; let y = x.slice(s![..;-1])?; assert_eq!(of(&y), mapped(|x| 10.0 - x)); }
    { let y = x.row(0); assert_eq!(of(&y), [0.5]); }
    { let mut rows = Vec::new(); for r in x.outer_iter() { rows.push(r) } assert_eq!(of(&nums::stack(&rows, 0)?), mapped(|x| x)); }
    { let mut count = 0; for r in &x { assert_eq!(r.ndim(), 0); count += 1; } assert_eq!(count, 10); }
    { let y = x.transpose(); assert_eq!(of(&y), mapped(|x| x)); }
    { let y = nums::concatenate(&[x.clone(), x.clone()], 0)?; assert_eq!(of(&y), [mapped(|x| x), mapped(|x| x)].concat()); }
    { let v = vec![x.clone(), x.clone()]; let y = nums::concatenate(&v, 0)?; assert_eq!(y.shape(), [20]); }
    // Beyond the list: every form of axes, with and without the axes in the result.
    let cube = x.reshape((1, 2, 5))?;
    for (shape, kept) in [(cube.sum_axis(-1)?, cube.keepdims().sum_axis(-1)?), (cube.sum_axis(2_usize)?, cube.keepdims().sum_axis([2])?)] {
        assert_eq!((shape.shape(), kept.shape()), (vec![1, 2], vec![1, 2, 1]));
    }
    assert_eq!(cube.mean_axis((0, -1))?.shape(), [2]);
    assert_eq!(cube.std_axis(.., 0)?.ndim(), 0);
    assert_eq!(cube.keepdims().argmax_axis(..)?.shape(), [1, 1, 1]);
    assert_eq!(cube.argmax_axis((0, 1)).unwrap_err().to_string(), "expected one axis, got [0, 1]");
    assert_eq!(cube.slice(s![0, .., -1])?.shape(), [2]);
    assert_eq!(nums::concatenate(x.outer_iter().map(|one| one.ravel()), 0)?.shape(), [10]);
    Ok(())
}

#[rustfmt::skip]
#[test]
fn functions_of_elements() -> Outcome {
    let (_, x) = vector();
    { let y = x.powf(2.0); assert_eq!(of(&y), mapped(|x| x * x)); }
    { let y = x.powi(2); assert_eq!(of(&y), mapped(|x| x * x)); }
    { let y = x.pow(2); assert_eq!(of(&y), mapped(|x| x * x)); }
    { let y = x.ln(); assert_eq!(of(&y), of(&x.log())); }
    { let y = x.log(); assert!(of(&y).iter().zip(mapped(f64::ln)).all(|(y, ln)| (y - ln).abs() < 1e-15)); }
    { let y = x.abs(); assert_eq!(of(&y), mapped(|x| x)); }
    { let y = x.clip(0.0, 1.0)?; assert_eq!(of(&y), mapped(|x| x.clamp(0.0, 1.0))); }
    { let y = x.clamp(0.0, 1.0); assert_eq!(of(&y), mapped(|x| x.clamp(0.0, 1.0))); }
    { let y = x.gt(1.0); assert_eq!(y.count_nonzero().item::<i64>().wait()?, 9); }
    { let y = x.lt(&1.0); assert_eq!(y.count_nonzero().item::<i64>().wait()?, 1); }
    { let y = x.greater(1.0); assert_eq!(y.count_nonzero().item::<i64>().wait()?, 9); }
    { let y = x.greater(0.5).where_(&x, 0.0)?; assert_eq!(of(&y), mapped(|x| if x > 0.5 { x } else { 0.0 })); }
    { let y = x.isnan(); assert!(!y.any().item::<bool>().wait()?); }
    { let y = x.nan_to_num(0.0); assert_eq!(of(&y), mapped(|x| x)); }
    { let y = x.matmul(&x); assert_eq!(y.item::<f64>().wait()?, mapped(|x| x * x).iter().sum::<f64>()); }
    { let y = x.cumsum()?; assert_eq!(of(&y), mapped(|x| (x + 0.5).powi(2) / 2.0)); }
    { let y = x.diff()?; assert_eq!(of(&y), [1.0; 9]); }
    { let y = nums::linalg::norm(&x)?; assert_eq!(y.item::<f64>().wait()?, x.norm().item::<f64>().wait()?); }
    { let x = x.reshape((10, 1))?; let y = nums::linalg::lstsq(&x, &x)?; assert!((of(&y)[0] - 1.0).abs() < 1e-14); }
    { let y = x.median()?; assert_eq!(y.item::<f64>().wait()?, 5.0); }
    { let y = x.quantile(0.5)?; assert_eq!(y.item::<f64>().wait()?, 5.0); }
    { let y = x.histogram(10)?; assert_eq!(y.0.to_vec::<i64>().wait()?, [1; 10]); assert_eq!(y.1.shape(), [11]); }
    { let y = x.argmax()?; assert_eq!(y.item::<i64>().wait()?, 9); }
    Ok(())
}

#[rustfmt::skip]
#[test]
fn results_and_sessions() -> Outcome {
    let (s, x) = vector();
    { println!("{}", x); assert_eq!(x.to_string(), "[0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]"); }
    { let y = Session::default(); assert_eq!(y.nodes(), 1); }
    { let y = Session::new()?; assert!(x.try_add(y.ones(10)?).is_err(), "another session"); }
    { let y = x.fetch::<f64>().wait_timeout(std::time::Duration::from_secs(1))?; assert_eq!(y[3], 3.5); }
    { let p = x.fetch::<f64>(); p.cancel(); assert_eq!(of(&x), mapped(|x| x)); }
    { let p = x.fetch::<f64>(); let y = p.is_done(); assert_eq!(p.wait()?[0], 0.5); }
    { let p = vec![x.fetch::<f64>(), x.fetch::<f64>()]; let f = async { futures::future::join_all(p).await };
      assert!(block_on(f).iter().all(|outcome| outcome.as_ref().is_ok_and(|x| x[9] == 9.5))); }
    { let mut p = x.fetch::<f64>(); let f = async { (&mut p).await }; assert_eq!(block_on(f)?[0], 0.5); }
    { let v = vec![x.clone(), x.clone()]; s.eval(&v).wait()?; }
    { let y: Result<f32, nums::Error> = (|| { let y: f32 = x.sum().fetch::<f32>().wait()?[[]]; Ok(y) })();
      assert_eq!(y.unwrap_err().to_string(), "the array has dtype float64, not float32"); }
    { let y = x.fetch_any(); assert!(matches!(y.wait()?, nums::AnyArray::Float64(_))); }
    { fn g<T: nums::Element + std::ops::Add<Output=T>>(x: &DistArray) -> T { let a = x.fetch::<T>().wait().unwrap(); a[[0]] + a[[1]] } let y = g::<f64>(&x);
      assert_eq!(y, 2.0); }
    { use nums::Policy; s.set_policy(Policy::DataLocal).wait()?; }
    { let y = serde_json::to_string(&nums::DType::Float64); assert_eq!(y?, "\"Float64\""); }
    { let y: nums::DType = "float64".parse().unwrap(); assert_eq!(y, nums::DType::Float64); }
    { let y = x.session().nodes(); assert_eq!(y, 2); }
    { let y: Vec<f64> = x.to_vec().wait()?; assert_eq!(y, mapped(|x| x)); }
    { let y = { let z = &x + 1.0; z.fetch::<f64>() }.wait()?; assert_eq!(y[0], 1.5); }
    { let y: f64 = x.sum().fetch::<f64>().wait()?[[]]; assert_eq!(y, 50.0); }
    { let refused = catches(|| { let y: f64 = x.sum().fetch::<f64>().wait().unwrap()[0]; }); assert!(refused, "no axis takes an index"); }
    { let p = std::future::IntoFuture::into_future(x.fetch::<f64>()); let f = async move { p.await }; assert_eq!(block_on(f)?[0], 0.5); }
    { fn f(x: &DistArray) -> nums::Pending<ndarray::ArrayD<f64>> { x.sum().fetch() } let y = f(&x); assert_eq!(y.wait()?[[]], 50.0); }
    { fn sp<T: Send + 'static>(t: T) {} sp(x.fetch::<f64>()); }
    { static S: std::sync::OnceLock<Session> = std::sync::OnceLock::new(); let y = S.get_or_init(|| s.clone()); assert_eq!(y.nodes(), 2); }
    { x.eval(); }
    { let y = x.reshape((10, 1))?; let m = nums::models::LinearRegression::new().fit(&y, &x).wait()?; println!("{}", m.coefficients[0]); assert!((m.coefficients[0] - 1.0).abs() < 1e-12); }
    fn never(x: DistArray) { let m = nums::models::LinearModel { ..todo!() }; }
    // Beyond the list: the result with a fixed number of axes, and what does not fit.
    let fixed: ndarray::Array1<f64> = x.fetch_as::<f64, ndarray::Ix1>().wait()?;
    assert_eq!(fixed, arr1(&mapped(|x| x)));
    assert_eq!(x.fetch_as::<f64, ndarray::Ix2>().wait().unwrap_err().to_string(), "expected an array of 2 axes, got 1");
    assert_eq!(x.item::<f64>().wait().unwrap_err().to_string(), "item: expected an array of one element, got shape (10,)");
    Ok(())
}

#[test]
fn errors_of_operators_are_panics_at_the_callers_line() {
    let (_, x) = vector();
    let here = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = here.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| (place.file().to_owned(), place.line()));
        seen.lock().unwrap().push(place);
    }));
    let three = x.slice(..3).unwrap();
    let line = line!();
    let panics = [
        catches(|| drop(&x + &three)),
        catches(|| drop(x.matmul(&three))),
        catches(|| drop(x.row(10))),
        catches(|| drop(three.slice(..0).unwrap().max())),
        catches(|| drop(x.column(0))),
        catches(|| drop(x.maximum(&three))),
    ];
    drop(std::panic::take_hook());
    assert_eq!(panics, [true; 6]);
    let expected: Vec<_> = (0..6).map(|at| Some((file!().to_owned(), line + 2 + at))).collect();
    let seen = here.lock().unwrap();
    assert!(expected.iter().all(|place| seen.contains(place)), "{seen:?}");
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn catches(f: impl FnOnce()) -> bool {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).is_err()
}
