#![no_main]

nums_fuzz::decoder!("addresses_to_join");
