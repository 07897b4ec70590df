//! The programs for all libraries whose references are made, copied and followed like `Rc`.
//!
//! Their objects are declared beside the use of the macros, since derives do not bear to be expanded in one.

/// The program [`Ring`](super::Program::Ring) with references of the type `$gc` to objects `Pair`.
macro_rules! ring {
    ($gc:ident) => {
        pub(super) fn ring() -> u64 {
            let mut ring: Vec<Option<$gc<Pair>>> = (0..super::RING_SLOTS).map(|_| None).collect();
            let mut random = super::Slots::new();
            for first in 0..super::RING_OBJECTS {
                ring[random.next()] = Some($gc::new(Pair { first, second: 1 }));
            }
            ring.iter().flatten().map(|pair| pair.first * pair.second).sum()
        }
    };
}

/// The program [`Trees`](super::Program::Trees) with references of the type `$gc` to objects `Node`.
macro_rules! trees {
    ($gc:ident) => {
        pub(super) fn trees() -> u64 {
            let kept = tree(super::KEPT_DEPTH);
            let dropped: u64 = (0..super::DROPPED_TREES).map(|_| count(&tree(super::DROPPED_DEPTH))).sum();
            dropped + count(&kept)
        }

        fn tree(depth: u32) -> $gc<Node> {
            let child = || (depth > 0).then(|| tree(depth - 1));
            let (left, right) = (child(), child());
            $gc::new(Node { left, right })
        }

        fn count(node: &Node) -> u64 {
            let below = |child: &Option<$gc<Node>>| child.as_deref().map_or(0, count);
            1 + below(&node.left) + below(&node.right)
        }
    };
}
