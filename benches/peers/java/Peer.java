import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tenure's workloads on a Java virtual machine: {@code java Peer WORKLOAD [NAME=VALUE]...}.
 *
 * <p>All parameters of the workload must be given. {@code warmups=N} runs it so many times before, in the same process,
 * so that compiled code is measured. What is printed is told in {@code ../README.md}.
 */
public final class Peer {
    /** An order-sensitive fold of numbers, as Tenure's. */
    private static final class Checksum {
        private long value;

        void add(long number) {
            value = Long.rotateLeft(((value ^ number) + 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L, 31);
        }
    }

    private final Map<String, Long> parameters = new HashMap<>();
    private final Checksum checksum = new Checksum();
    /** How long each operation took, if the workload measures that. */
    private long[] nanos = {};

    private Peer(Map<String, Long> parameters) {
        this.parameters.putAll(parameters);
    }

    private int get(String name) {
        return Math.toIntExact(parameters.get(name));
    }

    private void run(String workload) {
        switch (workload) {
            case "binary_trees":
                binaryTrees(get("depth"));
                break;
            case "gcbench":
                gcBench();
                break;
            case "ring":
                ring(new byte[get("window")][], get("message"), get("pushes"));
                break;
            case "window":
                window(new Literal[get("window")], parameters.get("objects"));
                break;
            case "splay":
                splay();
                break;
            case "lru_cache":
                lruCache();
                break;
            case "big_heap":
                nanos = new long[get("operations")];
                checksum.value = BigHeap.run(parameters, nanos);
                break;
            default:
                throw new IllegalArgumentException("there is no workload " + workload);
        }
    }

    // ---------------------------------------------------------------- binary_trees

    private static final int MIN_DEPTH = 4;

    private static final class Node {
        final Node left;
        final Node right;

        Node(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        long count() {
            return left == null ? 1 : 1 + left.count() + right.count();
        }
    }

    private static Node tree(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(tree(depth - 1), tree(depth - 1));
    }

    private void binaryTrees(int depth) {
        checksum.add(tree(depth + 1).count());
        Node kept = tree(depth);
        for (int d = MIN_DEPTH; d <= depth; d += 2) {
            long nodes = 0;
            for (long trees = 1L << (depth - d + MIN_DEPTH); trees > 0; trees--) {
                nodes += tree(d).count();
            }
            checksum.add(nodes);
        }
        checksum.add(kept.count());
    }

    // ---------------------------------------------------------------- gcbench

    private static final class BenchNode {
        BenchNode left;
        BenchNode right;
        final int height;

        BenchNode(int height) {
            this.height = height;
        }

        long count(int expected) {
            long self = height == expected ? 1 : 0;
            return left == null || expected == 0 ? self : self + left.count(expected - 1) + right.count(expected - 1);
        }
    }

    private static BenchNode topDown(int depth) {
        BenchNode root = new BenchNode(depth);
        populate(root);
        return root;
    }

    private static void populate(BenchNode parent) {
        if (parent.height > 0) {
            parent.left = new BenchNode(parent.height - 1);
            parent.right = new BenchNode(parent.height - 1);
            populate(parent.left);
            populate(parent.right);
        }
    }

    private static BenchNode bottomUp(int depth) {
        BenchNode left = depth == 0 ? null : bottomUp(depth - 1);
        BenchNode right = depth == 0 ? null : bottomUp(depth - 1);
        BenchNode root = new BenchNode(depth);
        root.left = left;
        root.right = right;
        return root;
    }

    private static long nodesOfDepth(int depth) {
        return (2L << depth) - 1;
    }

    private void gcBench() {
        int stretch = get("stretch_depth");
        checksum.add(bottomUp(stretch).count(stretch));
        BenchNode kept = topDown(get("long_lived_depth"));
        double[] array = new double[get("array_length")];
        for (int index = 0; index < array.length; index++) {
            array[index] = 1.0 / (index + 1.0);
        }
        for (int depth = MIN_DEPTH; depth <= get("max_depth"); depth += 2) {
            long nodes = 0;
            long rounds = 2 * nodesOfDepth(stretch) / nodesOfDepth(depth);
            for (long round = 0; round < rounds; round++) {
                nodes += topDown(depth).count(depth);
            }
            for (long round = 0; round < rounds; round++) {
                nodes += bottomUp(depth).count(depth);
            }
            checksum.add(nodes);
        }
        checksum.add(kept.count(get("long_lived_depth")));
        for (double number : array) {
            checksum.add(Double.doubleToRawLongBits(number));
        }
    }

    // ---------------------------------------------------------------- ring

    private void ring(byte[][] window, int length, int pushes) {
        nanos = new long[pushes];
        for (int number = 0; number < pushes; number++) {
            long start = System.nanoTime();
            byte[] message = new byte[length];
            Arrays.fill(message, (byte) number);
            window[number % window.length] = message;
            nanos[number] = System.nanoTime() - start;
        }
        for (byte[] message : window) {
            long sum = 0;
            if (message != null) {
                for (byte one : message) {
                    sum += Byte.toUnsignedInt(one);
                }
            }
            checksum.add(sum);
        }
    }

    // ---------------------------------------------------------------- window

    private static final class Literal {
        final long number;
        // The words that an object has besides.
        long word1;
        long word2;
        long word3;
        long word4;

        Literal(long number) {
            this.number = number;
        }
    }

    private void window(Literal[] window, long objects) {
        int index = 0;
        for (long number = 0; number < objects; number++) {
            Literal made = new Literal(number);
            if (index < window.length) {
                window[index] = made;
            }
            index = index + 1 < window.length ? index + 1 : 0;
        }
        for (Literal literal : window) {
            if (literal != null) {
                checksum.add(literal.number);
            }
        }
    }

    // ---------------------------------------------------------------- splay

    private static final class TreeNode {
        final long key;
        final Object payload;
        TreeNode left;
        TreeNode right;

        TreeNode(long key, Object payload) {
            this.key = key;
            this.payload = payload;
        }
    }

    private static final class Branch {
        final Object left;
        final Object right;

        Branch(Object left, Object right) {
            this.left = left;
            this.right = right;
        }
    }

    private static final class Leaf {
        final long[] numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        final String text;

        Leaf(String digits) {
            text = "String for key " + digits + " in leaf node";
        }

        boolean isIntact(String digits) {
            for (int index = 0; index < numbers.length; index++) {
                if (numbers[index] != index) {
                    return false;
                }
            }
            return text.equals("String for key " + digits + " in leaf node");
        }
    }

    private static String digits(long key) {
        String digits = Long.toUnsignedString(key);
        return "0".repeat(20 - digits.length()) + digits;
    }

    private static Object payload(int depth, String digits) {
        return depth == 0 ? new Leaf(digits) : new Branch(payload(depth - 1, digits), payload(depth - 1, digits));
    }

    private static boolean isIntact(Object payload, int depth, String digits) {
        if (payload instanceof Leaf) {
            return depth == 0 && ((Leaf) payload).isIntact(digits);
        }
        Branch branch = (Branch) payload;
        return depth > 0 && isIntact(branch.left, depth - 1, digits) && isIntact(branch.right, depth - 1, digits);
    }

    private TreeNode root;

    /** Makes the node under {@code key}, or a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down). */
    private void splayTo(long key) {
        if (root == null) {
            return;
        }
        TreeNode sides = new TreeNode(0, null);
        TreeNode lesser = sides;
        TreeNode greater = sides;
        TreeNode current = root;
        while (true) {
            int order = Long.compareUnsigned(key, current.key);
            if (order < 0) {
                if (current.left == null) {
                    break;
                }
                if (Long.compareUnsigned(key, current.left.key) < 0) {
                    TreeNode child = current.left;
                    current.left = child.right;
                    child.right = current;
                    current = child;
                    if (current.left == null) {
                        break;
                    }
                }
                greater.left = current;
                greater = current;
                current = current.left;
            } else if (order > 0) {
                if (current.right == null) {
                    break;
                }
                if (Long.compareUnsigned(key, current.right.key) > 0) {
                    TreeNode child = current.right;
                    current.right = child.left;
                    child.left = current;
                    current = child;
                    if (current.right == null) {
                        break;
                    }
                }
                lesser.right = current;
                lesser = current;
                current = current.right;
            } else {
                break;
            }
        }
        lesser.right = current.left;
        greater.left = current.right;
        current.left = sides.right;
        current.right = sides.left;
        root = current;
    }

    private boolean contains(long key) {
        splayTo(key);
        return root != null && root.key == key;
    }

    private void insert(long key, int depth) {
        TreeNode node = new TreeNode(key, payload(depth, digits(key)));
        splayTo(key);
        if (root != null) {
            if (Long.compareUnsigned(key, root.key) > 0) {
                node.left = root;
                node.right = root.right;
                root.right = null;
            } else {
                node.right = root;
                node.left = root.left;
                root.left = null;
            }
        }
        root = node;
    }

    private void removeBelow(long key) {
        long victim = greatestBelow(key);
        if (!contains(victim)) {
            return;
        }
        if (root.left == null) {
            root = root.right;
        } else {
            TreeNode right = root.right;
            root = root.left;
            splayTo(victim);
            root.right = right;
        }
    }

    /** The greatest key below {@code key}; {@code key} itself if there is none. */
    private long greatestBelow(long key) {
        splayTo(key);
        if (Long.compareUnsigned(root.key, key) < 0) {
            return root.key;
        }
        TreeNode node = root.left;
        if (node == null) {
            return key;
        }
        while (node.right != null) {
            node = node.right;
        }
        return node.key;
    }

    private long insertNew(BigHeap.Random random, int depth) {
        long key = random.number();
        while (contains(key)) {
            key = random.number();
        }
        insert(key, depth);
        return key;
    }

    private void splay() {
        int depth = get("payload_depth");
        BigHeap.Random random = new BigHeap.Random(parameters.get("seed"));
        root = null;
        for (int index = 0; index < get("size"); index++) {
            insertNew(random, depth);
        }
        for (long index = 0; index < (long) get("runs") * get("modifications"); index++) {
            removeBelow(insertNew(random, depth));
        }
        java.util.ArrayDeque<TreeNode> ancestors = new java.util.ArrayDeque<>();
        TreeNode subtree = root;
        while (subtree != null || !ancestors.isEmpty()) {
            for (; subtree != null; subtree = subtree.left) {
                ancestors.push(subtree);
            }
            TreeNode node = ancestors.pop();
            checksum.add(isIntact(node.payload, depth, digits(node.key)) ? node.key : ~node.key);
            subtree = node.right;
        }
    }

    // ---------------------------------------------------------------- lru_cache

    private static final class Entry {
        final long key;
        final byte[] value;
        Entry chain;
        Entry newer;
        Entry older;

        Entry(long key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        long number() {
            long number = 0;
            for (int index = 7; index >= 0; index--) {
                number = number << 8 | Byte.toUnsignedLong(value[index]);
            }
            return number;
        }

        void unlink() {
            newer.older = older;
            older.newer = newer;
        }
    }

    private static byte[] value(int length, long number) {
        byte[] value = new byte[length];
        for (int index = 0; index < 8; index++) {
            value[index] = (byte) (number >>> 8 * index);
        }
        return value;
    }

    private static int bucket(long key, int buckets) {
        long spread = key * 0x9E37_79B9_7F4A_7C15L >>> 32;
        return (int) (spread * buckets >>> 32);
    }

    private static void evict(Entry[] buckets, Entry ends) {
        Entry oldest = ends.newer;
        oldest.unlink();
        int bucket = bucket(oldest.key, buckets.length);
        if (buckets[bucket] == oldest) {
            buckets[bucket] = oldest.chain;
            return;
        }
        Entry before = buckets[bucket];
        while (before.chain != oldest) {
            before = before.chain;
        }
        before.chain = oldest.chain;
    }

    private void lruCache() {
        Entry[] buckets = new Entry[get("capacity")];
        Entry ends = new Entry(0, null);
        ends.newer = ends;
        ends.older = ends;
        BigHeap.Random random = new BigHeap.Random(parameters.get("seed"));
        int keys = get("keys");
        int valueBytes = get("value");
        int entries = 0;
        for (long number = 0; number < parameters.get("lookups"); number++) {
            long key = random.below(1 + random.below(1 + random.below(keys)));
            Entry entry = buckets[bucket(key, buckets.length)];
            while (entry != null && entry.key != key) {
                entry = entry.chain;
            }
            if (entry != null) {
                entry.unlink();
            } else {
                if (entries == buckets.length) {
                    evict(buckets, ends);
                } else {
                    entries++;
                }
                entry = new Entry(key, value(valueBytes, number));
                entry.chain = buckets[bucket(key, buckets.length)];
                buckets[bucket(key, buckets.length)] = entry;
            }
            entry.newer = ends;
            entry.older = ends.older;
            ends.older.newer = entry;
            ends.older = entry;
            checksum.add(entry.number());
        }
        for (Entry entry = ends.older; entry != ends; entry = entry.older) {
            checksum.add(entry.key);
            checksum.add(entry.number());
        }
    }

    // ---------------------------------------------------------------- what is printed

    private static void printLatencies(long[] nanos) {
        Arrays.sort(nanos);
        String[] names = {"p50", "p99", "p999", "worst"};
        double[] shares = {0.5, 0.99, 0.999, 1};
        for (int index = 0; nanos.length > 0 && index < names.length; index++) {
            int rank = Math.max((int) Math.ceil(shares[index] * nanos.length), 1);
            System.out.println("latency_" + names[index] + "_ns " + nanos[rank - 1]);
        }
    }

    public static void main(String[] arguments) {
        Map<String, Long> parameters = new HashMap<>(Map.of("warmups", 0L));
        for (String argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            String[] parts = argument.split("=", 2);
            parameters.put(parts[0], Long.parseLong(parts[1]));
        }
        for (long warmup = 0; warmup < parameters.get("warmups"); warmup++) {
            new Peer(parameters).run(arguments[0]);
        }
        Peer peer = new Peer(parameters);
        long start = System.nanoTime();
        peer.run(arguments[0]);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println("checksum 0x" + String.format("%016x", peer.checksum.value));
        System.out.println("seconds " + String.format(Locale.ROOT, "%.9f", seconds));
        printLatencies(peer.nanos);
    }
}
