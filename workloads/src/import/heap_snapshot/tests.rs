use super::{Allocated, EdgeName, HeapSnapshot, LeftOut, Sample};
use crate::graph::{Node, NodeKind};
use proptest::prelude::{any, proptest};

/// A root that holds an object strongly, a native one, and weakly and by a shortcut a string; fields in an order of
/// their own.
const SMALL: &str = r#"{"snapshot":{"meta":{
"node_fields":["id","type","edge_count","name","self_size"],
"node_types":["number",["hidden","object","native","string","synthetic"],"number","string","number"],
"edge_fields":["to_node","type","name_or_index"],
"edge_types":["node",["element","property","weak","shortcut"],"string_or_number"],
"sample_fields":["timestamp_us","last_assigned_id"],
"trace_node_fields":["id","function_info_index","count","size","children"]},
"node_count":4,"edge_count":5},
"nodes":[1,4,3,0,0
,5,1,2,1,32
,7,2,0,3,1000
,9,3,0,2,24],
"edges":[5,0,1
,15,2,2
,15,3,2
,10,1,3
,5,1,2],
"trace_function_infos":[],
"trace_tree":[1,0,0,0,[2,0,3,72,[],3,0,2,28,[]]],
"samples":[0,4,1000,9],
"locations":[],
"strings":["","Po\u00efnt","ignored \ud83d","buf\ud83dfer"]}"#;

fn small() -> HeapSnapshot {
    HeapSnapshot::read(SMALL.as_bytes()).expect("the snapshot is whole")
}

#[test]
fn nodes_and_strong_edges_become_a_graph() {
    let graph = small().graph;
    assert_eq!((graph.len(), graph.reference_count()), (4, 3));
    assert_eq!(graph.targets(0), [1]);
    assert_eq!(graph.targets(1), [2, 1]);
    assert_eq!(graph.node(1), Node { size_bytes: 32, of_type: 1, id: 5 });
    let types: Vec<_> = (0..4).map(|number| graph.type_of(number)).collect();
    assert_eq!(
        types.iter().map(|of| of.kind).collect::<Vec<_>>(),
        [NodeKind::Synthetic, NodeKind::Object, NodeKind::Native, NodeKind::Object]
    );
    assert_eq!(
        types.iter().map(|of| &*of.name).collect::<Vec<_>>(),
        ["(root)", "Poïnt", "buf\u{fffd}\u{fffd}\u{fffd}fer", "(string)"]
    );
}

#[test]
fn names_of_strong_edges_are_read_if_they_are_wanted() {
    assert!(small().edge_names.is_none());
    let named = HeapSnapshot::read_with_names(SMALL.as_bytes()).expect("the snapshot is whole");
    let names = named.edge_names.expect("they were asked for");
    let names: Vec<_> = (0..3).map(|edge| names.name(edge)).collect();
    let [own, other] =
        ["buf\u{fffd}\u{fffd}\u{fffd}fer", "ignored \u{fffd}\u{fffd}\u{fffd}"].map(EdgeName::Text);
    assert_eq!(names, [EdgeName::Index(1), own, other]);
}

#[test]
fn a_name_that_no_string_can_have_is_told() {
    let file = SMALL.replace("5,0,1\n", "5,1,4000000000\n");
    let problem =
        HeapSnapshot::read_with_names(file.as_bytes()).expect_err("there is no such string").to_string();
    assert!(problem.contains("called by the number 4000000000"), "{problem}");
}

#[test]
fn what_is_left_out_is_counted() {
    assert_eq!(small().left_out, LeftOut { weak: 1, shortcuts: 1 });
}

#[test]
fn a_timeline_has_samples_and_a_tree_of_allocations() {
    let HeapSnapshot { timeline, allocated, .. } = small();
    assert_eq!(timeline, [Sample { at_us: 0, last_id: 4 }, Sample { at_us: 1_000, last_id: 9 }]);
    assert_eq!(allocated, Some(Allocated { objects: 5, bytes: 100 }));
}

#[test]
fn classes_beyond_a_few_thousand_are_put_together() {
    let nodes: Vec<_> = (0..5_000).map(|name| format!("{name},1,0,{name},16")).collect();
    let names = vec![r#""class""#; 5_000].join(",");
    let file = SMALL
        .replace(r#""node_count":4,"edge_count":5"#, r#""node_count":5000,"edge_count":0"#)
        .replace(
            &SMALL[between("\"nodes\":", "\"trace_function")],
            &format!("\"nodes\":[{}],\"edges\":[],", nodes.join(",")),
        )
        .replace(&SMALL[between("\"strings\":", "}end")], &format!("\"strings\":[{names}]}}"));
    let graph = HeapSnapshot::read(file.as_bytes()).expect("the snapshot is whole").graph;
    assert_eq!(graph.types().len(), 4_097);
    assert_eq!(graph.type_of(4_999).name, "(object)");
}

/// Where the part of the file lies that starts with one text and ends before another, or at the end.
fn between(start: &str, end: &str) -> std::ops::Range<usize> {
    let start = SMALL.find(start).expect("it is there");
    start..SMALL[start..].find(end).map_or(SMALL.len(), |length| start + length)
}

/// Checks what is said of the file with one text replaced by another.
#[track_caller]
fn check_refused(text: &str, other: &str, message: &str) {
    assert!(SMALL.contains(text), "{text} is not in the file");
    let error = HeapSnapshot::read(SMALL.replacen(text, other, 1).as_bytes()).expect_err("it is damaged");
    assert_eq!(error.to_string(), message);
}

#[test]
fn damage_is_told_with_line_and_column() {
    check_refused(
        "[1,4,3,0,0",
        "[1,9,3,0,0",
        "line 10, column 2: there is no type of nodes with the number 9",
    );
    check_refused(
        ",5,1,2,1,32",
        ",5,1,2,1,-32",
        "line 11, column 0: invalid value: integer `-32`, expected u64",
    );
    check_refused(
        ",7,2,0,3,1000",
        ",7,2,0,3,5000000000",
        "line 12, column 2: a node of 5000000000 bytes is more than a heap can hold",
    );
    check_refused(",9,3,0,2,24]", ",9,3,0,2]", "line 12, column 9: the last node has 4 numbers instead of 5");
    check_refused(
        "node_count\":4",
        "node_count\":3",
        "line 12, column 12: there are more nodes than the 3 that were announced",
    );
    check_refused(
        "edges\":[5,0",
        "edges\":[6,0",
        "line 14, column 2: an edge leads to 6, where no node starts",
    );
    check_refused(
        "edges\":[5,0",
        "edges\":[20,0",
        "line 14, column 2: an edge leads to 20, where no node starts",
    );
    check_refused(
        "[1,4,3,0,0",
        "[1,4,4,0,0",
        "line 17, column 8: the edges end before node 1 has all of its 2",
    );
    check_refused("\"self_size\"]", "\"size\"]", "line 8, column 31: `node_fields` has no `self_size`");
    check_refused(
        ",\"buf\\ud83dfer\"]",
        "]",
        "line 22, column 45: there is no string number 3, which is the name of a node",
    );
}

#[test]
fn sections_that_are_missing_or_out_of_order_are_told() {
    check_refused(
        "\"nodes\"",
        "\"knots\"",
        "line 13, column 8: `edges` comes before `nodes`, which no heap snapshot of V8 has",
    );
    check_refused("\"edges\"", "\"ledges\"", "line 22, column 60: not a heap snapshot: it has no `edges`");
}

#[test]
fn a_file_that_is_cut_off_is_told() {
    for length in 1..SMALL.len() {
        let error = HeapSnapshot::read(&SMALL.as_bytes()[..length]).expect_err("it is cut off").to_string();
        assert!(error.ends_with("the file ends here, in the middle: it is cut off"), "{length}: {error}");
    }
}

#[test]
fn what_follows_a_snapshot_is_told() {
    check_refused("fer\"]}", "fer\"]} x", "line 22, column 62: trailing characters");
}

proptest! {
    #[test]
    fn no_damage_is_too_strange(
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_u8..10), 1..5),
    ) {
        let mut file = SMALL.as_bytes().to_vec();
        for (place, byte, digit) in edits {
            let at = place.index(file.len());
            // A digit stays a digit: what can be parsed must be checked.
            file[at] = if file[at].is_ascii_digit() { b'0' + digit } else { byte };
        }
        if let Ok(snapshot) = HeapSnapshot::read(&file[..]) {
            let _ = crate::graph::Placement::new(snapshot.graph);
        }
    }
}
