//! `Root!`: a type for every brand.

use proc_macro2::{Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// The name that the brand has in the type.
const BRAND: &str = "__brand";

/// The type that stands for `root` with any brand in the place of `'_`.
pub(super) fn expand(root: TokenStream) -> TokenStream {
    let root = with_brand(root);
    let brand = brand();
    quote!(dyn for<#brand> ::gc_core::arena::Rootable<#brand, Root = #root>)
}

/// `tokens` with the brand for every `'_`.
fn with_brand(tokens: TokenStream) -> TokenStream {
    let mut is_lifetime = false;
    tokens
        .into_iter()
        .map(|token| {
            let follows_quote = std::mem::replace(&mut is_lifetime, is_quote(&token));
            match token {
                TokenTree::Ident(name) if follows_quote && name == "_" => {
                    Ident::new(BRAND, name.span()).into()
                }
                TokenTree::Group(group) => {
                    let inner = with_brand(group.stream());
                    let mut branded = Group::new(group.delimiter(), inner);
                    branded.set_span(group.span());
                    branded.into()
                }
                other => other,
            }
        })
        .collect()
}

fn is_quote(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'')
}

fn brand() -> TokenStream {
    let quote = TokenTree::from(Punct::new('\'', Spacing::Joint));
    let name = TokenTree::from(Ident::new(BRAND, Span::call_site()));
    [quote, name].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::expand;
    use quote::quote;

    #[test]
    fn the_brand_takes_the_place_of_elided_lifetimes() {
        let root = expand(quote!((Gc<'_, [Node<'_>; 3]>, &'static str)));
        let expected = "dyn for<'__brand> ::gc_core::arena::Rootable<
            '__brand,
            Root = (Gc<'__brand, [Node<'__brand>; 3]>, &'static str)
        >";
        let without_spaces = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(without_spaces(&root.to_string()), without_spaces(expected));
    }
}
