(* Tenure's workloads in OCaml: `peer WORKLOAD [NAME=VALUE]...`. All parameters of the workload must be given. What is printed is
   told in ../README.md.

   A number of OCaml has 63 bits. Where 64 are needed, Int64 is used in ways that the compiler keeps out of the heap. *)

(* ---------------------------------------------------------------- parameters *)

let parameters : (string, int) Hashtbl.t = Hashtbl.create 16

let get name =
  match Hashtbl.find_opt parameters name with
  | Some value -> value
  | None -> prerr_endline ("a parameter is missing: " ^ name); exit 2

(* ---------------------------------------------------------------- checksums and random numbers *)

let golden = 0x9E3779B97F4A7C15L

(* States of 64 bits, in bytes, so that changing them allocates nothing. *)
let checksum = Bytes.make 8 '\000'

let[@inline] rotated value by = Int64.logor (Int64.shift_left value by) (Int64.shift_right_logical value (64 - by))

let[@inline] add value =
  let mixed = Int64.mul (Int64.add (Int64.logxor (Bytes.get_int64_le checksum 0) value) golden) 0xBF58476D1CE4E5B9L in
  Bytes.set_int64_le checksum 0 (rotated mixed 31)

let[@inline] add_int value = add (Int64.of_int value)

let state = Bytes.make 32 '\000'

let seed_random seed =
  let s = ref (Int64.of_int seed) in
  for index = 0 to 3 do
    s := Int64.add !s golden;
    let mixed = Int64.mul (Int64.logxor !s (Int64.shift_right_logical !s 30)) 0xBF58476D1CE4E5B9L in
    let mixed = Int64.mul (Int64.logxor mixed (Int64.shift_right_logical mixed 27)) 0x94D049BB133111EBL in
    Bytes.set_int64_le state (8 * index) (Int64.logxor mixed (Int64.shift_right_logical mixed 31))
  done

(* Steps on; the number is left in [drawn]. *)
let drawn = Bytes.make 8 '\000'

let random_next () =
  let get index = Bytes.get_int64_le state (8 * index) and set index = Bytes.set_int64_le state (8 * index) in
  let s0 = get 0 and s1 = get 1 and s2 = get 2 and s3 = get 3 in
  Bytes.set_int64_le drawn 0 (Int64.add (rotated (Int64.add s0 s3) 23) s0);
  let s2 = Int64.logxor s2 s0 and s3 = Int64.logxor s3 s1 in
  set 1 (Int64.logxor s1 s2);
  set 0 (Int64.logxor s0 s3);
  set 2 (Int64.logxor s2 (Int64.shift_left s1 17));
  set 3 (rotated s3 45)

(* A number less than bound, which has 32 bits: the high half of the product. *)
let below bound =
  random_next ();
  let number = Bytes.get_int64_le drawn 0 in
  let high = Int64.to_int (Int64.shift_right_logical number 32) and low = Int64.to_int (Int64.logand number 0xFFFFFFFFL) in
  (* The products have up to 64 bits; bounds are below 2^30 in all cases, so that 63 are enough. *)
  (high * bound + (low * bound) lsr 32) lsr 32

(* ---------------------------------------------------------------- latencies *)

let nanos = ref [||]

let now () = Unix.gettimeofday ()

let time index operation =
  let start = now () in
  operation ();
  !nanos.(index) <- int_of_float ((now () -. start) *. 1e9)

let print_latencies () =
  let count = Array.length !nanos in
  if count > 0 then begin
    Array.sort compare !nanos;
    List.iter
      (fun (name, share) -> Printf.printf "latency_%s_ns %d\n" name !nanos.((count * share + 999) / 1000 - 1))
      [ ("p50", 500); ("p99", 990); ("p999", 999); ("worst", 1000) ]
  end

(* ---------------------------------------------------------------- binary_trees *)

let min_depth = 4

type node = Leaf | Node of node * node

(* A node without children is an object too, as in the other systems: one with two empty references. *)
let rec tree depth = if depth = 0 then Node (Sys.opaque_identity Leaf, Leaf) else
  let left = tree (depth - 1) in
  Node (left, tree (depth - 1))

let rec count = function Node (Leaf, _) -> 1 | Node (left, right) -> 1 + count left + count right | Leaf -> 0

let rounds_from depth limit each = let d = ref depth in while !d <= limit do each !d; d := !d + 2 done

let binary_trees () =
  let depth = get "depth" in
  add_int (count (tree (depth + 1)));
  let kept = tree depth in
  rounds_from min_depth depth (fun d ->
      let nodes = ref 0 in
      for _ = 1 to 1 lsl (depth - d + min_depth) do nodes := !nodes + count (tree d) done;
      add_int !nodes);
  add_int (count kept)

(* ---------------------------------------------------------------- gcbench *)

type bench_node = { mutable left : bench_node; mutable right : bench_node; height : int }

(* What stands for no node. *)
let rec nobody = { left = nobody; right = nobody; height = -1 }

let rec populate parent =
  if parent.height > 0 then begin
    let child () = { left = nobody; right = nobody; height = parent.height - 1 } in
    parent.left <- child ();
    parent.right <- child ();
    populate parent.left;
    populate parent.right
  end

let top_down depth = let root = { left = nobody; right = nobody; height = depth } in populate root; root

let rec bottom_up depth =
  if depth = 0 then { left = Sys.opaque_identity nobody; right = nobody; height = 0 } else
    let left = bottom_up (depth - 1) in
    { left; right = bottom_up (depth - 1); height = depth }

let rec count_intact node height =
  let self = if node.height = height then 1 else 0 in
  if node.left == nobody || height = 0 then self
  else self + count_intact node.left (height - 1) + count_intact node.right (height - 1)

let nodes_of_depth depth = (2 lsl depth) - 1

let gcbench () =
  let stretch = get "stretch_depth" and kept_depth = get "long_lived_depth" in
  add_int (count_intact (bottom_up stretch) stretch);
  let kept = top_down kept_depth in
  let array = Array.init (get "array_length") (fun index -> 1.0 /. (float_of_int index +. 1.0)) in
  rounds_from min_depth (get "max_depth") (fun depth ->
      let rounds = 2 * nodes_of_depth stretch / nodes_of_depth depth and nodes = ref 0 in
      for _ = 1 to rounds do nodes := !nodes + count_intact (top_down depth) depth done;
      for _ = 1 to rounds do nodes := !nodes + count_intact (bottom_up depth) depth done;
      add_int !nodes);
  add_int (count_intact kept kept_depth);
  Array.iter (fun number -> add (Int64.bits_of_float number)) array

(* ---------------------------------------------------------------- ring *)

let ring () =
  let length = get "window" and bytes = get "message" and pushes = get "pushes" in
  let window = Array.make length Bytes.empty in
  nanos := Array.make pushes 0;
  for number = 0 to pushes - 1 do
    time number (fun () -> window.(number mod length) <- Bytes.make bytes (Char.unsafe_chr (number land 255)))
  done;
  Array.iter (fun message -> add_int (Bytes.fold_left (fun sum byte -> sum + Char.code byte) 0 message)) window

(* ---------------------------------------------------------------- window *)

type literal = { number : int; word1 : int; word2 : int; word3 : int; word4 : int }

let window () =
  let length = get "window" and index = ref 0 in
  let kept = Array.make length { number = -1; word1 = 0; word2 = 0; word3 = 0; word4 = 0 } in
  for number = 0 to get "objects" - 1 do
    let made = Sys.opaque_identity { number; word1 = 0; word2 = 0; word3 = 0; word4 = 0 } in
    if !index < length then kept.(!index) <- made;
    index := if !index + 1 < length then !index + 1 else 0
  done;
  Array.iter (fun literal -> if literal.number >= 0 then add_int literal.number) kept

(* ---------------------------------------------------------------- splay *)

type payload = Branch of payload * payload | Ends of int array * string

(* A key of 64 bits without sign, in two halves. *)
type tree_node = { high : int; low : int; payload : payload; mutable lesser : tree_node; mutable greater : tree_node }

let rec nil = { high = -1; low = -1; payload = Ends ([||], ""); lesser = nil; greater = nil }

let digits high low = Printf.sprintf "%020Lu" (Int64.logor (Int64.shift_left (Int64.of_int high) 32) (Int64.of_int low))

let rec payload depth key =
  if depth = 0 then Ends ([| 0; 1; 2; 3; 4; 5; 6; 7; 8; 9 |], "String for key " ^ key ^ " in leaf node")
  else let left = payload (depth - 1) key in Branch (left, payload (depth - 1) key)

let rec is_intact depth key = function
  | Ends (numbers, text) ->
      depth = 0 && numbers = [| 0; 1; 2; 3; 4; 5; 6; 7; 8; 9 |] && text = "String for key " ^ key ^ " in leaf node"
  | Branch (left, right) -> depth > 0 && is_intact (depth - 1) key left && is_intact (depth - 1) key right

let root = ref nil

(* How a key lies to that of a node. *)
let[@inline] order high low node = if high <> node.high then compare (high : int) node.high else compare (low : int) node.low

(* Makes the node under a key, or a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down). *)
let splay_to high low =
  if !root != nil then begin
    let sides = { high = 0; low = 0; payload = nil.payload; lesser = nil; greater = nil } in
    let lesser = ref sides and greater = ref sides and current = ref !root and is_done = ref false in
    while not !is_done do
      let at = order high low !current in
      if at < 0 then begin
        let child = !current.lesser in
        if child == nil then is_done := true
        else begin
          if order high low child < 0 then begin
            !current.lesser <- child.greater;
            child.greater <- !current;
            current := child
          end;
          if !current.lesser == nil then is_done := true
          else begin
            !greater.lesser <- !current;
            greater := !current;
            current := !current.lesser
          end
        end
      end
      else if at > 0 then begin
        let child = !current.greater in
        if child == nil then is_done := true
        else begin
          if order high low child > 0 then begin
            !current.greater <- child.lesser;
            child.lesser <- !current;
            current := child
          end;
          if !current.greater == nil then is_done := true
          else begin
            !lesser.greater <- !current;
            lesser := !current;
            current := !current.greater
          end
        end
      end
      else is_done := true
    done;
    !lesser.greater <- !current.lesser;
    !greater.lesser <- !current.greater;
    !current.lesser <- sides.greater;
    !current.greater <- sides.lesser;
    root := !current
  end

let contains high low = splay_to high low; !root != nil && order high low !root = 0

let insert high low depth =
  let node = { high; low; payload = payload depth (digits high low); lesser = nil; greater = nil } in
  splay_to high low;
  let old = !root in
  if old != nil then
    if order high low old > 0 then begin
      node.lesser <- old;
      node.greater <- old.greater;
      old.greater <- nil
    end
    else begin
      node.greater <- old;
      node.lesser <- old.lesser;
      old.lesser <- nil
    end;
  root := node

(* Removes the node with the greatest key below this one, or the one under it if there is none. *)
let remove_below high low =
  splay_to high low;
  let victim = ref !root in
  if order high low !victim <= 0 && !victim.lesser != nil then begin
    victim := !victim.lesser;
    while !victim.greater != nil do victim := !victim.greater done
  end;
  let { high; low; _ } = !victim in
  splay_to high low;
  let { lesser; greater; _ } = !root in
  if lesser == nil then root := greater
  else begin
    root := lesser;
    splay_to high low;
    !root.greater <- greater
  end

let draw_key () =
  random_next ();
  let number = Bytes.get_int64_le drawn 0 in
  (Int64.to_int (Int64.shift_right_logical number 32), Int64.to_int (Int64.logand number 0xFFFFFFFFL))

let insert_new depth =
  let key = ref (draw_key ()) in
  while contains (fst !key) (snd !key) do key := draw_key () done;
  insert (fst !key) (snd !key) depth;
  !key

let splay () =
  let depth = get "payload_depth" in
  seed_random (get "seed");
  for _ = 1 to get "size" do ignore (insert_new depth) done;
  for _ = 1 to get "runs" * get "modifications" do
    let high, low = insert_new depth in
    remove_below high low
  done;
  let ancestors = ref [] and subtree = ref !root in
  while !subtree != nil || !ancestors <> [] do
    while !subtree != nil do
      ancestors := !subtree :: !ancestors;
      subtree := !subtree.lesser
    done;
    let node = List.hd !ancestors in
    ancestors := List.tl !ancestors;
    let key = Int64.logor (Int64.shift_left (Int64.of_int node.high) 32) (Int64.of_int node.low) in
    add (if is_intact depth (digits node.high node.low) node.payload then key else Int64.lognot key);
    subtree := node.greater
  done

(* ---------------------------------------------------------------- lru_cache *)

type entry = {
  key : int;
  value : Bytes.t;
  mutable chain : entry;
  mutable newer : entry;
  mutable older : entry;
}

let rec nothing = { key = -1; value = Bytes.empty; chain = nothing; newer = nothing; older = nothing }

let unlink entry =
  entry.newer.older <- entry.older;
  entry.older.newer <- entry.newer

let bucket key buckets =
  let spread = Int64.to_int (Int64.shift_right_logical (Int64.mul (Int64.of_int key) golden) 32) in
  (spread * buckets) lsr 32

let evict buckets ends =
  let oldest = ends.newer in
  unlink oldest;
  let at = bucket oldest.key (Array.length buckets) in
  if buckets.(at) == oldest then buckets.(at) <- oldest.chain
  else begin
    let before = ref buckets.(at) in
    while !before.chain != oldest do before := !before.chain done;
    !before.chain <- oldest.chain
  end

let lru_cache () =
  let capacity = get "capacity" and keys = get "keys" and value_bytes = get "value" in
  let buckets = Array.make capacity nothing and entries = ref 0 in
  let rec ends = { key = -2; value = Bytes.empty; chain = nothing; newer = ends; older = ends } in
  seed_random (get "seed");
  for number = 0 to get "lookups" - 1 do
    let once = 1 + below keys in
    let twice = 1 + below once in
    let key = below twice in
    let at = bucket key capacity in
    let entry = ref buckets.(at) in
    while !entry != nothing && !entry.key <> key do entry := !entry.chain done;
    if !entry != nothing then unlink !entry
    else begin
      if !entries = capacity then evict buckets ends else incr entries;
      let value = Bytes.make value_bytes '\000' in
      Bytes.set_int64_le value 0 (Int64.of_int number);
      entry := { key; value; chain = buckets.(at); newer = nothing; older = nothing };
      buckets.(at) <- !entry
    end;
    let entry = !entry in
    entry.newer <- ends;
    entry.older <- ends.older;
    ends.older.newer <- entry;
    ends.older <- entry;
    add (Bytes.get_int64_le entry.value 0)
  done;
  let entry = ref ends.older in
  while !entry != ends do
    add_int !entry.key;
    add (Bytes.get_int64_le !entry.value 0);
    entry := !entry.older
  done

(* ---------------------------------------------------------------- big_heap *)

(* Mean size of a record in Tenure, and of a slot that refers to one. *)
let mean_bytes = 48
let slot_bytes = 4
let mask32 = 0xFFFFFFFF

(* A record of two, four or six words: its number decides. Of each word the upper half is kept, since a word of OCaml has 63 bits; the
   lower half is the number. *)
type record = {
  number : int;
  words : words;
  mutable next : record;
  mutable previous : record;
}

and words = Two of int | Four of int * int * int | Six of int * int * int * int * int

let rec none = { number = -1; words = Two 0; next = none; previous = none }

let word number index = (index * (number lxor 0x9E3779B9)) land mask32

let words_of number =
  let w = word number in
  match number mod 3 with 0 -> Two (w 1) | 1 -> Four (w 1, w 2, w 3) | _ -> Six (w 1, w 2, w 3, w 4, w 5)

let prepend number next =
  let record = { number; words = words_of number; next; previous = none } in
  if next != none then next.previous <- record;
  record

let big_heap () =
  let length = get "length" and fresh = get "fresh" and survivors = get "survivors" and seed = get "seed" in
  let lists = max 1 (get "live" * 1024 / (length * mean_bytes + slot_bytes)) in
  let first = Array.make lists none in
  let records depth base =
    let made = ref none in
    for at = length - 1 downto depth do made := prepend ((base + at) land mask32) !made done;
    !made
  in
  let before list depth =
    if depth = 0 then none
    else begin
      let record = ref first.(list) in
      for _ = 1 to depth - 1 do record := !record.next done;
      !record
    end
  in
  let behind list previous = if previous == none then first.(list) else previous.next in
  let attach list previous last =
    if previous == none then first.(list) <- last else previous.next <- last;
    if last != none then last.previous <- previous
  in
  let replace list depth base =
    let last = records depth base in
    attach list (before list depth) last
  in
  let exchange left right depth =
    let left_before = before left depth and right_before = before right depth in
    let left_end = behind left left_before in
    let right_end = behind right right_before in
    attach left left_before right_end;
    attach right right_before left_end
  in
  let operate operation =
    for index = 0 to fresh - 1 do
      let base = ((lists + (operation * fresh) + index) * length) land mask32 in
      if below 100 < survivors then begin
        let list = below lists in
        replace list (below length) base
      end
      else ignore (Sys.opaque_identity (records 0 base))
    done;
    let depth = below length in
    let left = below lists in
    exchange left (below lists) depth
  in
  let lengthen_all depth =
    let bits = ref 2 in
    while (lists - 1) lsr !bits > 0 do incr bits done;
    let mask = (1 lsl !bits) - 1 in
    for word = 0 to mask do
      (* Of products that are cut to at most 32 bits, 63 are enough. *)
      let step mixed factor =
        let mixed = ((mixed + seed + depth) * Int64.to_int factor) land mask in
        mixed lxor (mixed lsr (!bits / 2))
      in
      let list = List.fold_left step word [ golden; 0xBF58476D1CE4E5B9L; 0x94D049BB133111EBL ] in
      if list < lists then first.(list) <- prepend (((list * length) + depth) land mask32) first.(list)
    done
  in
  if get "order" = 0 then for list = 0 to lists - 1 do replace list 0 ((list * length) land mask32) done
  else for depth = length - 1 downto 0 do lengthen_all depth done;
  seed_random seed;
  nanos := Array.make (get "operations") 0;
  for operation = 0 to get "operations" - 1 do time operation (fun () -> operate operation) done;
  Array.iter
    (fun start ->
      if start == none then add (-1L);
      let previous = ref none and record = ref start and found = ref 0 in
      (* One record too many tells that a list is too long, even if it has no end. *)
      while !record != none && !found <= length do
        let { number; words; previous = behind; _ } = !record in
        if words = words_of number && behind == !previous then add_int number else add (-1L);
        previous := !record;
        record := !record.next;
        incr found
      done)
    first

(* ---------------------------------------------------------------- all of them *)

let workloads =
  [ ("binary_trees", binary_trees); ("gcbench", gcbench); ("ring", ring); ("window", window); ("splay", splay);
    ("lru_cache", lru_cache); ("big_heap", big_heap) ]

let () =
  for index = 2 to Array.length Sys.argv - 1 do
    match String.split_on_char '=' Sys.argv.(index) with
    | [ name; value ] -> Hashtbl.replace parameters name (int_of_string value)
    | _ -> prerr_endline (Sys.argv.(index) ^ " is not NAME=NUMBER"); exit 2
  done;
  match List.assoc_opt Sys.argv.(1) workloads with
  | None -> prerr_endline ("there is no workload " ^ Sys.argv.(1)); exit 2
  | Some workload ->
      let start = now () in
      workload ();
      let seconds = now () -. start in
      Printf.printf "checksum 0x%016Lx\nseconds %.9f\n" (Bytes.get_int64_le checksum 0) seconds;
      print_latencies ()
