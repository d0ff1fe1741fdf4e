//! Bodies that may be left out: the generator wants every body to be given, also one that may be nothing.

use syn::{
    Expr, Field, FieldValue, File, GenericArgument, ImplItem, Item, ItemMod, Member, PathArguments, PathSegment, Stmt,
    Type, parse_quote,
};

/// Lets what may be nothing be nothing until it is said.
pub fn allow(file: &mut File) {
    let Some(builders) = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == "builder" => Some(items),
        _ => None,
    }) else {
        return;
    };
    let optional: Vec<_> = builders
        .iter()
        .filter_map(|item| match item {
            Item::Struct(it) if it.fields.iter().any(is_optional_body) => Some(it.ident.clone()),
            _ => None,
        })
        .collect();
    for item in builders {
        let Item::Impl(it) = item else { continue };
        if !last(&it.self_ty).is_some_and(|of| optional.contains(&of.ident)) {
            continue;
        }
        for initial in it.items.iter_mut().filter_map(fields_of_new).flatten() {
            if matches!(&initial.member, Member::Named(name) if name == "body") {
                initial.expr = parse_quote!(Ok(None));
            }
        }
    }
}

/// `body: Result<Option<_>, String>`
fn is_optional_body(field: &Field) -> bool {
    let is_body = field.ident.as_ref().is_some_and(|name| name == "body");
    is_body && last(&field.ty).and_then(first_argument).and_then(last).is_some_and(|of| of.ident == "Option")
}

/// The last name of a path.
fn last(of: &Type) -> Option<&PathSegment> {
    match of {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn first_argument(of: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &of.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(first)) => Some(first),
        _ => None,
    }
}

/// What `new` begins with: `Self { … }`.
fn fields_of_new(item: &mut ImplItem) -> Option<impl Iterator<Item = &mut FieldValue>> {
    let ImplItem::Fn(new) = item else { return None };
    match new.block.stmts.as_mut_slice() {
        [Stmt::Expr(Expr::Struct(initial), None)] if new.sig.ident == "new" => Some(initial.fields.iter_mut()),
        _ => None,
    }
}
