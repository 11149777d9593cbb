//! The `storehand` command.

fn main() {}
