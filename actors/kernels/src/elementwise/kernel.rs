//! One function over one piece: loops that the compiler turns into vector code.
//!
//! Each kernel exists three times on x86-64, for any processor, for those with AVX2 and FMA and for those with AVX-512,
//! and is chosen at run time. All give the same bits: a fused multiply-add is written as such wherever it is meant, and
//! nowhere else made.

use super::lane::{Bool, Lane};
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::atomic::{Ordering, compiler_fence};

/// A function of one element, as a type, so that a loop over it is compiled for it alone.
pub(crate) trait Unary {
    type Input: Lane;
    type Output: Lane;
    /// Whether it takes many instructions, or few that the compiler makes vector code of only in a plain loop.
    const LONG: bool;
    fn apply(x: Self::Input) -> Self::Output;
}

/// A function of two elements, as a type.
pub(crate) trait Binary {
    type Input: Lane;
    type Output: Lane;
    /// Whether it takes many instructions, or few that the compiler makes vector code of only in a plain loop.
    const LONG: bool;
    fn apply(x: Self::Input, y: Self::Input) -> Self::Output;
}

/// The kernel of a function: `unary!(f64 => f64, x, -x)`, or of a long one: `unary!(long f64 => f64, x, x.sin())`.
macro_rules! unary {
    (long $($function:tt)*) => {
        unary!(true, $($function)*)
    };
    ($input:ty => $($function:tt)*) => {
        unary!(false, $input => $($function)*)
    };
    ($long:literal, $input:ty => $output:ty, $x:ident, $body:expr) => {{
        struct Function;
        impl $crate::elementwise::kernel::Unary for Function {
            type Input = $input;
            type Output = $output;
            const LONG: bool = $long;
            #[inline(always)]
            fn apply($x: $input) -> $output {
                $body
            }
        }
        $crate::elementwise::kernel::Kernel::unary::<Function>()
    }};
}

/// The kernel of a function of two elements: `binary!(f64 => f64, x, y, x + y)`.
macro_rules! binary {
    (long $($function:tt)*) => {
        binary!(true, $($function)*)
    };
    ($input:ty => $($function:tt)*) => {
        binary!(false, $input => $($function)*)
    };
    ($long:literal, $input:ty => $output:ty, $x:ident, $y:ident, $body:expr) => {{
        struct Function;
        impl $crate::elementwise::kernel::Binary for Function {
            type Input = $input;
            type Output = $output;
            const LONG: bool = $long;
            #[inline(always)]
            fn apply($x: $input, $y: $input) -> $output {
                $body
            }
        }
        $crate::elementwise::kernel::Kernel::binary::<Function>()
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

/// The loop of a function over a piece, in the version for this processor: chosen once, because a piece takes hardly
/// longer than a choice.
#[derive(Clone, Copy)]
pub(crate) struct Kernel(Code);

type Code = unsafe fn(&Pieces, len: usize);

/// Where the pieces of a call start.
#[derive(Clone, Copy)]
pub(crate) struct Pieces {
    /// A function of fewer operands looks at the first ones alone.
    pub(crate) operands: [*const u8; 3],
    pub(crate) out: *mut u8,
}

impl Kernel {
    /// A function of one element.
    pub(crate) fn unary<F: Unary>() -> Kernel {
        Kernel::of::<OfUnary<F>>()
    }

    /// A function of two elements.
    pub(crate) fn binary<F: Binary>() -> Kernel {
        Kernel::of::<OfBinary<F>>()
    }

    /// Elements of the second piece where the first is true, elsewhere of the third.
    pub(crate) fn selection<T: Lane>() -> Kernel {
        Kernel::of::<OfSelection<T>>()
    }

    fn of<F: Function>() -> Kernel {
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,fma")]
            unsafe fn widest<F: Function>(pieces: &Pieces, len: usize) {
                // SAFETY: what the caller promises.
                unsafe { each::<F>(pieces, len) }
            }
            #[target_feature(enable = "avx2,fma")]
            unsafe fn wide<F: Function>(pieces: &Pieces, len: usize) {
                // SAFETY: as above.
                unsafe { each::<F>(pieces, len) }
            }
            match Vectors::of_processor() {
                Vectors::Bits512 => return Kernel(widest::<F>),
                Vectors::Bits256 => return Kernel(wide::<F>),
                Vectors::Any => {}
            }
        }
        Kernel(each::<F>)
    }

    /// Computes `len` elements.
    ///
    /// # Safety
    /// As many elements of the operands' types lie at each operand that the function has, aligned, and as many results
    /// may be written to `out`, which nobody else uses and no operand overlaps.
    #[inline(always)]
    pub(crate) unsafe fn run(self, pieces: &Pieces, len: usize) {
        // SAFETY: the version was chosen by the features of the processor; the rest is what the caller promises.
        unsafe { (self.0)(pieces, len) }
    }
}

/// A function with operands that lie in memory.
trait Function {
    type Output: Lane;
    /// As of [`Unary`] and [`Binary`].
    const LONG: bool;
    /// Bytes of the widest element among operands and result.
    const WIDEST: usize;

    /// # Safety
    /// An element lies at the place `at` of each operand.
    unsafe fn apply(operands: [*const u8; 3], at: usize) -> Self::Output;
}

struct OfUnary<F>(PhantomData<F>);
struct OfBinary<F>(PhantomData<F>);
struct OfSelection<T>(PhantomData<T>);

impl<F: Unary> Function for OfUnary<F> {
    type Output = F::Output;
    const LONG: bool = F::LONG;
    const WIDEST: usize = wider(size_of::<F::Input>(), size_of::<F::Output>());

    #[inline(always)]
    unsafe fn apply([input, ..]: [*const u8; 3], at: usize) -> F::Output {
        // SAFETY: what the caller promises; so for all of these.
        F::apply(unsafe { *input.cast::<F::Input>().add(at) })
    }
}

impl<F: Binary> Function for OfBinary<F> {
    type Output = F::Output;
    const LONG: bool = F::LONG;
    const WIDEST: usize = wider(size_of::<F::Input>(), size_of::<F::Output>());

    #[inline(always)]
    unsafe fn apply([left, right, _]: [*const u8; 3], at: usize) -> F::Output {
        // SAFETY: as above.
        let [x, y] = [left, right].map(|side| unsafe { *side.cast::<F::Input>().add(at) });
        F::apply(x, y)
    }
}

impl<T: Lane> Function for OfSelection<T> {
    type Output = T;
    const LONG: bool = false;
    const WIDEST: usize = size_of::<T>();

    #[inline(always)]
    unsafe fn apply([condition, left, right]: [*const u8; 3], at: usize) -> T {
        // SAFETY: as above.
        let [x, y] = [left, right].map(|side| unsafe { *side.cast::<T>().add(at) });
        // SAFETY: as above.
        let condition = unsafe { *condition.cast::<Bool>().add(at) };
        // A branch would be mispredicted, and would keep the loop from becoming vector code.
        std::hint::select_unpredictable(condition.get(), x, y)
    }
}

const fn wider(left: usize, right: usize) -> usize {
    if left > right { left } else { right }
}

/// # Safety
/// As for [`Kernel::run`].
#[inline(always)]
unsafe fn each<F: Function>(pieces: &Pieces, len: usize) {
    // SAFETY: what the caller promises.
    unsafe {
        match F::WIDEST {
            _ if F::LONG => straight::<F>(pieces, 0..len),
            16 => rounds::<F, 4>(pieces, len),
            8 => rounds::<F, 8>(pieces, len),
            4 => rounds::<F, 16>(pieces, len),
            2 => rounds::<F, 32>(pieces, len),
            _ => rounds::<F, 64>(pieces, len),
        }
    }
}

/// # Safety
/// As for [`Kernel::run`], for the elements of a range.
#[inline(always)]
unsafe fn straight<F: Function>(pieces: &Pieces, range: Range<usize>) {
    let (operands, out) = (pieces.operands, pieces.out.cast::<F::Output>());
    for at in range {
        // SAFETY: an element lies at every place of the range, and a result may be written there.
        unsafe { out.add(at).write(F::apply(operands, at)) };
    }
}

/// Takes as many elements a round as fill the widest vector, and never several rounds at a time: the processor then
/// sees from each place that reads a walk from line to line, and has the next lines ready. Where loops are unrolled it
/// sees several walks that each leave lines out, and the same sums take up to twice as long to read their operands.
///
/// # Safety
/// As for [`Kernel::run`].
#[inline(always)]
unsafe fn rounds<F: Function, const LANES: usize>(pieces: &Pieces, len: usize) {
    let (operands, out) = (pieces.operands, pieces.out.cast::<F::Output>());
    let whole = len - len % LANES;
    for start in (0..whole).step_by(LANES) {
        // SAFETY: an element lies at every place below `len`, and a result may be written there.
        unsafe {
            let results: [F::Output; LANES] =
                std::array::from_fn(|lane| F::apply(operands, start + lane));
            out.add(start).cast::<[F::Output; LANES]>().write(results);
        }
        // No instruction: it keeps rounds apart.
        compiler_fence(Ordering::SeqCst);
    }
    // SAFETY: as above.
    unsafe { straight::<F>(pieces, whole..len) };
}
