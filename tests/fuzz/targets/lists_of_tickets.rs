#![no_main]

nums_fuzz::decoder!("lists_of_tickets");
