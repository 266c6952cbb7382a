//! Vectors of processors, as far as products need them: the compiler does not keep a square of sums in registers by
//! itself.

use super::Real;

/// A vector, whose functions need a processor that has it.
pub(crate) trait Vector: Copy {
    type Element;
    /// Its elements, whose number divides that of a row of a panel.
    const LEN: usize;

    /// # Safety
    /// The processor has the vector. So for all of these.
    unsafe fn zero() -> Self;
    /// # Safety
    /// As for [`zero`](Vector::zero).
    unsafe fn splat(element: Self::Element) -> Self;
    /// # Safety
    /// As for [`zero`](Vector::zero), and the pointer is to as many elements.
    unsafe fn load(from: *const Self::Element) -> Self;
    /// # Safety
    /// As for [`load`](Vector::load), and nobody else uses the elements.
    unsafe fn store(self, to: *mut Self::Element);
    /// # Safety
    /// As for [`zero`](Vector::zero).
    unsafe fn add(self, other: Self) -> Self;
    /// # Safety
    /// As for [`zero`](Vector::zero).
    unsafe fn mul(self, factor: Self) -> Self;
    /// self * factor + term, rounded once.
    ///
    /// # Safety
    /// As for [`zero`](Vector::zero).
    unsafe fn mul_add(self, factor: Self, term: Self) -> Self;
}

/// A vector by the functions of its processor, which are safe where the vector exists.
#[cfg(target_arch = "x86_64")]
macro_rules! vector {
    ($vector:ident, $element:ident, $len:literal:
     $zero:ident, $splat:ident, $load:ident, $store:ident, $add:ident, $mul:ident, $mul_add:ident) => {
        impl Vector for std::arch::x86_64::$vector {
            type Element = $element;
            const LEN: usize = $len;
            #[inline(always)]
            unsafe fn zero() -> Self {
                // SAFETY: what the caller promises; so for all of these.
                unsafe { std::arch::x86_64::$zero() }
            }
            #[inline(always)]
            unsafe fn splat(element: $element) -> Self {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$splat(element) }
            }
            #[inline(always)]
            unsafe fn load(from: *const $element) -> Self {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$load(from) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$store(to, self) }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$add(self, other) }
            }
            #[inline(always)]
            unsafe fn mul(self, factor: Self) -> Self {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$mul(self, factor) }
            }
            #[inline(always)]
            unsafe fn mul_add(self, factor: Self, term: Self) -> Self {
                // SAFETY: as above.
                unsafe { std::arch::x86_64::$mul_add(self, factor, term) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vector!(__m512d, f64, 8: _mm512_setzero_pd, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd, _mm512_mul_pd, _mm512_fmadd_pd);
#[cfg(target_arch = "x86_64")]
vector!(__m512, f32, 16: _mm512_setzero_ps, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_mul_ps, _mm512_fmadd_ps);
#[cfg(target_arch = "x86_64")]
vector!(__m256d, f64, 4: _mm256_setzero_pd, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd, _mm256_mul_pd, _mm256_fmadd_pd);
#[cfg(target_arch = "x86_64")]
vector!(__m256, f32, 8: _mm256_setzero_ps, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_mul_ps, _mm256_fmadd_ps);

/// One element is a vector everywhere.
macro_rules! element {
    ($element:ident, $bits512:ident, $bits256:ident) => {
        impl Vector for $element {
            type Element = $element;
            const LEN: usize = 1;
            #[inline(always)]
            unsafe fn zero() -> Self {
                0.0
            }
            #[inline(always)]
            unsafe fn splat(element: $element) -> Self {
                element
            }
            #[inline(always)]
            unsafe fn load(from: *const $element) -> Self {
                // SAFETY: what the caller promises.
                unsafe { from.read() }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: what the caller promises.
                unsafe { to.write(self) }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            unsafe fn mul(self, factor: Self) -> Self {
                self * factor
            }
            #[inline(always)]
            unsafe fn mul_add(self, factor: Self, term: Self) -> Self {
                $element::mul_add(self, factor, term)
            }
        }

        impl Real for $element {
            #[cfg(target_arch = "x86_64")]
            type Bits512 = std::arch::x86_64::$bits512;
            #[cfg(target_arch = "x86_64")]
            type Bits256 = std::arch::x86_64::$bits256;
            #[cfg(not(target_arch = "x86_64"))]
            type Bits512 = $element;
            #[cfg(not(target_arch = "x86_64"))]
            type Bits256 = $element;
            type Any = $element;
        }
    };
}

element!(f64, __m512d, __m256d);
element!(f32, __m512, __m256);
