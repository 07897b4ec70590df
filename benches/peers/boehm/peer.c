/* Tenure's workloads on the Boehm-Demers-Weiser collector: `peer WORKLOAD [NAME=VALUE]...`. All parameters of the workload must be
   given. What is printed is told in ../README.md. */

#include <gc.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define MIN_DEPTH 4

static void fail(const char *what, const char *name) {
    fprintf(stderr, "%s %s\n", what, name);
    exit(2);
}

static void *checked(void *object) {
    if (object == NULL) fail("the heap is full:", "GC_MAXIMUM_HEAP_SIZE");
    return object;
}

/* Memory that may hold references, and memory that holds none: zeroed and not. */
#define NEW(type) ((type *)checked(GC_MALLOC(sizeof(type))))
#define NEW_ARRAY(type, length) ((type *)checked(GC_MALLOC(sizeof(type) * ((length) > 0 ? (length) : 1))))
#define NEW_BYTES(length) checked(GC_MALLOC_ATOMIC(length))

/* ---------------------------------------------------------------- parameters, checksums, random numbers */

static char **words;
static int word_count;

static uint64_t get(const char *name) {
    size_t length = strlen(name);
    for (int index = 0; index < word_count; index++)
        if (strncmp(words[index], name, length) == 0 && words[index][length] == '=')
            return strtoull(words[index] + length + 1, NULL, 10);
    fail("a parameter is missing:", name);
    return 0;
}

static uint64_t rotated(uint64_t value, int by) { return value << by | value >> (64 - by); }

static uint64_t checksum;

static void add(uint64_t value) {
    checksum = rotated(((checksum ^ value) + GOLDEN) * UINT64_C(0xBF58476D1CE4E5B9), 31);
}

static uint64_t state[4];

static void seed_random(uint64_t seed) {
    for (int index = 0; index < 4; index++) {
        seed += GOLDEN;
        uint64_t mixed = (seed ^ seed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
        state[index] = mixed ^ mixed >> 31;
    }
}

static uint64_t random_number(void) {
    uint64_t result = rotated(state[0] + state[3], 23) + state[0], shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 45);
    return result;
}

/* A number less than bound: the high half of the product. */
static uint32_t below(uint32_t bound) { return (uint32_t)((unsigned __int128)random_number() * bound >> 64); }

/* ---------------------------------------------------------------- latencies */

static uint64_t *nanos;
static size_t operations;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void expect_operations(size_t count) { nanos = malloc(sizeof *nanos * (count > 0 ? count : 1)); }

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void print_latencies(void) {
    static const struct { const char *name; size_t share; } shares[] = {{"p50", 500}, {"p99", 990}, {"p999", 999}, {"worst", 1000}};
    if (operations == 0) return;
    qsort(nanos, operations, sizeof *nanos, by_size);
    for (int index = 0; index < 4; index++)
        printf("latency_%s_ns %" PRIu64 "\n", shares[index].name, nanos[(operations * shares[index].share + 999) / 1000 - 1]);
}

/* ---------------------------------------------------------------- binary_trees */

typedef struct Node { struct Node *left, *right; } Node;

static Node *tree(uint64_t depth) {
    Node *left = depth > 0 ? tree(depth - 1) : NULL, *right = depth > 0 ? tree(depth - 1) : NULL;
    Node *node = NEW(Node);
    node->left = left;
    node->right = right;
    return node;
}

static uint64_t count(const Node *node) { return node->left == NULL ? 1 : 1 + count(node->left) + count(node->right); }

static void binary_trees(void) {
    uint64_t depth = get("depth");
    add(count(tree(depth + 1)));
    Node *kept = tree(depth);
    for (uint64_t d = MIN_DEPTH; d <= depth; d += 2) {
        uint64_t nodes = 0;
        for (uint64_t trees = UINT64_C(1) << (depth - d + MIN_DEPTH); trees > 0; trees--) nodes += count(tree(d));
        add(nodes);
    }
    add(count(kept));
}

/* ---------------------------------------------------------------- gcbench */

typedef struct BenchNode { struct BenchNode *left, *right; uint32_t height; } BenchNode;

static BenchNode *bench_node(uint32_t height, BenchNode *left, BenchNode *right) {
    BenchNode *node = NEW(BenchNode);
    node->left = left;
    node->right = right;
    node->height = height;
    return node;
}

static void populate(BenchNode *parent) {
    if (parent->height == 0) return;
    parent->left = bench_node(parent->height - 1, NULL, NULL);
    parent->right = bench_node(parent->height - 1, NULL, NULL);
    populate(parent->left);
    populate(parent->right);
}

static BenchNode *top_down(uint32_t depth) {
    BenchNode *root = bench_node(depth, NULL, NULL);
    populate(root);
    return root;
}

static BenchNode *bottom_up(uint32_t depth) {
    if (depth == 0) return bench_node(0, NULL, NULL);
    BenchNode *left = bottom_up(depth - 1), *right = bottom_up(depth - 1);
    return bench_node(depth, left, right);
}

static uint64_t count_intact(const BenchNode *node, uint32_t height) {
    uint64_t self = node->height == height;
    if (node->left == NULL || height == 0) return self;
    return self + count_intact(node->left, height - 1) + count_intact(node->right, height - 1);
}

static uint64_t nodes_of_depth(uint64_t depth) { return (UINT64_C(2) << depth) - 1; }

static void gcbench(void) {
    uint32_t stretch = (uint32_t)get("stretch_depth"), kept_depth = (uint32_t)get("long_lived_depth");
    add(count_intact(bottom_up(stretch), stretch));
    BenchNode *kept = top_down(kept_depth);
    uint64_t length = get("array_length");
    double *array = NEW_BYTES(sizeof *array * (length + 1));
    for (uint64_t index = 0; index < length; index++) array[index] = 1.0 / ((double)index + 1.0);
    for (uint32_t depth = MIN_DEPTH; depth <= get("max_depth"); depth += 2) {
        uint64_t rounds = 2 * nodes_of_depth(stretch) / nodes_of_depth(depth), nodes = 0;
        for (uint64_t round = 0; round < rounds; round++) nodes += count_intact(top_down(depth), depth);
        for (uint64_t round = 0; round < rounds; round++) nodes += count_intact(bottom_up(depth), depth);
        add(nodes);
    }
    add(count_intact(kept, kept_depth));
    for (uint64_t index = 0; index < length; index++) {
        uint64_t bits;
        memcpy(&bits, &array[index], sizeof bits);
        add(bits);
    }
}

/* ---------------------------------------------------------------- ring */

static void ring(void) {
    uint64_t length = get("window"), bytes = get("message"), pushes = get("pushes");
    uint8_t **window = NEW_ARRAY(uint8_t *, length);
    expect_operations(pushes);
    for (uint64_t number = 0; number < pushes; number++) {
        uint64_t start = now();
        window[number % length] = memset(NEW_BYTES(bytes), (int)(number & 255), bytes);
        nanos[operations++] = now() - start;
    }
    for (uint64_t index = 0; index < length; index++) {
        uint64_t sum = 0;
        for (uint64_t at = 0; window[index] != NULL && at < bytes; at++) sum += window[index][at];
        add(sum);
    }
}

/* ---------------------------------------------------------------- window */

typedef struct { uint64_t number, more[4]; } Literal;

static void window(void) {
    uint64_t length = get("window"), objects = get("objects"), index = 0;
    Literal **kept = NEW_ARRAY(Literal *, length);
    for (uint64_t number = 0; number < objects; number++) {
        Literal *made = NEW(Literal);
        made->number = number;
        if (index < length) kept[index] = made;
        index = index + 1 < length ? index + 1 : 0;
    }
    for (index = 0; index < length; index++)
        if (kept[index] != NULL) add(kept[index]->number);
}

/* ---------------------------------------------------------------- splay */

#define TEXT_BYTES 48

/* A branch, or a leaf with an array of numbers and a string. */
typedef struct Payload { struct Payload *left, *right; } Payload;
typedef struct { uint64_t *numbers; char *text; } Leaf;
typedef struct TreeNode { uint64_t key; struct TreeNode *left, *right; void *payload; } TreeNode;

static void write_text(char *text, uint64_t key) {
    char buffer[TEXT_BYTES + 1];
    snprintf(buffer, sizeof buffer, "String for key %020" PRIu64 " in leaf node", key);
    memcpy(text, buffer, TEXT_BYTES);
}

static void *payload(uint64_t depth, const char *text) {
    if (depth == 0) {
        Leaf *leaf = NEW(Leaf);
        leaf->numbers = NEW_BYTES(10 * sizeof *leaf->numbers);
        for (uint64_t index = 0; index < 10; index++) leaf->numbers[index] = index;
        leaf->text = memcpy(NEW_BYTES(TEXT_BYTES), text, TEXT_BYTES);
        return leaf;
    }
    Payload *branch = NEW(Payload);
    branch->left = payload(depth - 1, text);
    branch->right = payload(depth - 1, text);
    return branch;
}

static bool is_intact(const void *found, uint64_t depth, const char *text) {
    if (depth > 0) {
        const Payload *branch = found;
        return is_intact(branch->left, depth - 1, text) && is_intact(branch->right, depth - 1, text);
    }
    const Leaf *leaf = found;
    for (uint64_t index = 0; index < 10; index++)
        if (leaf->numbers[index] != index) return false;
    return memcmp(leaf->text, text, TEXT_BYTES) == 0;
}

static TreeNode *root;

/* Makes the node under key, or a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down). */
static void splay_to(uint64_t key) {
    if (root == NULL) return;
    TreeNode sides = {0}, *lesser = &sides, *greater = &sides, *current = root;
    while (key != current->key) {
        if (key < current->key) {
            TreeNode *child = current->left;
            if (child == NULL) break;
            if (key < child->key) {
                current->left = child->right;
                child->right = current;
                current = child;
                if (current->left == NULL) break;
            }
            greater->left = current;
            greater = current;
            current = current->left;
        } else {
            TreeNode *child = current->right;
            if (child == NULL) break;
            if (key > child->key) {
                current->right = child->left;
                child->left = current;
                current = child;
                if (current->right == NULL) break;
            }
            lesser->right = current;
            lesser = current;
            current = current->right;
        }
    }
    lesser->right = current->left;
    greater->left = current->right;
    current->left = sides.right;
    current->right = sides.left;
    root = current;
}

static bool contains(uint64_t key) {
    splay_to(key);
    return root != NULL && root->key == key;
}

static void insert(uint64_t key, uint64_t depth) {
    char text[TEXT_BYTES];
    write_text(text, key);
    TreeNode *node = NEW(TreeNode);
    node->key = key;
    node->payload = payload(depth, text);
    splay_to(key);
    if (root != NULL && key > root->key) {
        node->left = root;
        node->right = root->right;
        root->right = NULL;
    } else if (root != NULL) {
        node->right = root;
        node->left = root->left;
        root->left = NULL;
    }
    root = node;
}

/* Removes the node with the greatest key below this one, or the one under it if there is none. */
static void remove_below(uint64_t key) {
    splay_to(key);
    TreeNode *victim = root;
    if (victim->key >= key && victim->left != NULL)
        for (victim = victim->left; victim->right != NULL;) victim = victim->right;
    uint64_t removed = victim->key;
    splay_to(removed);
    TreeNode *left = root->left, *right = root->right;
    if (left == NULL) {
        root = right;
        return;
    }
    root = left;
    splay_to(removed);
    root->right = right;
}

static uint64_t insert_new(uint64_t depth) {
    uint64_t key = random_number();
    while (contains(key)) key = random_number();
    insert(key, depth);
    return key;
}

static void add_keys(uint64_t depth, uint64_t size) {
    TreeNode **ancestors = NEW_ARRAY(TreeNode *, size + 1);
    uint64_t height = 0;
    for (TreeNode *subtree = root; subtree != NULL || height > 0;) {
        for (; subtree != NULL; subtree = subtree->left) ancestors[height++] = subtree;
        TreeNode *node = ancestors[--height];
        char text[TEXT_BYTES];
        write_text(text, node->key);
        add(is_intact(node->payload, depth, text) ? node->key : ~node->key);
        subtree = node->right;
    }
}

static void splay(void) {
    uint64_t depth = get("payload_depth"), size = get("size");
    seed_random(get("seed"));
    for (uint64_t index = 0; index < size; index++) insert_new(depth);
    for (uint64_t index = get("runs") * get("modifications"); index > 0; index--) remove_below(insert_new(depth));
    add_keys(depth, size);
}

/* ---------------------------------------------------------------- lru_cache */

typedef struct Entry { uint64_t key; struct Entry *chain, *newer, *older; uint8_t *value; } Entry;

static void unlink_entry(Entry *entry) {
    entry->newer->older = entry->older;
    entry->older->newer = entry->newer;
}

static uint64_t number_of(const Entry *entry) {
    uint64_t number;
    memcpy(&number, entry->value, sizeof number);
    return number;
}

static uint64_t bucket(uint64_t key, uint64_t buckets) { return (key * GOLDEN >> 32) * buckets >> 32; }

static void evict(Entry **buckets, uint64_t capacity, Entry *ends) {
    Entry *oldest = ends->newer, **link = &buckets[bucket(oldest->key, capacity)];
    unlink_entry(oldest);
    while (*link != oldest) link = &(*link)->chain;
    *link = oldest->chain;
}

static Entry *new_entry(uint64_t key, uint64_t number, uint64_t bytes) {
    Entry *entry = NEW(Entry);
    entry->key = key;
    entry->value = memset(NEW_BYTES(bytes), 0, bytes);
    memcpy(entry->value, &number, sizeof number);
    return entry;
}

static void lru_cache(void) {
    uint64_t capacity = get("capacity"), lookups = get("lookups"), bytes = get("value"), entries = 0;
    uint32_t keys = (uint32_t)get("keys");
    Entry **buckets = NEW_ARRAY(Entry *, capacity), *ends = NEW(Entry);
    ends->newer = ends->older = ends;
    seed_random(get("seed"));
    for (uint64_t number = 0; number < lookups; number++) {
        uint64_t key = below(1 + below(1 + below(keys))), at = bucket(key, capacity);
        Entry *entry = buckets[at];
        while (entry != NULL && entry->key != key) entry = entry->chain;
        if (entry != NULL) {
            unlink_entry(entry);
        } else {
            if (entries == capacity) evict(buckets, capacity, ends);
            else entries++;
            entry = new_entry(key, number, bytes);
            entry->chain = buckets[at];
            buckets[at] = entry;
        }
        entry->newer = ends;
        entry->older = ends->older;
        ends->older->newer = entry;
        ends->older = entry;
        add(number_of(entry));
    }
    for (Entry *entry = ends->older; entry != ends; entry = entry->older) {
        add(entry->key);
        add(number_of(entry));
    }
}

/* ---------------------------------------------------------------- big_heap */

/* Mean size of a record in Tenure, and of a slot that refers to one. */
#define MEAN_BYTES 48
#define SLOT_BYTES 4

/* A record of two, four or six words: its number decides. */
typedef struct Record { struct Record *next, *previous; uint64_t words[]; } Record;

static uint32_t length, fresh, survivors, lists;
static Record **first;

static uint32_t words_of(uint32_t number) { return 2 * (1 + number % 3); }

static uint64_t word(uint32_t number, uint32_t index) {
    return number | (uint64_t)(index * (number ^ UINT32_C(0x9E3779B9))) << 32;
}

static Record *prepend(uint32_t number, Record *next) {
    uint32_t count = words_of(number);
    Record *record = checked(GC_MALLOC(sizeof *record + count * sizeof(uint64_t)));
    record->next = next;
    for (uint32_t index = 0; index < count; index++) record->words[index] = word(number, index);
    if (next != NULL) next->previous = record;
    return record;
}

/* New records from depth to the end of a list. */
static Record *records(uint32_t depth, uint32_t base) {
    Record *made = NULL;
    for (uint32_t at = length; at > depth; at--) made = prepend(base + at - 1, made);
    return made;
}

/* The record before the one at depth; NULL if that is the first. */
static Record *before(uint32_t list, uint32_t depth) {
    if (depth == 0) return NULL;
    Record *record = first[list];
    for (uint32_t at = 1; at < depth; at++) record = record->next;
    return record;
}

static Record *behind(uint32_t list, Record *previous) { return previous == NULL ? first[list] : previous->next; }

static void attach(uint32_t list, Record *previous, Record *end) {
    if (previous == NULL) first[list] = end;
    else previous->next = end;
    if (end != NULL) end->previous = previous;
}

static void replace(uint32_t list, uint32_t depth, uint32_t base) {
    Record *end = records(depth, base);
    attach(list, before(list, depth), end);
}

static void exchange(uint32_t left, uint32_t right, uint32_t depth) {
    Record *left_before = before(left, depth), *right_before = before(right, depth);
    Record *left_end = behind(left, left_before), *right_end = behind(right, right_before);
    attach(left, left_before, right_end);
    attach(right, right_before, left_end);
}

static void operate(uint32_t operation) {
    for (uint32_t index = 0; index < fresh; index++) {
        uint32_t base = (lists + operation * fresh + index) * length;
        if (below(100) < survivors) {
            uint32_t list = below(lists);
            replace(list, below(length), base);
        } else {
            records(0, base);
        }
    }
    uint32_t depth = below(length), left = below(lists);
    exchange(left, below(lists), depth);
}

static bool is_whole(const Record *record, const Record *previous) {
    uint32_t number = (uint32_t)record->words[0];
    for (uint32_t index = 0; index < words_of(number); index++)
        if (record->words[index] != word(number, index)) return false;
    return record->previous == previous;
}

static void add_numbers(const Record *record) {
    const Record *previous = NULL;
    if (record == NULL) add(UINT64_MAX);
    /* One record too many tells that a list is too long, even if it has no end. */
    for (uint32_t found = 0; record != NULL && found <= length; found++) {
        add(is_whole(record, previous) ? (uint32_t)record->words[0] : UINT64_MAX);
        previous = record;
        record = record->next;
    }
}

/* Puts one more record in front of every list, in random order. */
static void lengthen_all(uint32_t depth, uint64_t seed) {
    static const uint64_t factors[] = {GOLDEN, UINT64_C(0xBF58476D1CE4E5B9), UINT64_C(0x94D049BB133111EB)};
    int bits = 2;
    while (bits < 32 && (lists - 1) >> bits > 0) bits++;
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (uint64_t at = 0; at <= mask; at++) {
        uint64_t mixed = at;
        for (int index = 0; index < 3; index++) {
            mixed = (mixed + seed) * factors[index] & mask;
            mixed ^= mixed >> (bits / 2);
        }
        if (mixed < lists) first[mixed] = prepend((uint32_t)mixed * length + depth, first[mixed]);
    }
}

static void big_heap(void) {
    length = (uint32_t)get("length");
    fresh = (uint32_t)get("fresh");
    survivors = (uint32_t)get("survivors");
    lists = (uint32_t)(get("live") * 1024 / (length * MEAN_BYTES + SLOT_BYTES));
    if (lists == 0) lists = 1;
    first = NEW_ARRAY(Record *, lists);
    if (get("order") == 0)
        for (uint32_t list = 0; list < lists; list++) replace(list, 0, list * length);
    else
        for (uint32_t depth = length; depth > 0; depth--) lengthen_all(depth - 1, get("seed") + depth - 1);
    uint32_t all = (uint32_t)get("operations");
    expect_operations(all);
    seed_random(get("seed"));
    for (uint32_t operation = 0; operation < all; operation++) {
        uint64_t start = now();
        operate(operation);
        nanos[operations++] = now() - start;
    }
    for (uint32_t list = 0; list < lists; list++) add_numbers(first[list]);
}

/* ---------------------------------------------------------------- all of them */

static const struct { const char *name; void (*run)(void); } workloads[] = {
    {"binary_trees", binary_trees}, {"gcbench", gcbench}, {"ring", ring}, {"window", window},
    {"splay", splay}, {"lru_cache", lru_cache}, {"big_heap", big_heap},
};

int main(int argc, char **argv) {
    if (argc < 2) fail("usage:", "peer WORKLOAD [NAME=VALUE]...");
    words = argv + 2;
    word_count = argc - 2;
    GC_INIT();
    for (size_t index = 0; index < sizeof workloads / sizeof *workloads; index++) {
        if (strcmp(workloads[index].name, argv[1]) != 0) continue;
        uint64_t start = now();
        workloads[index].run();
        double seconds = (double)(now() - start) / 1e9;
        printf("checksum 0x%016" PRIx64 "\nseconds %.9f\n", checksum, seconds);
        print_latencies();
        return 0;
    }
    fail("there is no workload", argv[1]);
}
