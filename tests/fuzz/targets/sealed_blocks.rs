#![no_main]

nums_fuzz::decoder!("sealed_blocks");
