//! The parameters of a type: lifetime, types and constants.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{
    ConstParam, Error, GenericParam, Generics, ImplGenerics, Lifetime, LifetimeParam, Result,
    TraitBoundModifier, Type, TypeGenerics, TypeParam, TypeParamBound, WhereClause, WherePredicate,
    parse_quote_spanned,
};

/// The parameters that a type declares, and those of its implementation of `Trace`.
pub(crate) struct Parameters<'a> {
    declared: &'a Generics,
    bounded: Generics,
    brand: Lifetime,
}

impl<'a> Parameters<'a> {
    pub(crate) fn new(declared: &'a Generics) -> Result<Parameters<'a>> {
        declared.const_params().try_for_each(refuse_unless_usize)?;
        let mut bounded = declared.clone();
        let brand = match declared_brand(declared)? {
            Some(brand) => brand,
            None => introduce_brand(&mut bounded),
        };
        let span = Span::mixed_site();
        for parameter in bounded.type_params_mut() {
            let trait_name = trait_of(declared, parameter);
            parameter.bounds.push(parse_quote_spanned!(span=> ::gc_core::arena::#trait_name<#brand>));
        }
        Ok(Parameters { declared, bounded, brand })
    }

    /// The lifetime of the arena.
    pub(crate) fn brand(&self) -> &Lifetime {
        &self.brand
    }

    /// What an implementation of any trait declares, the arguments that it gives the type, and what it asks of them.
    pub(crate) fn of_impl(&self) -> (ImplGenerics<'_>, TypeGenerics<'_>, Option<&WhereClause>) {
        self.declared.split_for_impl()
    }

    /// What the implementation of `Trace` declares: a lifetime in any case, and type parameters that are `Trace`.
    pub(crate) fn of_trace_impl(&self) -> ImplGenerics<'_> {
        self.bounded.split_for_impl().0
    }

    /// What tells the type from the same type with other arguments.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TokenStream> {
        let (brand, span) = (&self.brand, Span::mixed_site());
        self.declared.params.iter().filter_map(move |parameter| match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(parameter) => {
                let (name, trait_name) = (&parameter.ident, trait_of(self.declared, parameter));
                Some(quote_spanned!(span=> <#name as ::gc_core::arena::#trait_name<#brand>>::Id))
            }
            GenericParam::Const(ConstParam { ident, .. }) => Some(quote_spanned!(span=> [(); #ident])),
        })
    }

    /// A name that no type parameter has, as it is longer: such a parameter would be what the name means.
    pub(crate) fn unused_name(&self, start: &Ident) -> Ident {
        let start = format_ident!("__{}", start, span = Span::mixed_site());
        let parameters = self.declared.type_params().map(|parameter| &parameter.ident);
        parameters.fold(start, |name, parameter| format_ident!("{}_{}", name, parameter))
    }
}

/// What a type parameter has to be: `Trace`, or only `Object` if it may have no size or is said to be an `Object`. Then it is
/// what a `Gc` refers to, such as a `Str`.
fn trait_of(declared: &Generics, parameter: &TypeParam) -> Ident {
    let conditions = declared.where_clause.iter().flat_map(|clause| &clause.predicates);
    let in_conditions = conditions.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if is_parameter(&predicate.bounded_ty, parameter) => {
            Some(&predicate.bounds)
        }
        _ => None,
    });
    let mut bounds = parameter.bounds.iter().chain(in_conditions.flatten());
    let name = if bounds.any(is_of_object) { "Object" } else { "Trace" };
    Ident::new(name, Span::mixed_site())
}

fn is_parameter(ty: &Type, parameter: &TypeParam) -> bool {
    matches!(without_group(ty), Type::Path(ty) if ty.path.is_ident(&parameter.ident))
}

/// Whether a bound is `?Sized` or `Object`.
fn is_of_object(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else { return false };
    matches!(bound.modifier, TraitBoundModifier::Maybe(_))
        || bound.path.segments.last().is_some_and(|last| last.ident == "Object")
}

fn refuse_unless_usize(parameter: &ConstParam) -> Result<()> {
    match without_group(&parameter.ty) {
        Type::Path(ty) if ty.path.segments.last().is_some_and(|last| last.ident == "usize") => Ok(()),
        _ => Err(Error::new_spanned(
            &parameter.ty,
            "constants of a `Trace` type must be `usize`: make it a `usize`, or a field",
        )),
    }
}

/// The type in the invisible parentheses that a macro puts around the types that it is given.
pub(crate) fn without_group(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => without_group(&group.elem),
        _ => ty,
    }
}

/// The only lifetime that a type may declare.
fn declared_brand(declared: &Generics) -> Result<Option<Lifetime>> {
    let mut lifetimes = declared.lifetimes();
    let brand = lifetimes.next().map(|parameter| parameter.lifetime.clone());
    lifetimes.next().map_or(Ok(brand), |second| {
        Err(Error::new_spanned(
            &second.lifetime,
            "a `Trace` type has one lifetime at most, its arena's: use that for every `Gc`, and own what is borrowed",
        ))
    })
}

fn introduce_brand(generics: &mut Generics) -> Lifetime {
    let brand = Lifetime::new("'__gc", Span::mixed_site());
    generics.params.insert(0, LifetimeParam::new(brand.clone()).into());
    brand
}
