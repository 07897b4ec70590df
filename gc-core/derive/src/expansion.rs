//! The implementation of `Trace` that a type gets.

use crate::attribute::{refuse_attribute, refuse_packed};
use crate::parameters::Parameters;
use crate::shape::Shape;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{DeriveInput, Result};

/// The implementation for a type, or why it cannot have one.
///
/// Names in it mean the same wherever it is put: it goes by absolute paths, and what it declares starts with `__`.
pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    refuse_attribute(&item.attrs)?;
    refuse_packed(&item.attrs)?;
    let (shape, parameters) = (Shape::new(item)?, Parameters::new(&item.generics)?);
    // SAFETY of what is generated, by the contract of `Trace`:
    // - `trace` takes the value apart without leaving a field out, or it would not compile, and has every field traced
    //   but those that are shown to be `'static`: no reference into an arena is;
    // - the map is that of the fields, each at its offset; an enum's is empty only if those of all its fields are;
    // - the identity has a type that is declared here, for this type alone, and the identities of all arguments;
    // - fields are `Trace` or `Copy + Send`, so they have no drop code, and the type itself does not implement `Drop`:
    //   it would implement `MustNotImplementDrop` twice.
    let trace_impl = trace_impl(item, &shape, &parameters);
    let drop_guard = drop_guard(item, &parameters);
    Ok(quote_spanned! {Span::mixed_site()=>
        // The warning is for those who use what is deprecated.
        #[allow(deprecated)]
        const _: () = { #trace_impl #drop_guard };
    })
}

fn trace_impl(item: &DeriveInput, shape: &Shape<'_>, parameters: &Parameters<'_>) -> TokenStream {
    let (name, id, brand) = (&item.ident, parameters.unused_name(&item.ident), parameters.brand());
    let (generics, (_, arguments, conditions)) = (parameters.of_trace_impl(), parameters.of_impl());
    let (ids, constants, arms) = (parameters.ids(), shape.constants(brand), shape.trace_arms(brand));
    let describe = shape.describe(brand);
    quote_spanned! {Span::mixed_site()=>
        pub enum #id {}

        #[automatically_derived]
        unsafe impl #generics ::gc_core::arena::Trace<#brand> for #name #arguments #conditions {
            type Id = (#id, #(#ids,)*);
            #constants

            #[inline]
            fn trace(&self, __tracer: &mut ::gc_core::arena::Tracer) {
                match *self { #arms }
            }

            #describe
        }
    }
}

/// An implementation that conflicts with that for all types that implement `Drop`.
fn drop_guard(item: &DeriveInput, parameters: &Parameters<'_>) -> TokenStream {
    let (name, (generics, arguments, conditions)) = (&item.ident, parameters.of_impl());
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #generics ::gc_core::arena::MustNotImplementDrop for #name #arguments #conditions {}
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use quote::quote;

    /// What a type gets, as tokens with one space between them.
    fn expanded(source: &str) -> String {
        let item = syn::parse_str(source).expect("a type");
        expand(&item).expect("a type that can be `Trace`").to_string()
    }

    #[test]
    fn a_struct_has_a_map_and_traces_every_field() {
        let expected = quote! {
            #[allow(deprecated)]
            const _: () = {
                pub enum __Node_T {}

                #[automatically_derived]
                unsafe impl<'a, T: Copy + ::gc_core::arena::Trace<'a>, const N: usize>
                    ::gc_core::arena::Trace<'a> for Node<'a, T, N> where T: Eq
                {
                    type Id = (__Node_T, <T as ::gc_core::arena::Trace<'a>>::Id, [(); N],);
                    const SLOTS: ::gc_core::arena::SlotMap = ::gc_core::arena::SlotMap::NONE.and(
                        <Gc<'a, T> as ::gc_core::arena::Trace<'a>>::SLOTS
                            .at(::core::mem::offset_of!(Self, r#type))
                    );
                    const FIELDS: &'static [::gc_core::arena::Field] = &[
                        ::gc_core::arena::Field {
                            name: "type",
                            offset_bytes: ::core::mem::offset_of!(Self, r#type),
                            size_bytes: ::core::mem::size_of::<Gc<'a, T> >(),
                            element_bytes: <Gc<'a, T> as ::gc_core::arena::Trace<'a>>::ELEMENT_BYTES,
                        },
                        ::gc_core::arena::Field {
                            name: "color",
                            offset_bytes: ::core::mem::offset_of!(Self, color),
                            size_bytes: ::core::mem::size_of::<Color>(),
                            element_bytes: ::core::mem::size_of::<Color>(),
                        },
                    ];

                    #[inline]
                    fn trace(&self, __tracer: &mut ::gc_core::arena::Tracer) {
                        match *self {
                            Node { r#type: ref __field_0, color: ref __field_1, } => {
                                let _: *const Gc<'a, T> = __field_0;
                                if !<Gc<'a, T> as ::gc_core::arena::Trace<'a>>::SLOTS.is_empty() {
                                    <Gc<'a, T> as ::gc_core::arena::Trace<'a>>::trace(__field_0, __tracer);
                                }
                                let _: *const Color = __field_1;
                                {
                                    fn __trace_leaf<
                                        T: ::core::marker::Copy + ::core::marker::Send + 'static
                                    >() {}
                                    __trace_leaf::<Color>();
                                }
                            }
                        }
                    }
                }

                #[automatically_derived]
                impl<'a, T: Copy, const N: usize> ::gc_core::arena::MustNotImplementDrop
                    for Node<'a, T, N> where T: Eq {}
            };
        };
        let node = "struct Node<'a, T: Copy = u8, const N: usize = 1> where T: Eq {
            r#type: Gc<'a, T>,
            #[trace(leaf)]
            color: Color,
        }";
        assert_eq!(expanded(node), expected.to_string());
    }

    #[test]
    fn an_enum_is_traced_if_a_field_of_any_variant_has_references() {
        let expanded = expanded("enum Tree { Id, Leaf(A), Fork { left: B, #[trace(leaf)] count: u32 } }");
        let slots = quote! {
            if ::gc_core::arena::SlotMap::NONE
                .and(<A as ::gc_core::arena::Trace<'__gc>>::SLOTS)
                .and(<B as ::gc_core::arena::Trace<'__gc>>::SLOTS)
                .is_empty()
            {
                ::gc_core::arena::SlotMap::NONE
            } else {
                ::gc_core::arena::SlotMap::TRACED
            };
        };
        let patterns = [
            quote!(Tree::Id {} => {}),
            quote!(Tree::Leaf { 0: ref __field_0, } =>),
            quote!(Tree::Fork { left: ref __field_0, count: ref __field_1, } =>),
            quote!(__describer.field("Fork.left", __field_0, <B as ::gc_core::arena::Trace<'__gc>>::ELEMENT_BYTES);),
        ];
        for part in patterns.iter().chain([&slots]).map(ToString::to_string) {
            assert!(expanded.contains(&part), "{part}\nis not in\n{expanded}");
        }
    }

    #[test]
    fn implementations_name_the_arena_and_their_type() {
        for (source, part) in [
            ("struct Unit;", quote!(impl<'__gc> ::gc_core::arena::Trace<'__gc> for Unit)),
            (
                "struct Unit;",
                quote!(match *self {
                    Unit {} => {}
                }),
            ),
            ("enum Never {}", quote!(match *self {})),
            ("struct A<'any>(B<'any>);", quote!(impl<'any> ::gc_core::arena::Trace<'any> for A<'any>)),
            ("struct A<__A>(__A);", quote!((__A___A, <__A as ::gc_core::arena::Trace<'__gc>>::Id,))),
            ("struct A<'a, T: ?Sized>(B<'a, T>);", quote!(T: ?Sized + ::gc_core::arena::Object<'a>)),
            ("struct A<'a, T: ?Sized>(B<'a, T>);", quote!((__A_T, <T as ::gc_core::arena::Object<'a>>::Id,))),
            (
                "struct A<'a, T: Object<'a>>(B<'a, T>);",
                quote!((__A_T, <T as ::gc_core::arena::Object<'a>>::Id,)),
            ),
            (
                "struct A<'a, T, U>(B<'a, T>, U) where T: arena::Object<'a>;",
                quote!((
                    __A_T_U,
                    <T as ::gc_core::arena::Object<'a>>::Id,
                    <U as ::gc_core::arena::Trace<'a>>::Id,
                )),
            ),
            ("struct r#fn(u8);", quote!(type Id = (__fn,))),
            ("struct A<const N: core::primitive::usize>;", quote!(type Id = (__A, [(); N],))),
        ] {
            let (expanded, part) = (expanded(source), part.to_string());
            assert!(expanded.contains(&part), "{part}\nis not in\n{expanded}");
        }
    }

    #[test]
    fn what_cannot_be_trace_is_refused_at_the_place() {
        for (source, place, message) in [
            ("union A { b: u8 }", "union", "a union cannot be `Trace`"),
            ("struct A<'a, 'b>(B<'a>, B<'b>);", "'b", "a `Trace` type has one lifetime at most"),
            ("struct A<const B: bool>;", "bool", "constants of a `Trace` type must be `usize`"),
            ("struct A<const B: [usize; 1]>;", "[usize; 1]", "constants of a `Trace` type must be `usize`"),
            ("#[repr(packed)] struct A;", "packed", "a packed type cannot be `Trace`"),
            ("#[repr(C, packed(2))] struct A;", "packed(2)", "a packed type cannot be `Trace`"),
            ("#[repr(C)] #[repr(packed)] struct A;", "packed", "a packed type cannot be `Trace`"),
            ("#[trace(leaf)] struct A;", "trace(leaf)", "`trace` attributes belong to fields"),
            ("enum A { #[trace(leaf)] B(u8) }", "trace(leaf)", "`trace` attributes belong to fields"),
            ("struct A(#[trace(skip)] u8);", "trace(skip)", "unknown `trace` attribute"),
            ("struct A(#[trace] u8);", "trace", "unknown `trace` attribute"),
            ("struct A(#[trace(leaf, skip)] u8);", "trace(leaf, skip)", "unknown `trace` attribute"),
            ("struct A(#[trace(leaf)] #[trace()] u8);", "trace()", "unknown `trace` attribute"),
            ("enum A { B { #[trace = 1] c: u8 } }", "trace = 1", "unknown `trace` attribute"),
        ] {
            let item = syn::parse_str(source).expect("a type");
            let error = expand(&item).expect_err(source);
            assert_eq!(error.span().source_text().as_deref(), Some(place), "{source}");
            assert!(error.to_string().starts_with(message), "{source}: {error}");
        }
    }

    #[test]
    fn other_layouts_are_taken() {
        for layout in ["C", "transparent", "C, align(8)", "u8", "Rust"] {
            expanded(&format!("#[repr({layout})] enum A {{ B }}"));
        }
    }
}
