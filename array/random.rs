//! Random arrays with the same elements for every grid, layout and number of nodes.

use crate::{DistArray, Error, IntoShape, Session};
use nums_lshs::{Constant, Creation, DType, Distribution, Permutation};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A generator of random arrays, as NumPy's `Generator` with `Philox`.
///
/// A generator numbers its arrays in the order of the program. Element *i* of array *s* depends only on the seed, *s* and
/// *i*: it is drawn from Philox4x64-10 with the key (seed, *s*) in NumPy's counter order. So a node can draw any block
/// without the others, and the first uniform array of a seed equals that of
/// `numpy.random.Generator(numpy.random.Philox(key=seed))`.
///
/// Source: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let random = session.random(7);
/// let (x, y) = (random.random(&[1000])?, random.random(&[1000])?);
/// assert_ne!(x.fetch::<f64>().wait()?, y.fetch::<f64>().wait()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Generator {
    session: Session,
    seed: u64,
    next_stream: Arc<AtomicU64>,
}

impl Session {
    /// A generator of random arrays. Generators with the same seed make the same arrays.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let [x, y] = [session.random(7).random(&[3])?, session.random(7).random(&[3])?];
    /// assert_eq!(x.fetch::<f64>().wait()?, y.fetch::<f64>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn random(&self, seed: u64) -> Generator {
        Generator { session: self.clone(), seed, next_stream: Arc::default() }
    }

    /// The session's own generator, with the seed set by [`SessionBuilder::seed`](crate::SessionBuilder::seed). All calls
    /// return the same generator, so every array drawn from it is different.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().seed(7).embedded()?;
    /// let x = session.default_rng().random(&[3])?.fetch::<f64>().wait()?;
    /// assert_eq!(x, session.random(7).random(&[3])?.fetch::<f64>().wait()?);
    /// assert_ne!(x, session.default_rng().random(&[3])?.fetch::<f64>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn default_rng(&self) -> Generator {
        let (seed, next_stream) = (self.inner.seed, self.inner.next_stream.clone());
        Generator { session: self.clone(), seed, next_stream }
    }
}

impl Generator {
    /// Uniform float64 numbers in `0..1`.
    ///
    /// # Errors
    /// When the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.random(7).random(&[100, 100])?;
    /// assert!(x.less(1.0).all().fetch::<bool>().wait()?[[]]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn random(&self, shape: impl IntoShape) -> Result<DistArray, Error> {
        self.uniform(0.0, 1.0, shape)
    }

    /// Uniform float64 numbers in `low..high`.
    ///
    /// # Errors
    /// When the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.random(7).uniform(-1.0, 1.0, &[1000])?;
    /// assert!(x.mean().fetch::<f64>().wait()?[[]].abs() < 0.1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn uniform(&self, low: f64, high: f64, shape: impl IntoShape) -> Result<DistArray, Error> {
        let [low, high] = [low, high].map(Constant::float64);
        self.draw(shape, DType::Float64, Distribution::Uniform { low, high })
    }

    /// Normally distributed float64 numbers with the given mean and standard deviation.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a negative deviation, including -0.0, and when the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.random(7).normal(5.0, 2.0, &[10_000])?;
    /// assert!((x.std(0).fetch::<f64>().wait()?[[]] - 2.0).abs() < 0.1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn normal(
        &self,
        mean: f64,
        deviation: f64,
        shape: impl IntoShape,
    ) -> Result<DistArray, Error> {
        if deviation.is_sign_negative() && !deviation.is_nan() {
            let (name, value) = ("deviation", format!("{deviation:?}"));
            return Err(Error::Parameter { name, value, want: "not negative" });
        }
        let [mean, deviation] = [mean, deviation].map(Constant::float64);
        self.draw(shape, DType::Float64, Distribution::Normal { mean, deviation })
    }

    /// Uniformly distributed integers in `low..high`, as int64.
    ///
    /// # Errors
    /// [`Error::EmptyRange`] if `low` is not below `high`, and when the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let dice = session.random(7).integers(1, 7, &[1000])?;
    /// assert_eq!(dice.max().item::<i64>().wait()?, 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn integers(&self, low: i64, high: i64, shape: impl IntoShape) -> Result<DistArray, Error> {
        if low >= high {
            return Err(Error::EmptyRange { low, high });
        }
        let [lowest, highest] = [low, high - 1].map(Constant::int64);
        self.draw(shape, DType::Int64, Distribution::Integers { lowest, highest })
    }

    /// A random permutation of the integers below a length, as int64.
    ///
    /// # Errors
    /// When the size overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let order = session.random(7).permutation(1000)?;
    /// assert_eq!(order.sum().fetch::<i64>().wait()?[[]], 499_500);
    /// # Ok(())
    /// # }
    /// ```
    pub fn permutation(&self, len: usize) -> Result<DistArray, Error> {
        self.draw(&[len], DType::Int64, Distribution::Permutation)
    }

    /// The slices along the first axis in random order. The client computes the order, with 8 bytes for each slice.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] for an array without axes, and [`Error::OtherSession`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 100, 1)?;
    /// let y = session.random(7).shuffle(&x)?;
    /// assert_ne!(y.fetch::<i64>().wait()?, x.fetch::<i64>().wait()?);
    /// assert_eq!(y.sum().fetch::<i64>().wait()?[[]], 4950);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shuffle(&self, array: &DistArray) -> Result<DistArray, Error> {
        if !Arc::ptr_eq(array.session_inner(), &self.session.inner) {
            return Err(Error::OtherSession { op: "shuffle" });
        }
        let len = array.shape().first().copied();
        let len = len.ok_or(Error::AxisOutOfRange { axis: 0, ndim: 0 })?;
        let order = Permutation::new(len, self.seed, self.next_stream());
        array.take_resolved((0..len).map(|index| order.at(index)).collect(), 0)
    }

    fn draw(
        &self,
        shape: impl IntoShape,
        dtype: DType,
        distribution: Distribution,
    ) -> Result<DistArray, Error> {
        let (seed, stream) = (self.seed, self.next_stream());
        self.session.create(
            &shape.into_shape(),
            dtype,
            Creation::Random { distribution, seed, stream },
        )
    }

    fn next_stream(&self) -> u64 {
        self.next_stream.fetch_add(1, Relaxed)
    }
}
