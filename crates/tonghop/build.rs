//! The samples compiled in: built again when its files change.

fn main() {
    println!("cargo::rerun-if-changed=../../samples/inbox");
}
