//! The nodes of a snapshot.

use super::fields::{Fields, number_32};
use super::types::Types;
use crate::graph::Node;

/// The nodes read so far.
#[derive(Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    edge_counts: Vec<u32>,
}

impl Nodes {
    pub(super) fn take(&mut self, row: &[u64], fields: &Fields, types: &mut Types) -> Result<(), String> {
        let node = &fields.node;
        let of_type = types.number(row[node.kind], row[node.name], &node.kinds)?;
        let size_bytes = u32::try_from(row[node.self_size])
            .map_err(|_| format!("a node of {} bytes is more than a heap can hold", row[node.self_size]))?;
        let id = number_32("id", row[node.id])?;
        self.nodes.push(Node { size_bytes, of_type, id });
        self.edge_counts.push(number_32("edge_count", row[node.edge_count])?);
        if self.nodes.len() as u64 > fields.node_count {
            return Err(format!("there are more nodes than the {} that were announced", fields.node_count));
        }
        Ok(())
    }

    pub(super) fn check_count(&self, announced: u64) -> Result<(), String> {
        match self.nodes.len() as u64 {
            0 => Err("there are no nodes, not even a root".into()),
            count if count == announced => Ok(()),
            count => Err(format!("there are {count} nodes instead of the {announced} that were announced")),
        }
    }

    pub(super) fn take_edge_counts(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.edge_counts)
    }

    pub(super) fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }
}
