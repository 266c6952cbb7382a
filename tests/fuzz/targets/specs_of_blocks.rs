#![no_main]

nums_fuzz::decoder!("specs_of_blocks");
