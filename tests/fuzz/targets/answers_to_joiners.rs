#![no_main]

nums_fuzz::decoder!("answers_to_joiners");
