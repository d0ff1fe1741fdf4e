//! What is left out of the generated code.

use std::collections::BTreeSet;

use syn::{File, Item, ItemMod, Type};

/// Leaves out the builders of answers: only the gateway makes those, and they are half of the code.
pub fn prune(file: &mut File) {
    // It would hand on the one type that the crate hands on anyway.
    file.items.retain(|item| !matches!(item, Item::Mod(it) if it.ident == "prelude"));
    let Some(types) = items(&mut file.items, "types") else { return };
    let is_request = |name: &str| name.ends_with("Request");
    let answers: BTreeSet<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(it) => Some(it.ident.to_string()),
            Item::Enum(it) => Some(it.ident.to_string()),
            _ => None,
        })
        .filter(|name| !is_request(name))
        .collect();
    types.retain(|item| !(offers_builder(item) && of_type(item).is_some_and(|name| answers.contains(&name))));
    if let Some(builders) = items(types, "builder") {
        builders.retain(|item| !of_type(item).is_some_and(|name| answers.contains(&name)));
    }
}

/// What is in the module of that name.
fn items<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => Some(items),
        _ => None,
    })
}

/// The type that an item declares or implements something for.
fn of_type(item: &Item) -> Option<String> {
    let last = |of: &Type| match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    };
    match item {
        Item::Struct(it) => Some(it.ident.to_string()),
        Item::Impl(it) => last(&it.self_ty),
        _ => None,
    }
}

/// Whether it is `impl X { fn builder() }`.
fn offers_builder(item: &Item) -> bool {
    let Item::Impl(it) = item else { return false };
    it.trait_.is_none() && matches!(it.items.as_slice(), [syn::ImplItem::Fn(only)] if only.sig.ident == "builder")
}
