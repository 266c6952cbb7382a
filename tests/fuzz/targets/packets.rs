#![no_main]

nums_fuzz::decoder!("packets");
