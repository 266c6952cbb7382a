#![no_main]

nums_fuzz::decoder!("blocks_in_the_open");
