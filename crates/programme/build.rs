//! The default programme and the base are compiled in: built again when their files change.

fn main() {
    println!("cargo::rerun-if-changed=../../pipelines");
}
