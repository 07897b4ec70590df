//! The attributes that matter: `#[trace(leaf)]` of fields, and `#[repr(packed)]`.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Meta, Result, Token};

/// Whether a field is marked as a leaf.
pub(crate) fn is_leaf(attributes: &[Attribute]) -> Result<bool> {
    let mut is_leaf = false;
    for attribute in of_trace(attributes) {
        is_leaf = attribute.parse_args::<Ident>().is_ok_and(|word| word == "leaf");
        if !is_leaf {
            return Err(Error::new_spanned(
                &attribute.meta,
                "unknown `trace` attribute: `#[trace(leaf)]` marks a field without references, and any other has none",
            ));
        }
    }
    Ok(is_leaf)
}

/// Refuses the attribute of fields where there is no field.
pub(crate) fn refuse_attribute(attributes: &[Attribute]) -> Result<()> {
    of_trace(attributes).next().map_or(Ok(()), |attribute| {
        Err(Error::new_spanned(
            &attribute.meta,
            "`trace` attributes belong to fields: mark each field without references, or remove this",
        ))
    })
}

/// Refuses packed types: no reference to a field that is not aligned may be given to `trace`.
pub(crate) fn refuse_packed(attributes: &[Attribute]) -> Result<()> {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        let layouts = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        if let Some(packed) = layouts.iter().find(|layout| layout.path().is_ident("packed")) {
            return Err(Error::new_spanned(
                packed,
                "a packed type cannot be `Trace`: the collector needs aligned fields; remove `packed`",
            ));
        }
    }
    Ok(())
}

fn of_trace(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("trace"))
}
