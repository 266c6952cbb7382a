#![no_main]

nums_fuzz::decoder!("requests_to_join");
