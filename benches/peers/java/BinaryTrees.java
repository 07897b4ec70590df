import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * Binary trees, as in the Computer Language Benchmarks Game: the peer of Tenure's workload of that name.
 *
 * <p>Usage: {@code java -XX:+UseSerialGC BinaryTrees DEPTH [resident]}. Runs the program once and prints a line with
 * the nanoseconds that it took and the nodes that it counted. With {@code resident} it runs once for each line of
 * standard input instead, so that later runs find compiled code and a grown heap.
 */
public final class BinaryTrees {
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
        if (depth == 0) {
            return new Node(null, null);
        }
        return new Node(tree(depth - 1), tree(depth - 1));
    }

    /** Runs the program: the time and the counts, separated by spaces. */
    private static String run(int depth) {
        StringBuilder counts = new StringBuilder();
        long start = System.nanoTime();
        counts.append(' ').append(tree(depth + 1).count());
        Node kept = tree(depth);
        for (int d = MIN_DEPTH; d <= depth; d += 2) {
            counts.append(' ').append(batch(d, 1L << (depth - d + MIN_DEPTH)));
        }
        counts.append(' ').append(kept.count());
        return (System.nanoTime() - start) + counts.toString();
    }

    private static long batch(int depth, long trees) {
        long nodes = 0;
        for (long i = 0; i < trees; i++) {
            nodes += tree(depth).count();
        }
        return nodes;
    }

    public static void main(String[] arguments) throws IOException {
        int depth = Integer.parseInt(arguments[0]);
        if (arguments.length == 1) {
            System.out.println(run(depth));
            return;
        }
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
        while (requests.readLine() != null) {
            System.out.println(run(depth));
        }
    }
}
