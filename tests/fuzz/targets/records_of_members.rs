#![no_main]

nums_fuzz::decoder!("records_of_members");
