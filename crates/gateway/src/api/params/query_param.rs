//! The types that a query parameter can have.

use std::borrow::Cow;

use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema};
use utoipa::openapi::{Ref, RefOr, Required, Type};

use crate::id_schemas::ProviderIdJson;

/// A type that is read from a query parameter, with what the document says of it.
pub(crate) trait QueryParam: Sized {
    /// Whether the parameter may come more than once.
    const REPEATABLE: bool = false;

    /// Whether a parameter without a value is read like any other, rather than refused.
    const MAY_BE_EMPTY: bool = false;

    /// Its values as they came, decoded; none when it was left out.
    ///
    /// # Errors
    /// What is wrong with them.
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>>;

    /// How it is documented.
    fn schema() -> RefOr<Schema>;
}

/// Ids of providers, as they came: a name that no provider can have is just unknown.
impl QueryParam for Vec<String> {
    const REPEATABLE: bool = true;

    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        Ok(values)
    }

    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(ProviderIdJson::name())).build().into()
    }
}

/// `false` by default.
impl QueryParam for bool {
    fn read(mut values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        match values.pop().as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err("must be false or true".into()),
        }
    }

    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into())).build().into()
    }
}

/// What the document says of a parameter of this type. `doc` are the lines of its doc comment.
pub(crate) fn describe_query_param<T: QueryParam>(name: &str, doc: &[&str]) -> Parameter {
    let doc: Vec<_> = doc.iter().map(|line| line.trim()).collect();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(doc.join("\n")))
        .schema(Some(T::schema()))
        .explode(T::REPEATABLE.then_some(true))
        .build()
}
