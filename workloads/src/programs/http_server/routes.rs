//! What is answered how.

use super::headers::Headers;
use super::plan::ROUTES;
use gc_core::{FixedShape, Heap, HeapFull, Local, View};

/// Slots of a route. Its word is its number.
const NEXT: u32 = 0;
const METHOD: u32 = 1;
const PREFIX: u32 = 2;

/// A list of routes, made once and looked through for every request.
#[derive(Debug)]
pub(super) struct Routes {
    first: Local,
}

impl Routes {
    /// All routes. The handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap, texts: Headers) -> Result<Self, HeapFull> {
        let shape: FixedShape<3, 1> = heap.register_fixed("Route");
        let first = heap.escape(|heap| {
            let mut first = None;
            for (number, (method, prefix, _)) in ROUTES.iter().enumerate().rev() {
                let (method, prefix) =
                    (texts.text(heap, method.as_bytes())?, texts.text(heap, prefix.as_bytes())?);
                let route = heap.alloc_with(shape, [first, Some(method), Some(prefix)])?;
                heap.store_word(route, 0, number as u64);
                first = Some(route);
            }
            Ok(first.expect("there are routes"))
        })?;
        Ok(Routes { first })
    }

    /// The number of the first route for a request.
    pub(super) fn find(&self, heap: &Heap, (method, path): (&[u8], &[u8])) -> Option<u64> {
        let mut routes = std::iter::successors(Some(heap.view(self.first)), |route| route.slot(NEXT));
        let found =
            routes.find(|route| text(*route, METHOD) == method && path.starts_with(text(*route, PREFIX)));
        found.map(|route| route.word(0))
    }
}

fn text(route: View<'_>, index: u32) -> &[u8] {
    route.slot(index).map_or(&[][..], View::bytes)
}

#[cfg(test)]
mod tests {
    use super::{Headers, Routes};
    use gc_core::{Config, Heap};

    #[test]
    fn routes_are_found_by_method_and_prefix() {
        let mut heap = Heap::new(Config { huge_pages: false, ..Config::default() }).expect("valid");
        let texts = Headers::new(&mut heap);
        let routes = Routes::new(&mut heap, texts).expect("there is room");
        let find = |method: &str, path: &str| routes.find(&heap, (method.as_bytes(), path.as_bytes()));
        assert_eq!(find("GET", "/static/a.css"), Some(0));
        assert_eq!(find("POST", "/items/9"), Some(2));
        assert_eq!(find("POST", "/static/a.css"), None);
        assert_eq!(find("GET", "/items"), None);
    }
}
