//! What Huddle01 writes, read leniently: any letter case of its keys, numbers in texts, fields of any JSON type
//! (`upstream/huddle01.md` §7). Nothing is built of a body but the fields that are wanted.

pub(crate) mod json;
pub(crate) mod metadata;
pub(crate) mod rows;
pub(crate) mod scalar;
