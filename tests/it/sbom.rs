//! The list of what the binary is made of is part of what is released. Writing it takes a tool that takes minutes to build, so here
//! the recipe is held against what it names.

use crate::walls::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const SCRIPT: &str = "deploy/container/sbom.sh";
const IN_THE_IMAGE: &str = "/usr/share/rollcall/rollcall.cdx.json";

#[test]
fn the_image_is_built_with_the_list_and_says_where_it_is() {
    let dockerfile = read("Dockerfile");
    let (build, run) = dockerfile.split_once("FROM ${RUNTIME_IMAGE}").expect("two stages");
    assert!(build.contains("ARG SBOM=1\n"), "the list is left out unless one asks for it");
    assert!(build.contains(&format!("{SCRIPT} /out{IN_THE_IMAGE}")), "the build stage writes no list");
    assert!(run.contains("COPY --from=build /out/ /\n"), "the list is not taken over");
    for page in ["docs/operators.md", "CONTRIBUTING.md"] {
        assert!(read(page).contains(IN_THE_IMAGE), "{page} does not say where the list is");
    }
    assert!(read("justfile").contains(SCRIPT) && read("CONTRIBUTING.md").contains("`just sbom`"));
}

#[test]
fn the_recipe_names_the_binary_that_is_shipped() {
    let script = read(SCRIPT);
    let manifest = "crates/gateway/Cargo.toml";
    assert!(script.contains(&format!("--manifest-path {manifest} ")), "{script}");
    let manifest = read(manifest);
    let binary = manifest.split("[[bin]]\nname = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a binary");
    // As cargo-cyclonedx names what `--describe binaries` writes, beside the manifest.
    assert!(script.contains("--describe binaries"), "{script}");
    assert!(script.contains(&format!("crates/gateway/{binary}_bin.cdx.json \"$1\"")), "{script}");
    assert!(script.contains("cargo install --locked --version "), "whichever version is newest would be used");
}
