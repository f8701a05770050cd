//! The default programme compiled in: built again when its files change.

fn main() {
    println!("cargo::rerun-if-changed=../../pipelines/dong-nai-2021-2025");
}
