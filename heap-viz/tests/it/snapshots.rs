//! `tenure snapshot` and `tenure run --snapshot`, and what other tools say of the same files: Node writes some, memlab reads
//! some. Where they cannot be had, the tests say so and do nothing.

use crate::support::{Folder, check_refused, document_for, printed, printed_for};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The version of memlab that reads our files.
const MEMLAB: &str = "@memlab/core@2.0.5";

/// The snapshot of a small tree, which lives to the end of its run.
fn splay(folder: &Folder, size: u32) -> String {
    let (file, size) = (folder.path(&format!("{size}.heapsnapshot")), format!("size={size}"));
    printed_for(&["run", "splay", "--set", &size, "--set", "modifications=10", "--snapshot", &file]);
    file
}

/// The entry of a list with this name.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let mut entries = list.as_array().expect("a list").iter();
    entries.find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no {name} in {list:#}"))
}

#[test]
fn a_run_ends_with_a_snapshot_that_tells_what_it_held() {
    let folder = Folder::new();
    let file = splay(&folder, 50);
    let found = document_for(&["snapshot", &file, "--json"]);
    assert_eq!(found["schema"], "tenure.snapshot/1");
    let (tree, nodes) = (named(&found["types"], "SplayTree"), named(&found["types"], "TreeNode"));
    assert_eq!(tree["objects"], 1);
    assert!(nodes["objects"].as_u64() >= Some(50), "{nodes:#}");
    assert!(nodes["retained_bytes"].as_u64() > nodes["shallow_bytes"].as_u64());
    let text = printed_for(&["snapshot", &file]);
    assert!(text.contains("type\n") && text.contains("TreeNode @"), "{text}");
}

#[test]
fn why_an_object_is_alive_is_told_by_its_number_and_by_its_type() {
    let folder = Folder::new();
    let file = splay(&folder, 50);
    let by_type = document_for(&["snapshot", &file, "--why", "Leaf", "--json"]);
    let steps = by_type["path"].as_array().expect("a list");
    assert_eq!(steps[0]["type"], "(GC roots)");
    assert_eq!(steps.last().map(|step| &step["id"]), Some(&by_type["id"]));
    let by_number = document_for(&["snapshot", &file, "--why", &format!("@{}", by_type["id"]), "--json"]);
    assert_eq!(by_number, by_type);
    assert_eq!(by_type["retained_objects"], 3, "a leaf keeps its array and its string");
    let text = printed_for(&["snapshot", &file, "--why", "Leaf"]);
    assert!(text.contains("is alive by these references") && text.contains("(Handle scopes)"), "{text}");
}

#[test]
fn snapshots_of_ours_are_compared_by_type() {
    let folder = Folder::new();
    let (less, more) = (splay(&folder, 50), splay(&folder, 60));
    let found = document_for(&["snapshot", &more, "--since", &less, "--json"]);
    assert_eq!(found["matched_by_id"], false);
    let nodes = named(&found["types"], "TreeNode");
    let objects = |when: &str| nodes[when]["objects"].as_u64().expect("a number");
    assert_eq!(objects("after"), objects("before") + 10);
    assert_eq!(nodes["objects"], Value::Null);
    let text = printed_for(&["snapshot", &more, "--since", &less]);
    assert!(text.contains("by type only") && text.contains("+10"), "{text}");
    assert!(printed_for(&["snapshot", &more, "--since", &more]).contains("nothing has changed"));
}

#[test]
fn mistakes_are_told() {
    let folder = Folder::new();
    let (file, other) = (splay(&folder, 50), folder.write("other", "{\"snapshot\":{"));
    check_refused(&["snapshot", &file, "--why", "TreeNod"], &["did you mean `TreeNode`?"]);
    check_refused(&["snapshot", &file, "--why", "@2"], &["there is no object @2"]);
    check_refused(
        &["snapshot", &file, "--why", "whatever"],
        &["the types that keep most alive are `TreeNode`"],
    );
    check_refused(&["snapshot", &file, "--why", "@99999999999999999999999"], &["there is no object @9999"]);
    check_refused(&["snapshot", &other], &["the file ends here"]);
    let (empty, events) = (folder.write("empty", ""), folder.path("small.jsonl"));
    printed_for(&["run", "ring", "--set", "pushes=10", "--events", &events]);
    check_refused(
        &["snapshot", &empty],
        &["the file is empty\n\n  tip: a heap snapshot tells what is alive"],
    );
    check_refused(&["snapshot", &events], &["`tenure run ... --snapshot FILE` makes one"]);
    check_refused(&["report", &file], &[&format!("such a file is for `tenure snapshot {file}`")]);
    check_refused(&["snapshot", &file, "--since", &folder.path("none")], &["cannot be read"]);
    check_refused(&["run", "--snapshot", &other], &["`--snapshot` is for one program"]);
    check_refused(&["run", "ring", "--snapshot", "/no/such/folder/x"], &["cannot write /no/such/folder/x"]);
}

/// Whether a program of that name is here.
fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_here {
        eprintln!("note: no {program} here: what it says of snapshots is not tested");
    }
    is_here
}

/// Ten keepers, each with an object of its own and all with one in common.
const PROGRAM: &str = r#"
const v8 = require('v8');
class Own {}
class Common {}
class Keeper { constructor(common) { this.own = new Own(); this.common = common; } }
const common = new Common();
globalThis.holder = { keepers: [] };
v8.writeHeapSnapshot('before.heapsnapshot');
for (let i = 0; i < 10; i++) holder.keepers.push(new Keeper(common));
v8.writeHeapSnapshot('after.heapsnapshot');
"#;

#[test]
fn retained_sizes_in_a_snapshot_of_node_are_those_that_can_be_seen_from_its_program() {
    if !is_here("node") {
        return;
    }
    let folder = Folder::new();
    let run =
        Command::new("node").args(["-e", PROGRAM]).current_dir(folder.root()).output().expect("node starts");
    printed(&run);
    let (before, after) = (folder.path("before.heapsnapshot"), folder.path("after.heapsnapshot"));
    let why = |what: &str| document_for(&["snapshot", &after, "--why", what, "--json", "--top", "10000"]);

    let keeper = why("Keeper");
    let own = why("Own")["shallow_bytes"].as_u64().expect("a size");
    assert_eq!(keeper["retained_objects"], 2, "{keeper:#}");
    assert_eq!(keeper["retained_bytes"].as_u64(), keeper["shallow_bytes"].as_u64().map(|size| size + own));
    let names: Vec<_> = keeper["path"].as_array().expect("a list").iter().map(|step| &step["name"]).collect();
    let [.., holder, keepers, _] = names[..] else { panic!("{names:?}") };
    assert_eq!((holder, keepers), (&json!("holder"), &json!("keepers")));

    let found = document_for(&["snapshot", &after, "--json", "--top", "10000"]);
    let of_type = named(&found["types"], "Keeper");
    assert_eq!(of_type["retained_bytes"].as_u64(), keeper["retained_bytes"].as_u64().map(|size| 10 * size));

    let changes = document_for(&["snapshot", &after, "--since", &before, "--json"]);
    assert_eq!(changes["matched_by_id"], true);
    let change = &named(&changes["types"], "Keeper")["objects"];
    assert_eq!((&change["new_objects"], &change["freed_objects"]), (&json!(10), &json!(0)));
}

/// Prints how many nodes, edges and bytes memlab reads, and the retained size of each node that it finds, by its number.
const READER: &str = r#"
const { utils, TraceFinder } = require('@memlab/core');
(async () => {
  const heap = await utils.getSnapshotFromFile(process.argv[1], { buildNodeIdIndex: true });
  new TraceFinder().calculateAllNodesRetainedSizes(heap);
  const found = { nodes: 0, edges: 0, bytes: 0, retained: {} };
  heap.nodes.forEach(node => {
    found.nodes++;
    found.bytes += node.self_size;
    found.retained[node.id] = node.retainedSize;
  });
  heap.edges.forEach(() => { found.edges++; });
  console.log('\n' + JSON.stringify(found));
})();
"#;

/// The folder that memlab is installed in, once for all runs; none if the registry cannot be reached.
fn memlab() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("memlab");
    if folder.join("node_modules/@memlab/core/package.json").exists() {
        return Some(folder);
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(&folder).arg(MEMLAB);
    let is_installed = npm.output().is_ok_and(|output| output.status.success());
    if !is_installed {
        eprintln!("note: npm cannot install {MEMLAB}: that it reads our snapshots is not tested");
    }
    is_installed.then_some(folder)
}

#[test]
fn memlab_reads_our_snapshots_and_finds_the_same_retained_sizes() {
    if !is_here("node") || !is_here("npm") {
        return;
    }
    let (folder, Some(memlab)) = (Folder::new(), memlab()) else { return };
    let file = splay(&folder, 100);
    let read =
        Command::new("node").args(["-e", READER, &file]).current_dir(memlab).output().expect("node starts");
    let printed = String::from_utf8_lossy(&read.stdout).into_owned();
    let last = printed.lines().last().unwrap_or_default();
    let theirs: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{read:?}"));
    let ours = document_for(&["snapshot", &file, "--json", "--top", "100000"]);

    assert_eq!(theirs["bytes"], ours["object_bytes"]);
    let roots = 6;
    assert_eq!(theirs["nodes"].as_u64(), ours["objects"].as_u64().map(|objects| objects + roots));
    let largest = ours["largest"].as_array().expect("a list");
    assert!(largest.len() > 1_000, "{}", largest.len());
    for object in largest {
        assert_eq!(theirs["retained"][object["id"].to_string()], object["retained_bytes"], "{object:#}");
    }
}
