//! The macros of gc-core's typed face, which `gc_core::arena` exports: `#[derive(Trace)]`, `#[derive(Pack)]` and
//! `Root!`.

#![forbid(unsafe_code)]

mod attribute;
mod expansion;
mod field;
mod pack;
mod parameters;
mod root;
mod shape;

use syn::{DeriveInput, parse_macro_input};

/// Derives `Trace` for a struct or an enum all of whose fields are `Trace`.
///
/// A lifetime parameter is the arena's; there can be one at most. Type parameters must be `Trace` too, and constants
/// `usize`. A parameter that is declared `?Sized`, or to be an `Object`, need only be an `Object`: what a `Gc` in the type refers to,
/// such as a `Str`. The type must not implement `Drop`, nor be packed.
///
/// A field marked `#[trace(leaf)]` need not be `Trace`, if its type is `Copy + Send + 'static`: such a type has no
/// references into an arena.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    expansion::expand(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Derives `Pack` for a `Copy` enum whose variants have no field, or one that is a `Word`, or, in one variant, an `f64`.
///
/// It has to be `Trace` too. It is given a method `const fn pack(self) -> Packed<Self>`.
#[proc_macro_derive(Pack)]
pub fn derive_pack(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    pack::expand(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Names a type for every brand: `Root![Vm<'_>]`, where `'_` is the brand. What an arena keeps between its closures is
/// named so, since each closure has a brand of its own.
#[proc_macro]
#[expect(non_snake_case, reason = "it stands where a type does")]
pub fn Root(root: proc_macro::TokenStream) -> proc_macro::TokenStream {
    root::expand(root.into()).into()
}
