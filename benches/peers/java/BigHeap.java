import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A large live heap under change: the peer of Tenure's workload {@code big_heap}, with its parameters and defaults.
 *
 * <p>Fills the heap with doubly linked lists of small records, which a table in pieces refers to; then changes them,
 * timing each operation; then reads every record. An operation makes {@code fresh} lists, of which some replace the
 * end of a random list from a random depth on while the others are dropped, and lets two random lists exchange their
 * ends.
 *
 * <pre>
 * java -XX:+UseSerialGC -Xmx4g benches/peers/java/BigHeap.java [live=KIB] [length=RECORDS] [order=0|1]
 *     [operations=COUNT] [fresh=LISTS] [survivors=PERCENT] [seed=NUMBER]
 * java -XX:+UseG1GC -Xmx4g benches/peers/java/BigHeap.java
 * </pre>
 *
 * <p>Prints lines of a name and a value. {@code total_seconds} is building, operations and the walk; {@code live_mib}
 * is what is in use after a full collection behind the last measured one; {@code heap_mib} is what the heap had from
 * the system before that. {@code gc_...} are the collections that ended during the operations, as the collectors' beans
 * count them. Their time is in whole milliseconds. For G1 before JDK 20 no bean counts the pauses of the concurrent
 * cycle (remark and cleanup); {@code -Xlog:gc} shows them.
 *
 * <p>What is the same as in Tenure: the random numbers, and so every choice and the checksum.
 *
 * <p>What differs:
 *
 * <ul>
 *   <li>{@code live} decides the number of records by Tenure's sizes (32, 48 and 64 bytes). Here, with compressed
 *       references, a record has 40, 56 or 72 bytes: the same references and words behind a larger header.
 *   <li>The raw bytes of a record are fields, written by a constructor; Tenure writes them through a slice.
 *   <li>The code is compiled while it runs: building warms up what makes records, but the first operations also show
 *       the compiler, as slow ones of some milliseconds at most.
 *   <li>{@code live_mib} includes some 5 MiB of the virtual machine's and of the compiler that the launcher leaves.
 *   <li>The heap grows up to {@code -Xmx}; the collectors may use threads of their own.
 * </ul>
 */
public final class BigHeap {
    /** Mean size of a record in Tenure, and of a slot that refers to one. */
    private static final long MEAN_BYTES = 48;

    private static final long SLOT_BYTES = 4;

    /** Lists that one piece of the table refers to. */
    private static final int PIECE = 4_096;

    /** A record of two words. Its number decides which class it has, and what all its words are. */
    private static class Record {
        Record next;
        Record previous;
        final long word0;
        final long word1;

        Record(int number, Record next) {
            this.next = next;
            word0 = word(number, 0);
            word1 = word(number, 1);
        }

        final int number() {
            return (int) word0;
        }

        int kind() {
            return 0;
        }

        boolean hasItsWords() {
            int number = number();
            return word0 == word(number, 0) && word1 == word(number, 1);
        }

        final boolean isIntact() {
            return kind() == kindOf(number()) && hasItsWords();
        }
    }

    /** A record of four words. */
    private static class Middling extends Record {
        final long word2;
        final long word3;

        Middling(int number, Record next) {
            super(number, next);
            word2 = word(number, 2);
            word3 = word(number, 3);
        }

        @Override
        int kind() {
            return 1;
        }

        @Override
        boolean hasItsWords() {
            int number = number();
            return super.hasItsWords() && word2 == word(number, 2) && word3 == word(number, 3);
        }
    }

    /** A record of six words. */
    private static final class Lengthy extends Middling {
        final long word4;
        final long word5;

        Lengthy(int number, Record next) {
            super(number, next);
            word4 = word(number, 4);
            word5 = word(number, 5);
        }

        @Override
        int kind() {
            return 2;
        }

        @Override
        boolean hasItsWords() {
            int number = number();
            return super.hasItsWords() && word4 == word(number, 4) && word5 == word(number, 5);
        }
    }

    private static int kindOf(int number) {
        return Integer.remainderUnsigned(number, 3);
    }

    private static long word(int number, int index) {
        return Integer.toUnsignedLong(number) | (long) (index * (number ^ 0x9E37_79B9)) << 32;
    }

    /** A new record in front of {@code next}. */
    private static Record prepend(int number, Record next) {
        Record record;
        switch (kindOf(number)) {
            case 0:
                record = new Record(number, next);
                break;
            case 1:
                record = new Middling(number, next);
                break;
            default:
                record = new Lengthy(number, next);
        }
        if (next != null) {
            next.previous = record;
        }
        return record;
    }

    /** Random numbers: xoshiro256++, seeded by SplitMix64. */
    static final class Random {
        private long s0;
        private long s1;
        private long s2;
        private long s3;

        Random(long seed) {
            s0 = mixed(seed + GAMMA);
            s1 = mixed(seed + 2 * GAMMA);
            s2 = mixed(seed + 3 * GAMMA);
            s3 = mixed(seed + 4 * GAMMA);
        }

        private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

        private static long mixed(long state) {
            long mixed = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
            return mixed ^ mixed >>> 31;
        }

        long number() {
            long result = Long.rotateLeft(s0 + s3, 23) + s0;
            long shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = Long.rotateLeft(s3, 45);
            return result;
        }

        /** A number less than {@code bound}: the high half of the unsigned product. */
        int below(int bound) {
            long number = number();
            return (int) (Math.multiplyHigh(number, bound) + (number >> 63 & bound));
        }

        boolean chance(int percent) {
            return below(100) < percent;
        }
    }

    /** All numbers below a bound, each once, in an order that a seed decides, without a table of them. */
    private static final class Shuffle {
        private final int bound;
        private final int bits;
        private final long seed;
        private long word;

        Shuffle(int bound, long seed) {
            this.bound = bound;
            this.bits = Math.max(Integer.SIZE - Integer.numberOfLeadingZeros(bound - 1), 2);
            this.seed = seed;
        }

        /** The next number; -1 behind the last. */
        int next() {
            while (word < 1L << bits) {
                long number = mixed(word++);
                if (number < bound) {
                    return (int) number;
                }
            }
            return -1;
        }

        private long mixed(long word) {
            long mixed = step(word, 0x9E37_79B9_7F4A_7C15L);
            mixed = step(mixed, 0xBF58_476D_1CE4_E5B9L);
            return step(mixed, 0x94D0_49BB_1331_11EBL);
        }

        private long step(long word, long factor) {
            long mixed = (word + seed) * factor & (1L << bits) - 1;
            return mixed ^ mixed >>> bits / 2;
        }
    }

    private final int lists;
    private final int length;
    private final boolean isShuffled;
    private final int operations;
    private final int fresh;
    private final int survivors;
    private final long seed;
    private final Record[][] pieces;
    private final Random random;
    private long checksum;

    private BigHeap(Map<String, Long> parameters) {
        length = parameters.get("length").intValue();
        lists = (int) Math.max(parameters.get("live") * 1_024 / (length * MEAN_BYTES + SLOT_BYTES), 1);
        isShuffled = parameters.get("order") != 0;
        operations = parameters.get("operations").intValue();
        fresh = parameters.get("fresh").intValue();
        survivors = parameters.get("survivors").intValue();
        seed = parameters.get("seed");
        random = new Random(seed);
        pieces = new Record[(lists + PIECE - 1) / PIECE][];
    }

    private void build() {
        for (int index = 0; index < pieces.length; index++) {
            pieces[index] = new Record[Math.min(lists - index * PIECE, PIECE)];
        }
        if (isShuffled) {
            for (int depth = length - 1; depth >= 0; depth--) {
                lengthenAll(depth);
            }
        } else {
            for (int list = 0; list < lists; list++) {
                replace(list, 0, list * length);
            }
        }
    }

    /** Puts one more record in front of every list, in random order. */
    private void lengthenAll(int depth) {
        Shuffle order = new Shuffle(lists, seed + depth);
        for (int list = order.next(); list >= 0; list = order.next()) {
            Record[] piece = pieces[list / PIECE];
            piece[list % PIECE] = prepend(list * length + depth, piece[list % PIECE]);
        }
    }

    private void operate(int operation) {
        for (int index = 0; index < fresh; index++) {
            int base = (lists + operation * fresh + index) * length;
            if (random.chance(survivors)) {
                int list = random.below(lists);
                replace(list, random.below(length), base);
            } else {
                fresh(0, base);
            }
        }
        int depth = random.below(length);
        int left = random.below(lists);
        exchange(left, random.below(lists), depth);
    }

    /** Puts new records in the place of those of a list from {@code depth} on. */
    private void replace(int list, int depth, int base) {
        Record end = fresh(depth, base);
        attach(list, before(list, depth), end);
    }

    /** Exchanges the ends of two lists. */
    private void exchange(int left, int right, int depth) {
        Record leftBefore = before(left, depth);
        Record rightBefore = before(right, depth);
        Record leftEnd = behind(left, leftBefore);
        Record rightEnd = behind(right, rightBefore);
        attach(left, leftBefore, rightEnd);
        attach(right, rightBefore, leftEnd);
    }

    /** New records from {@code depth} to the end of a list; that of depth d has the number {@code base} + d. */
    private Record fresh(int depth, int base) {
        Record first = null;
        for (int at = length - 1; at >= depth; at--) {
            first = prepend(base + at, first);
        }
        return first;
    }

    /** The record of a list before the one at {@code depth}; null if that is the first. */
    private Record before(int list, int depth) {
        if (depth == 0) {
            return null;
        }
        Record record = pieces[list / PIECE][list % PIECE];
        for (int at = 1; at < depth; at++) {
            record = record.next;
        }
        return record;
    }

    private Record behind(int list, Record previous) {
        return previous == null ? pieces[list / PIECE][list % PIECE] : previous.next;
    }

    private void attach(int list, Record previous, Record end) {
        if (previous == null) {
            pieces[list / PIECE][list % PIECE] = end;
        } else {
            previous.next = end;
        }
        if (end != null) {
            end.previous = previous;
        }
    }

    /** Reads every record: whether all are as they should be, and as many. */
    private boolean check() {
        boolean isRight = true;
        long records = 0;
        for (Record[] piece : pieces) {
            for (Record first : piece) {
                int found = 0;
                Record previous = null;
                // One record too many tells that a list is too long, even if it has no end.
                for (Record record = first; record != null && found <= length; record = record.next) {
                    isRight &= record.isIntact() && record.previous == previous;
                    addToChecksum(Integer.toUnsignedLong(record.number()));
                    previous = record;
                    found++;
                }
                isRight &= found == length;
                records += found;
            }
        }
        return isRight && records == (long) lists * length;
    }

    private void addToChecksum(long value) {
        long mixed = ((checksum ^ value) + 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L;
        checksum = Long.rotateLeft(mixed, 31);
    }

    /** Makes all operations, and notes how long each takes. */
    private void operateAll(long[] nanos) {
        for (int operation = 0; operation < operations; operation++) {
            long from = System.nanoTime();
            operate(operation);
            nanos[operation] = System.nanoTime() - from;
        }
    }

    /** Runs the program for {@link Peer}: the checksum of the walk, another one if it found anything wrong. */
    static long run(Map<String, Long> parameters, long[] nanos) {
        BigHeap heap = new BigHeap(parameters);
        heap.build();
        heap.operateAll(nanos);
        return heap.check() ? heap.checksum : ~heap.checksum;
    }

    /** Runs the program and prints what it measured: whether the walk found all right. */
    private boolean run() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        long[] nanos = new long[operations];
        long start = System.nanoTime();
        build();
        long built = System.nanoTime();
        long[] before = collected(collectors);
        long operating = System.nanoTime();
        operateAll(nanos);
        long operated = System.nanoTime();
        long[] after = collected(collectors);
        long walking = System.nanoTime();
        boolean isRight = check();
        long walked = System.nanoTime();
        long heap = heap().getCommitted();
        System.gc();
        long live = heap().getUsed();
        Reference.reachabilityFence(pieces);

        Arrays.sort(nanos);
        print("lists", lists);
        print("records", (long) lists * length);
        print("build_seconds", (built - start) / 1e9);
        print("operations", operations);
        print("operations_seconds", (operated - operating) / 1e9);
        print("p50_us", quantile(nanos, 0.5) / 1e3);
        print("p99_us", quantile(nanos, 0.99) / 1e3);
        print("p999_us", quantile(nanos, 0.999) / 1e3);
        print("worst_ms", nanos[operations - 1] / 1e6);
        print("walk_seconds", (walked - walking) / 1e9);
        print("total_seconds", (built - start + operated - operating + walked - walking) / 1e9);
        print("live_mib", live / 1_048_576.0);
        print("heap_mib", heap / 1_048_576.0);
        for (int index = 0; index < collectors.size(); index++) {
            String name = "gc_" + collectors.get(index).getName().replace(' ', '_');
            print(name + "_count", after[2 * index] - before[2 * index]);
            print(name + "_total_ms", after[2 * index + 1] - before[2 * index + 1]);
        }
        System.out.println("checksum " + String.format("%016x", checksum));
        System.out.println("checked " + isRight);
        return isRight;
    }

    /** For each collector, how many collections there were and the milliseconds that they took. */
    private static long[] collected(List<GarbageCollectorMXBean> collectors) {
        long[] collected = new long[2 * collectors.size()];
        for (int index = 0; index < collectors.size(); index++) {
            collected[2 * index] = collectors.get(index).getCollectionCount();
            collected[2 * index + 1] = collectors.get(index).getCollectionTime();
        }
        return collected;
    }

    private static MemoryUsage heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    }

    /** The least of the sorted values that the share {@code quantile} of all stays within. */
    private static long quantile(long[] sorted, double quantile) {
        return sorted[Math.max((int) Math.ceil(quantile * sorted.length) - 1, 0)];
    }

    private static void print(String name, long value) {
        System.out.println(name + " " + value);
    }

    private static void print(String name, double value) {
        System.out.println(String.format(Locale.ROOT, "%s %.3f", name, value));
    }

    public static void main(String[] arguments) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        parameters.put("live", 1_572_864L);
        parameters.put("length", 8L);
        parameters.put("order", 0L);
        parameters.put("operations", 600_000L);
        parameters.put("fresh", 8L);
        parameters.put("survivors", 50L);
        parameters.put("seed", 1L);
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2 || !parameters.containsKey(parts[0])) {
                throw new IllegalArgumentException(argument + ": not one of " + parameters.keySet() + " with =NUMBER");
            }
            parameters.put(parts[0], Long.parseLong(parts[1].replace("_", "")));
        }
        boolean isRight = new BigHeap(parameters).run();
        System.exit(isRight ? 0 : 1);
    }
}
