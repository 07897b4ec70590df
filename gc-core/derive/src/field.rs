//! A field, and what is generated for it.

use crate::attribute::is_leaf;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Fields, Lifetime, Member, Result, Type};

/// A field of a struct or of an enum's variant.
pub(crate) struct Field<'a> {
    member: Member,
    ty: &'a Type,
    /// Whether it is marked to have no references.
    is_leaf: bool,
    /// What `trace` calls a reference to it.
    binding: Ident,
}

impl<'a> Field<'a> {
    pub(crate) fn all(fields: &'a Fields) -> Result<Vec<Field<'a>>> {
        let members = fields.members().zip(fields).enumerate();
        members.map(|(number, (member, field))| Field::new(number, member, field)).collect()
    }

    fn new(number: usize, member: Member, field: &'a syn::Field) -> Result<Field<'a>> {
        let binding = format_ident!("__field_{number}", span = Span::mixed_site());
        Ok(Field { member, ty: &field.ty, is_leaf: is_leaf(&field.attrs)?, binding })
    }

    /// The part of a pattern that binds it.
    pub(crate) fn pattern(&self) -> TokenStream {
        let Field { member, binding, .. } = self;
        quote_spanned!(Span::mixed_site()=> #member: ref #binding)
    }

    /// The statements that trace it or, for a leaf, make sure that it is one.
    ///
    /// The first holds the field to the type that was read: an attribute below the derive may have put another in its
    /// place. A pointer does not take that for this, as a reference might.
    pub(crate) fn trace(&self, brand: &Lifetime) -> TokenStream {
        let Field { ty, binding, .. } = self;
        let trace = self.slots(brand).map_or_else(|| leaf_check(ty), |slots| self.trace_any(brand, &slots));
        quote_spanned!(Span::mixed_site()=> let _: *const #ty = #binding; #trace)
    }

    fn trace_any(&self, brand: &Lifetime, slots: &TokenStream) -> TokenStream {
        let (trace, binding) = (self.item(brand, &quote!(trace)), &self.binding);
        quote_spanned!(Span::mixed_site()=> if !#slots.is_empty() { #trace(#binding, __tracer); })
    }

    /// The expression of where its references are, counted from its own start; none for a leaf.
    pub(crate) fn slots(&self, brand: &Lifetime) -> Option<TokenStream> {
        (!self.is_leaf).then(|| self.item(brand, &quote!(SLOTS)))
    }

    /// The expression of where its references are, counted from the start of the struct.
    pub(crate) fn slots_in_struct(&self, brand: &Lifetime) -> Option<TokenStream> {
        let (slots, offset) = (self.slots(brand)?, self.offset());
        Some(quote_spanned!(Span::mixed_site()=> #slots.at(#offset)))
    }

    fn offset(&self) -> TokenStream {
        let member = &self.member;
        quote_spanned!(Span::mixed_site()=> ::core::mem::offset_of!(Self, #member))
    }

    /// The expression that describes it, as a struct's field, to snapshots.
    pub(crate) fn description(&self, brand: &Lifetime) -> TokenStream {
        let (name, offset, ty) = (self.name(), self.offset(), self.ty);
        let element_bytes = self.element_bytes(brand);
        quote_spanned! {Span::mixed_site()=>
            ::gc_core::arena::Field {
                name: #name,
                offset_bytes: #offset,
                size_bytes: ::core::mem::size_of::<#ty>(),
                element_bytes: #element_bytes,
            }
        }
    }

    /// The expression of the size of one element; a leaf is not known to have any.
    fn element_bytes(&self, brand: &Lifetime) -> TokenStream {
        let ty = self.ty;
        match self.is_leaf {
            true => quote_spanned!(Span::mixed_site()=> ::core::mem::size_of::<#ty>()),
            false => self.item(brand, &quote!(ELEMENT_BYTES)),
        }
    }

    fn name(&self) -> String {
        match &self.member {
            Member::Named(name) => name.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }

    /// The statement that tells a `Describer` of it, as a variant's field, if it has references.
    pub(crate) fn describe(&self, variant: &str, brand: &Lifetime) -> Option<TokenStream> {
        let (slots, element_bytes) = (self.slots(brand)?, self.element_bytes(brand));
        let (name, binding) = (format!("{variant}.{}", self.name()), &self.binding);
        Some(quote_spanned! {Span::mixed_site()=>
            if !#slots.is_empty() { __describer.field(#name, #binding, #element_bytes); }
        })
    }

    /// What its type has under a name of `Trace`.
    fn item(&self, brand: &Lifetime, name: &TokenStream) -> TokenStream {
        let ty = self.ty;
        quote_spanned!(span_of(ty)=> <#ty as ::gc_core::arena::Trace<#brand>>::#name)
    }
}

/// The statement that makes sure that a type is a leaf: what outlives every arena has no references into one.
fn leaf_check(ty: &Type) -> TokenStream {
    let check = quote_spanned!(span_of(ty)=> __trace_leaf::<#ty>());
    quote_spanned! {Span::mixed_site()=> {
        fn __trace_leaf<T: ::core::marker::Copy + ::core::marker::Send + 'static>() {}
        #check;
    }}
}

/// Where errors about a type are shown.
pub(crate) fn span_of(ty: &Type) -> Span {
    ty.span().resolved_at(Span::mixed_site())
}
