//! What the fuzz targets in `targets` share: each gives what libFuzzer makes up to one decoder.

use nums_net::fuzz::Target;

#[doc(hidden)]
pub use libfuzzer_sys;

/// The decoder of that name.
pub fn target(name: &str) -> Target {
    let mut all = nums_net::fuzz::targets().into_iter().chain(nums_actors::fuzz::targets());
    all.find(|target| target.name == name).unwrap_or_else(|| panic!("no decoder {name:?}"))
}

/// Makes the fuzz target of a decoder.
#[macro_export]
macro_rules! decoder {
    ($name:literal) => {
        thread_local! {
            // libFuzzer has one thread.
            static TARGET: nums_net::fuzz::Target = $crate::target($name);
        }
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET.with(|target| target.run(bytes)));
    };
}
