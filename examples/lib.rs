//! Examples of NumS, each a program: `cargo run --release --example NAME`. The package keeps what only they need out of the
//! library's dependencies.
