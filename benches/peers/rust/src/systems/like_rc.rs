//! The objects of all programs for libraries whose references are made, copied and followed like `Rc`.

/// Implements what the programs ask for, with references of the type `$gc`, that are stored to through `$cell`. A
/// reference back is made by `$to_back`, and `$is_back` tells whether it is one to a record.
///
/// The objects are declared beside the use of the macro, since derives do not bear to be expanded in one.
macro_rules! like_rc {
    ($gc:ident, $cell:ident, $to_back:expr, $is_back:expr) => {
        use crate::programs::{Plain, Program};
        use crate::programs::{big_heap, binary_trees, gcbench, lru_cache, ring, splay, window};
        use lru_cache::Link;
        use splay::Side;
        use std::mem::ManuallyDrop;

        /// How objects are made: nothing is needed for that.
        #[derive(Clone, Copy)]
        struct Objects;

        impl binary_trees::Nodes for Objects {
            type Node = $gc<Node>;

            fn node(self, children: Option<(Self::Node, Self::Node)>) -> Self::Node {
                let (left, right) = children.unzip();
                $gc::new(Node { left, right })
            }

            fn count(self, tree: &Self::Node) -> u64 {
                match (&tree.left, &tree.right) {
                    (Some(left), Some(right)) => 1 + self.count(left) + self.count(right),
                    _ => 1,
                }
            }
        }

        impl gcbench::Nodes for Objects {
            type Node = $gc<BenchNode>;

            fn leaf(self, height: u32) -> Self::Node {
                $gc::new(BenchNode { left: $cell::new(None), right: $cell::new(None), height })
            }

            fn branch(self, height: u32, left: Self::Node, right: Self::Node) -> Self::Node {
                $gc::new(BenchNode { left: $cell::new(Some(left)), right: $cell::new(Some(right)), height })
            }

            fn adopt(self, parent: &Self::Node, left: Self::Node, right: Self::Node) {
                *parent.left.borrow_mut() = Some(left);
                *parent.right.borrow_mut() = Some(right);
            }

            fn count(self, tree: &Self::Node, height: u32) -> u64 {
                let this = u64::from(tree.height == height);
                match (&*tree.left.borrow(), &*tree.right.borrow()) {
                    (Some(left), Some(right)) if height > 0 => {
                        this + self.count(left, height - 1) + self.count(right, height - 1)
                    }
                    _ => this,
                }
            }
        }

        impl ring::Messages for Objects {
            type Message = $gc<Message>;

            fn message(self, length: usize, fill: u8) -> Self::Message {
                $gc::new(Message { bytes: vec![fill; length].into() })
            }

            fn sum(self, message: &Self::Message) -> u64 {
                message.bytes.iter().map(|byte| u64::from(*byte)).sum()
            }
        }

        impl window::Literals for Objects {
            type Literal = $gc<Literal>;

            fn literal(self, number: u64) -> Self::Literal {
                $gc::new(Literal { number, _more: [0; window::MORE_WORDS] })
            }

            fn number(self, literal: &Self::Literal) -> u64 {
                literal.number
            }
        }

        impl Payload {
            fn is_intact(&self, depth: u32, expected: &splay::Text) -> bool {
                match self {
                    Payload::Leaf { numbers, text } => {
                        depth == 0 && numbers.numbers == splay::NUMBERS && text.text == *expected
                    }
                    Payload::Branch { left, right } => {
                        depth > 0
                            && left.is_intact(depth - 1, expected)
                            && right.is_intact(depth - 1, expected)
                    }
                }
            }
        }

        impl TreeNode {
            fn child(&self, side: Side) -> &$cell<Option<$gc<TreeNode>>> {
                match side {
                    Side::Left => &self.left,
                    Side::Right => &self.right,
                }
            }
        }

        impl splay::Objects for Objects {
            type Node = $gc<TreeNode>;
            type Payload = $gc<Payload>;

            fn leaf(self, numbers: splay::Numbers, text: splay::Text) -> Self::Payload {
                let (numbers, text) = ($gc::new(Numbers { numbers }), $gc::new(Text { text }));
                $gc::new(Payload::Leaf { numbers, text })
            }

            fn branch(self, left: Self::Payload, right: Self::Payload) -> Self::Payload {
                $gc::new(Payload::Branch { left, right })
            }

            fn node(self, key: u64, payload: Self::Payload) -> Self::Node {
                $gc::new(TreeNode { key, left: $cell::new(None), right: $cell::new(None), payload })
            }

            fn key(self, node: &Self::Node) -> u64 {
                node.key
            }

            fn child(self, node: &Self::Node, side: Side) -> Option<Self::Node> {
                node.child(side).borrow().clone()
            }

            fn set_child(self, node: &Self::Node, side: Side, child: Option<Self::Node>) {
                *node.child(side).borrow_mut() = child;
            }

            fn is_intact(self, node: &Self::Node, depth: u32, text: &splay::Text) -> bool {
                node.payload.is_intact(depth, text)
            }
        }

        impl Entry {
            fn link(&self, link: Link) -> &$cell<Option<$gc<Entry>>> {
                match link {
                    Link::Chain => &self.chain,
                    Link::Newer => &self.newer,
                    Link::Older => &self.older,
                }
            }

            fn new(key: u64, value: Option<$gc<Message>>) -> $gc<Entry> {
                let none = || $cell::new(None);
                $gc::new(Entry { key, chain: none(), newer: none(), older: none(), value })
            }
        }

        impl lru_cache::Objects for Objects {
            type Entry = $gc<Entry>;

            fn ends(self) -> Self::Entry {
                Entry::new(0, None)
            }

            fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry {
                let mut bytes: Box<[u8]> = vec![0; value_bytes].into();
                bytes[..8].copy_from_slice(&number.to_le_bytes());
                Entry::new(key, Some($gc::new(Message { bytes })))
            }

            fn key(self, entry: &Self::Entry) -> u64 {
                entry.key
            }

            fn number(self, entry: &Self::Entry) -> u64 {
                let first = entry.value.as_ref().and_then(|value| value.bytes.first_chunk());
                first.map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
            }

            fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry> {
                entry.link(link).borrow().clone()
            }

            fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>) {
                *entry.link(link).borrow_mut() = to;
            }

            fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool {
                $gc::ptr_eq(left, right)
            }
        }

        impl big_heap::Records for Objects {
            type Record = $gc<Record>;

            fn record(self, words: [u64; big_heap::MOST_WORDS], next: Option<Self::Record>) -> Self::Record {
                $gc::new(Record { next: $cell::new(next), previous: $cell::new(None), words })
            }

            fn words(self, record: &Self::Record) -> [u64; big_heap::MOST_WORDS] {
                record.words
            }

            fn next(self, record: &Self::Record) -> Option<Self::Record> {
                record.next.borrow().clone()
            }

            fn set_next(self, record: &Self::Record, next: Option<Self::Record>) {
                *record.next.borrow_mut() = next;
            }

            fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>) {
                *record.previous.borrow_mut() = previous.map($to_back);
            }

            fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool {
                match (&*record.previous.borrow(), previous) {
                    (Some(back), Some(previous)) => $is_back(back, previous),
                    (back, previous) => back.is_none() && previous.is_none(),
                }
            }
        }

        /// The programs. What is alive at the end is not freed: the process ends.
        pub(super) const PROGRAMS: [(&str, Program); 7] = [
            ("binary_trees", |parameters| binary_trees::run(&mut *stage(None), parameters)),
            ("gcbench", |parameters| gcbench::run(&mut *stage(None), parameters)),
            ("ring", |parameters| ring::run(&mut *stage(ring::window(parameters)), parameters)),
            ("window", |parameters| window::run(&mut *stage(ring::window(parameters)), parameters)),
            ("splay", |parameters| splay::run(&mut *stage(None), parameters)),
            ("lru_cache", |parameters| {
                let root = lru_cache::empty(Objects, parameters.get("capacity") as usize);
                lru_cache::run(&mut *stage(root), parameters)
            }),
            ("big_heap", |parameters| big_heap::run(&mut *stage(big_heap::empty(parameters)), parameters)),
        ];

        fn stage<R>(root: R) -> ManuallyDrop<Plain<Objects, R>> {
            ManuallyDrop::new(Plain { objects: Objects, root })
        }
    };
}
