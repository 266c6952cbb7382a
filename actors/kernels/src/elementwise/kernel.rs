//! One function over one tile: loops that the compiler turns into vector code.
//!
//! Each kernel exists three times on x86-64, for any processor, for those with AVX2 and FMA and for those with AVX-512,
//! and is chosen at run time. All give the same bits: a fused multiply-add is written as such wherever it is meant, and
//! nowhere else made.

use super::lane::{Lane, view, view_mut};

/// A function of the elements of one tile: in, out.
pub(crate) type UnaryKernel = fn(&[u8], &mut [u8]);
/// A function of the elements of two tiles: left, right, out.
pub(crate) type BinaryKernel = fn(&[u8], &[u8], &mut [u8]);
/// Elements of the second tile where the first is true, elsewhere of the third.
pub(crate) type SelectKernel = fn(&[u8], &[u8], &[u8], &mut [u8]);

/// A function of one element, as a type, so that a loop over it is compiled for it alone.
pub(crate) trait Unary {
    type Input: Lane;
    type Output: Lane;
    fn apply(x: Self::Input) -> Self::Output;
}

/// A function of two elements, as a type.
pub(crate) trait Binary {
    type Input: Lane;
    type Output: Lane;
    fn apply(x: Self::Input, y: Self::Input) -> Self::Output;
}

/// The kernel of a function: `unary!(f64 => f64, x, -x)`.
macro_rules! unary {
    ($input:ty => $output:ty, $x:ident, $body:expr) => {{
        struct Function;
        impl $crate::elementwise::kernel::Unary for Function {
            type Input = $input;
            type Output = $output;
            #[inline(always)]
            fn apply($x: $input) -> $output {
                $body
            }
        }
        $crate::elementwise::kernel::unary_tile::<Function>
            as $crate::elementwise::kernel::UnaryKernel
    }};
}

/// The kernel of a function of two elements: `binary!(f64 => f64, x, y, x + y)`.
macro_rules! binary {
    ($input:ty => $output:ty, $x:ident, $y:ident, $body:expr) => {{
        struct Function;
        impl $crate::elementwise::kernel::Binary for Function {
            type Input = $input;
            type Output = $output;
            #[inline(always)]
            fn apply($x: $input, $y: $input) -> $output {
                $body
            }
        }
        $crate::elementwise::kernel::binary_tile::<Function>
            as $crate::elementwise::kernel::BinaryKernel
    }};
}

pub(crate) use {binary, unary};

/// Runs code that is compiled three times: for processors with AVX-512, for those with AVX2 and FMA, and for any. The
/// code is a closure that is always inlined; all versions give the same bits.
#[inline(always)]
pub(crate) fn vectorised<Output>(code: impl FnOnce() -> Output) -> Output {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,fma")]
        fn widest<Output>(code: impl FnOnce() -> Output) -> Output {
            code()
        }
        #[target_feature(enable = "avx2,fma")]
        fn wide<Output>(code: impl FnOnce() -> Output) -> Output {
            code()
        }
        match Vectors::of_processor() {
            // SAFETY: the processor has the features.
            Vectors::Bits512 => return unsafe { widest(code) },
            // SAFETY: as above.
            Vectors::Bits256 => return unsafe { wide(code) },
            Vectors::Any => {}
        }
    }
    code()
}

/// The vectors that a processor computes with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vectors {
    /// 32 registers of eight float64.
    Bits512,
    /// 16 registers of four float64.
    Bits256,
    Any,
}

impl Vectors {
    #[inline]
    pub(crate) fn of_processor() -> Vectors {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            let widest = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512cd")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            return if widest { Vectors::Bits512 } else { Vectors::Bits256 };
        }
        Vectors::Any
    }
}

/// Asks for elements ahead of their use, so that they come while others are computed.
#[inline(always)]
pub(crate) fn prefetch<T>(elements: &[T]) {
    const LINE_BYTES: usize = 64;
    for line in elements.chunks((LINE_BYTES / size_of::<T>()).max(1)) {
        prefetch_line(line.as_ptr());
    }
}

/// Asks for the line of an address, which need not be one of elements.
#[inline(always)]
pub(crate) fn prefetch_line<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint that reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) };
    }
}

/// A tile through a function of one element.
pub(crate) fn unary_tile<F: Unary>(input: &[u8], out: &mut [u8]) {
    let input = view::<F::Input>(input);
    let out = view_mut::<F::Output>(out);
    vectorised(
        #[inline(always)]
        || out.iter_mut().zip(input).for_each(|(out, &x)| *out = F::apply(x)),
    );
}

/// Two tiles through a function of two elements.
pub(crate) fn binary_tile<F: Binary>(left: &[u8], right: &[u8], out: &mut [u8]) {
    let (left, right) = (view::<F::Input>(left), view::<F::Input>(right));
    let out = view_mut::<F::Output>(out);
    vectorised(
        #[inline(always)]
        || {
            let pairs = left.iter().zip(right);
            out.iter_mut().zip(pairs).for_each(|(out, (&x, &y))| *out = F::apply(x, y));
        },
    );
}

/// A selection between the elements of two tiles.
pub(crate) fn select<T: Lane>(condition: &[u8], left: &[u8], right: &[u8], out: &mut [u8]) {
    let (left, right, out) = (view::<T>(left), view::<T>(right), view_mut::<T>(out));
    vectorised(
        #[inline(always)]
        || {
            let pairs = left.iter().zip(right);
            out.iter_mut().zip(condition.iter().zip(pairs)).for_each(
                |(out, (&condition, (&x, &y)))| {
                    // A branch would be mispredicted, and would keep the loop from becoming vector code.
                    *out = std::hint::select_unpredictable(condition != 0, x, y);
                },
            );
        },
    );
}
