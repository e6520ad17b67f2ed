//! The pages are part of the binary: a file that is added below `assets` makes it anew.

fn main() {
    println!("cargo::rerun-if-changed=assets");
}
