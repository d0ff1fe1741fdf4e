//! Writes the client that `rollcall-client` is made of: `rollcall-client-generate DOCUMENT > generated.rs`, the document
//! being `openapi/rollcall.v1.openapi30.json`.

mod optional_bodies;
mod prepare;
mod prune;

use anyhow::Context;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};

fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).context("usage: rollcall-client-generate DOCUMENT")?;
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let document = serde_json::from_value(prepare::prepare(serde_json::from_str(&text)?))?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged).with_derive("PartialEq");
    let tokens = Generator::new(&settings).generate_tokens(&document)?;
    let mut file = syn::parse2(tokens)?;
    prune::prune(&mut file);
    optional_bodies::allow(&mut file);
    print!(
        "// Generated from the OpenAPI document by `just rust-client`. Not to be edited.\n\n{}",
        prettyplease::unparse(&file)
    );
    Ok(())
}
