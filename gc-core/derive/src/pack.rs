//! The implementation of `Pack` that an enum gets.

use crate::field::span_of;
use crate::parameters::{Parameters, without_group};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Data, DataEnum, DeriveInput, Error, Field, Fields, Lifetime, Member, Result, Type, Variant};

/// The implementation for an enum, or why it cannot have one.
pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let (cases, parameters) = (cases(item)?, Parameters::new(&item.generics)?);
    // SAFETY of what is generated, by the contract of `Pack`:
    // - the tags are different, numbers have none of them, and what is put beside a tag is taken out as the type that it was
    //   put in as: both name the type that was read, so a field that another attribute has changed does not compile;
    // - every such type is a `Word`, or `TAGS` would not compile;
    // - every variant is here, or the `match` would not compile;
    // - the tag of a variant with a reference is one of those for references, as `tags` and the type of its field say.
    let (method, pack_impl) = (method(item, &cases, &parameters), pack_impl(item, &cases, &parameters));
    Ok(quote_spanned! {Span::mixed_site()=>
        // The warnings are for those who use what is deprecated, or never pack a constant.
        #[allow(deprecated, dead_code)]
        const _: () = { #method #pack_impl };
    })
}

/// A variant.
struct Case<'a> {
    /// What a pattern calls it.
    path: TokenStream,
    holds: Holds<'a>,
}

/// What a variant holds.
enum Holds<'a> {
    Nothing,
    Number(Member),
    Word { member: Member, ty: &'a Type },
}

impl<'a> Case<'a> {
    /// Its path starts with the name of the enum, as in what is derived for `Trace`.
    fn new(item: &DeriveInput, variant: &'a Variant) -> Result<Case<'a>> {
        let (item, name) = (&item.ident, &variant.ident);
        let path = quote_spanned!(Span::mixed_site()=> #item::#name);
        Ok(Case { path, holds: Holds::new(&variant.fields)? })
    }

    fn is_number(&self) -> bool {
        matches!(self.holds, Holds::Number(_))
    }

    /// Whether it has a reference: an expression.
    fn is_reference(&self) -> TokenStream {
        match self.holds {
            Holds::Nothing | Holds::Number(_) => quote!(false),
            Holds::Word { ty, .. } => {
                quote_spanned!(span_of(ty)=> ::gc_core::arena::packing::is_reference::<#ty>())
            }
        }
    }

    /// The arm that gives the bits of a value.
    fn pack_arm(&self, tag: &TokenStream) -> TokenStream {
        let path = &self.path;
        let span = Span::mixed_site();
        match &self.holds {
            Holds::Nothing => {
                quote_spanned!(span=> #path {} => ::gc_core::arena::packing::tagged(#tag, 0),)
            }
            Holds::Number(member) => quote_spanned! {span=>
                #path { #member: __number } => ::gc_core::arena::packing::number(__number),
            },
            Holds::Word { member, ty } => quote_spanned! {span=>
                #path { #member: __value } => ::gc_core::arena::packing::tagged(
                    #tag,
                    unsafe { ::gc_core::arena::packing::word::<#ty>(__value) },
                ),
            },
        }
    }

    /// The value that has its tag.
    fn unpacked(&self) -> TokenStream {
        let path = &self.path;
        let span = Span::mixed_site();
        match &self.holds {
            Holds::Nothing => quote_spanned!(span=> #path {}),
            Holds::Number(member) => {
                quote_spanned!(span=> #path { #member: ::core::primitive::f64::from_bits(__bits) })
            }
            Holds::Word { member, ty } => quote_spanned! {span=>
                #path { #member: unsafe { ::gc_core::arena::packing::of_word::<#ty>(__bits as ::core::primitive::u32) } }
            },
        }
    }
}

impl<'a> Holds<'a> {
    fn new(fields: &'a Fields) -> Result<Holds<'a>> {
        let mut members = fields.members().zip(fields);
        match (members.next(), members.next()) {
            (None, _) => Ok(Holds::Nothing),
            (Some((member, field)), None) => Ok(Holds::one(member, field)),
            (_, Some((_, second))) => Err(Error::new_spanned(
                second,
                "a variant of a `Pack` enum has one field at most: put several into an object, and a `Gc` to it here",
            )),
        }
    }

    fn one(member: Member, field: &'a Field) -> Holds<'a> {
        match is_number(&field.ty) {
            true => Holds::Number(member),
            false => Holds::Word { member, ty: &field.ty },
        }
    }
}

/// Whether a type is `f64`, as it is called.
fn is_number(ty: &Type) -> bool {
    matches!(without_group(ty), Type::Path(ty) if ty.path.segments.last().is_some_and(|last| last.ident == "f64"))
}

/// The variants of what must be an enum, of which one may be a number.
fn cases(item: &DeriveInput) -> Result<Vec<Case<'_>>> {
    let variants = &enum_of(item)?.variants;
    let cases = variants.iter().map(|variant| Case::new(item, variant)).collect::<Result<Vec<_>>>()?;
    let mut numbers = variants.iter().zip(&cases).filter(|(_, case)| case.is_number());
    numbers.nth(1).map_or(Ok(()), |(second, _)| {
        Err(Error::new_spanned(
            &second.fields,
            "a `Pack` enum has one variant with an `f64` at most: there is no room for a tag beside it; put the other into an object",
        ))
    })?;
    Ok(cases)
}

fn enum_of(item: &DeriveInput) -> Result<&DataEnum> {
    match &item.data {
        Data::Enum(data) if !data.variants.is_empty() => Ok(data),
        Data::Enum(_) => Err(Error::new_spanned(&item.ident, "an enum without values cannot be `Pack`")),
        Data::Struct(_) | Data::Union(_) => Err(Error::new_spanned(
            &item.ident,
            "only an enum can be `Pack`: the collector tells its references by the variant",
        )),
    }
}

/// The method `pack`, which may be called in constants.
fn method(item: &DeriveInput, cases: &[Case<'_>], parameters: &Parameters<'_>) -> TokenStream {
    let (name, visibility) = (&item.ident, &item.vis);
    let (generics, (_, arguments, conditions)) = (parameters.of_trace_impl(), parameters.of_impl());
    let brand = parameters.brand();
    let arms = tagged_cases(cases, brand).map(|(case, tag)| case.pack_arm(&tag)).collect::<TokenStream>();
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #generics #name #arguments #conditions {
            /// The value in 8 bytes.
            #[must_use]
            #[inline(always)]
            #visibility const fn pack(self) -> ::gc_core::arena::Packed<Self> {
                let __bits = match self { #arms };
                unsafe { ::gc_core::arena::Packed::of_bits(__bits) }
            }
        }
    }
}

/// The variants, each with the expression of its tag.
fn tagged_cases<'a>(
    cases: &'a [Case<'a>],
    brand: &'a Lifetime,
) -> impl Iterator<Item = (&'a Case<'a>, TokenStream)> {
    let mut tags = 0..;
    cases.iter().map(move |case| {
        if case.is_number() {
            return (case, TokenStream::new());
        }
        let index = Literal::usize_unsuffixed(tags.next().unwrap_or_default());
        let tag =
            quote_spanned!(Span::mixed_site()=> const { <Self as ::gc_core::arena::Pack<#brand>>::TAGS[#index] });
        (case, tag)
    })
}

fn pack_impl(item: &DeriveInput, cases: &[Case<'_>], parameters: &Parameters<'_>) -> TokenStream {
    let (name, brand) = (&item.ident, parameters.brand());
    let (generics, (_, arguments, conditions)) = (parameters.of_trace_impl(), parameters.of_impl());
    let others = cases.iter().filter(|case| !case.is_number());
    let are_references = others.map(Case::is_reference);
    let arms = tagged_cases(cases, brand).map(|(case, tag)| case.pack_arm(&tag)).collect::<TokenStream>();
    let unpack = unpack(cases, brand);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        unsafe impl #generics ::gc_core::arena::Pack<#brand> for #name #arguments #conditions {
            const TAGS: &'static [::core::primitive::u32] =
                &::gc_core::arena::packing::tags([#(#are_references,)*]);

            #[inline(always)]
            fn bits(self) -> ::core::primitive::u64 {
                match self { #arms }
            }

            #[inline(always)]
            unsafe fn of_bits(__bits: ::core::primitive::u64) -> Self {
                let __tag = ::gc_core::arena::packing::tag(__bits);
                #unpack
                unsafe { ::core::hint::unreachable_unchecked() }
            }
        }
    }
}

/// The statements that return the value: a comparison for each tag, of which the compiler makes a switch, then numbers. So
/// a `match` for one variant compiles to one comparison, where numbers that come first would cost it another.
fn unpack(cases: &[Case<'_>], brand: &Lifetime) -> TokenStream {
    let (numbers, others): (Vec<_>, Vec<_>) =
        tagged_cases(cases, brand).partition(|(case, _)| case.is_number());
    let number = numbers.iter().map(|(case, _)| {
        let value = case.unpacked();
        quote_spanned!(Span::mixed_site()=> if __tag < ::gc_core::arena::packing::NUMBERS_END { return #value; })
    });
    let others = others.iter().map(|(case, tag)| {
        let value = case.unpacked();
        quote_spanned!(Span::mixed_site()=> if __tag == #tag { return #value; })
    });
    others.chain(number).collect()
}

#[cfg(test)]
mod tests {
    use super::expand;
    use quote::quote;

    /// What an enum gets, as tokens with one space between them.
    fn expanded(source: &str) -> String {
        let item = syn::parse_str(source).expect("a type");
        expand(&item).expect("an enum that can be `Pack`").to_string()
    }

    #[test]
    fn an_enum_is_packed_by_tags_and_unpacked_by_the_same() {
        let source = "pub(crate) enum Value<'a> { Nil, Number { of: f64 }, Text(Text) }";
        let expanded = expanded(source);
        for part in [
            quote!(pub(crate) const fn pack(self) -> ::gc_core::arena::Packed<Self>),
            quote!(unsafe impl<'a> ::gc_core::arena::Pack<'a> for Value<'a>),
            quote!(tags([false, ::gc_core::arena::packing::is_reference::<Text>(),])),
            quote!(Value::Nil {} => ::gc_core::arena::packing::tagged(
                const { <Self as ::gc_core::arena::Pack<'a>>::TAGS[0] },
                0
            ),),
            quote!(Value::Number { of: __number } => ::gc_core::arena::packing::number(__number),),
            quote!(Value::Text { 0: __value } => ::gc_core::arena::packing::tagged(
                const { <Self as ::gc_core::arena::Pack<'a>>::TAGS[1] },
                unsafe { ::gc_core::arena::packing::word::<Text>(__value) },
            ),),
            quote!(if __tag == const { <Self as ::gc_core::arena::Pack<'a>>::TAGS[0] } {
                return Value::Nil {};
            }),
            quote!(if __tag < ::gc_core::arena::packing::NUMBERS_END {
                return Value::Number { of: ::core::primitive::f64::from_bits(__bits) };
            }),
        ] {
            let part = part.to_string();
            assert!(expanded.contains(&part), "{part}\nis not in\n{expanded}");
        }
    }

    #[test]
    fn what_cannot_be_packed_is_refused_at_the_place() {
        for (source, place, message) in [
            ("struct A { b: u8 }", "A", "only an enum can be `Pack`"),
            ("union A { b: u8 }", "A", "only an enum can be `Pack`"),
            ("enum A {}", "A", "an enum without values"),
            ("enum A { B(u8, u16) }", "u16", "a variant of a `Pack` enum has one field at most"),
            (
                "enum A { B(f64), C(std::primitive::f64) }",
                "(std::primitive::f64)",
                "a `Pack` enum has one variant",
            ),
            ("enum A<'a, 'b> { B(C<'a>), D(C<'b>) }", "'b", "a `Trace` type has one lifetime at most"),
        ] {
            let item = syn::parse_str(source).expect("a type");
            let error = expand(&item).expect_err(source);
            assert_eq!(error.span().source_text().as_deref(), Some(place), "{source}");
            assert!(error.to_string().starts_with(message), "{source}: {error}");
        }
    }
}
