//! The values that a type has: those of a struct, or those of the variants of an enum.

use crate::attribute::refuse_attribute;
use crate::field::Field;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Fields, Lifetime, Result, Variant};

/// What a type's values consist of.
pub(crate) enum Shape<'a> {
    Struct(Case<'a>),
    Enum(Vec<Case<'a>>),
}

impl<'a> Shape<'a> {
    pub(crate) fn new(item: &'a DeriveInput) -> Result<Shape<'a>> {
        let name = &item.ident;
        match &item.data {
            Data::Struct(data) => Case::new(quote!(#name), name, &data.fields).map(Shape::Struct),
            Data::Enum(data) => {
                let cases = data.variants.iter().map(|variant| Case::of_variant(item, variant));
                cases.collect::<Result<_>>().map(Shape::Enum)
            }
            Data::Union(data) => Err(Error::new_spanned(
                data.union_token,
                "a union cannot be `Trace`: which of its fields holds references is not known; use an enum",
            )),
        }
    }

    /// The constants of `Trace`: where references and fields are.
    pub(crate) fn constants(&self, brand: &Lifetime) -> TokenStream {
        match self {
            Shape::Struct(case) => struct_constants(&case.fields, brand),
            Shape::Enum(cases) => enum_constants(cases.iter().flat_map(|case| &case.fields), brand),
        }
    }

    /// The arms that trace every value.
    pub(crate) fn trace_arms(&self, brand: &Lifetime) -> TokenStream {
        match self {
            Shape::Struct(case) => case.trace_arm(brand),
            Shape::Enum(cases) => cases.iter().map(|case| case.trace_arm(brand)).collect(),
        }
    }

    /// The method that tells of the fields; that of a struct, which has constants, need not.
    pub(crate) fn describe(&self, brand: &Lifetime) -> Option<TokenStream> {
        let Shape::Enum(cases) = self else { return None };
        let arms = cases.iter().map(|case| case.describe_arm(brand));
        Some(quote_spanned! {Span::mixed_site()=>
            fn describe_fields(&self, __describer: &mut ::gc_core::arena::Describer) {
                match *self { #(#arms)* }
            }
        })
    }
}

/// A struct or a variant.
pub(crate) struct Case<'a> {
    /// What a pattern calls it.
    path: TokenStream,
    /// What snapshots call it.
    name: String,
    fields: Vec<Field<'a>>,
}

impl<'a> Case<'a> {
    fn new(path: TokenStream, name: &Ident, fields: &'a Fields) -> Result<Case<'a>> {
        Ok(Case { path, name: name.unraw().to_string(), fields: Field::all(fields)? })
    }

    /// Its path starts with the name of the enum: after `Self`, a variant called `Id` might be the type `Self::Id`.
    fn of_variant(item: &DeriveInput, variant: &'a Variant) -> Result<Case<'a>> {
        refuse_attribute(&variant.attrs)?;
        let (item, variant_name) = (&item.ident, &variant.ident);
        Case::new(quote_spanned!(Span::mixed_site()=> #item::#variant_name), variant_name, &variant.fields)
    }

    /// The arm that traces every field, in a pattern without `..`: it compiles only if these are all fields there are.
    fn trace_arm(&self, brand: &Lifetime) -> TokenStream {
        let path = &self.path;
        let patterns = self.fields.iter().map(Field::pattern);
        let traces = self.fields.iter().map(|field| field.trace(brand));
        quote_spanned!(Span::mixed_site()=> #path { #(#patterns,)* } => { #(#traces)* })
    }

    /// The arm that tells a `Describer` of every field.
    fn describe_arm(&self, brand: &Lifetime) -> TokenStream {
        let path = &self.path;
        let patterns = self.fields.iter().map(Field::pattern);
        let describe = self.fields.iter().filter_map(|field| field.describe(&self.name, brand));
        quote_spanned!(Span::mixed_site()=> #path { #(#patterns,)* } => { #(#describe)* })
    }
}

fn struct_constants(fields: &[Field<'_>], brand: &Lifetime) -> TokenStream {
    let slots = fields.iter().filter_map(|field| field.slots_in_struct(brand));
    let descriptions = fields.iter().map(|field| field.description(brand));
    quote_spanned! {Span::mixed_site()=>
        const SLOTS: ::gc_core::arena::SlotMap = ::gc_core::arena::SlotMap::NONE #(.and(#slots))*;
        const FIELDS: &'static [::gc_core::arena::Field] = &[#(#descriptions,)*];
    }
}

/// Where a variant has a reference another may have none, so the value has to be asked; unless no variant has any.
fn enum_constants<'a>(fields: impl Iterator<Item = &'a Field<'a>>, brand: &Lifetime) -> TokenStream {
    let slots = fields.filter_map(|field| field.slots(brand));
    quote_spanned! {Span::mixed_site()=>
        const SLOTS: ::gc_core::arena::SlotMap =
            if ::gc_core::arena::SlotMap::NONE #(.and(#slots))*.is_empty() {
                ::gc_core::arena::SlotMap::NONE
            } else {
                ::gc_core::arena::SlotMap::TRACED
            };
    }
}
