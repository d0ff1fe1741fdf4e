//! The parameters of a route's query, read and documented from the same lines.

/// Declares them as a struct: a field's name is the parameter's name, its type reads it ([`QueryParam`]), its doc comment
/// describes it.
///
/// [`QueryParam`]: crate::api::params::QueryParam
macro_rules! query_params {
    (
        $(#[doc = $about:literal])*
        $visibility:vis struct $name:ident { $($(#[doc = $doc:literal])+ $field:ident: $type:ty,)+ }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug)]
        $visibility struct $name { $($(#[doc = $doc])+ $visibility $field: $type,)+ }

        impl $crate::api::params::FromQuery for $name {
            const KNOWN: &[$crate::api::params::Known] =
                &[$($crate::api::params::Known::of::<$type>(stringify!($field))),+];

            fn take(query: &mut $crate::api::params::ReadQuery) -> Option<Self> {
                // All of them before any is missed, so that every fault is told.
                $(let $field = query.take(stringify!($field));)+
                Some(Self { $($field: $field?,)+ })
            }
        }

        impl<S: Sync> axum::extract::FromRequestParts<S> for $name {
            type Rejection = Box<$crate::problem::Problem>;

            async fn from_request_parts(parts: &mut http::request::Parts, _state: &S) -> Result<Self, Self::Rejection> {
                $crate::api::params::read_query(parts.uri.query().unwrap_or_default())
            }
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                _parameter_in: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$($crate::api::params::describe_query_param::<$type>(stringify!($field), &[$($doc),+])),+]
            }
        }
    };
}

pub(crate) use query_params;
