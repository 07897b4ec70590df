//! The edges of a snapshot.

use super::LeftOut;
use super::edge_names::EdgeNames;
use super::fields::{Fields, Strength};

/// The edges read so far.
pub(super) struct Edges {
    /// Of nodes whose edges have been read, where their targets end; of others, how many edges they have.
    ends: Vec<u32>,
    targets: Vec<u32>,
    /// What they are called, if that is wanted.
    names: Option<EdgeNames>,
    /// The node whose edges are read.
    node: usize,
    /// How many of its edges have been read.
    of_node: u32,
    read: u64,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Reading,
    Finished,
}

impl Edges {
    /// No edges of nodes that have so many each.
    pub(super) fn new(edge_counts: Vec<u32>, names: Option<EdgeNames>) -> Self {
        let targets = Vec::new();
        Edges { ends: edge_counts, targets, names, node: 0, of_node: 0, read: 0, state: State::Reading }
    }

    pub(super) fn take(
        &mut self,
        row: &[u64],
        fields: &Fields,
        left_out: &mut LeftOut,
    ) -> Result<(), String> {
        self.end_full_nodes()?;
        if self.node == self.ends.len() {
            return Err("there are more edges than the nodes have".into());
        }
        let (kind, to) = (row[fields.edge.kind], row[fields.edge.to_node]);
        let target = self.target(to, fields.node.width as u64)?;
        let kind = usize::try_from(kind).ok().and_then(|kind| fields.edge.kinds.get(kind));
        let kind = kind
            .ok_or_else(|| format!("there is no type of edges with the number {}", row[fields.edge.kind]))?;
        match kind.strength {
            Strength::Strong => {
                self.targets.push(target);
                let names = self.names.iter_mut();
                names
                    .zip(fields.edge.name)
                    .try_for_each(|(names, place)| names.add(kind.name, row[place]))?;
            }
            Strength::Weak => left_out.weak += 1,
            Strength::Shortcut => left_out.shortcuts += 1,
        }
        self.of_node += 1;
        self.read += 1;
        Ok(())
    }

    /// The number of the node that an edge leads to: the file has the place of its first field.
    fn target(&self, to: u64, width: u64) -> Result<u32, String> {
        let number = to / width;
        if to.is_multiple_of(width) && number < self.ends.len() as u64 {
            return Ok(number as u32);
        }
        Err(format!("an edge leads to {to}, where no node starts"))
    }

    /// Goes on to the next node that has edges to be read.
    fn end_full_nodes(&mut self) -> Result<(), String> {
        while self.ends.get(self.node).is_some_and(|count| *count == self.of_node) {
            let end = u32::try_from(self.targets.len()).map_err(|_| "there are more than 2^32 edges")?;
            self.ends[self.node] = end;
            self.node += 1;
            self.of_node = 0;
        }
        Ok(())
    }

    /// Sees that there are as many as there should be.
    pub(super) fn finish(&mut self, announced: u64) -> Result<(), String> {
        self.end_full_nodes()?;
        if self.node < self.ends.len() {
            return Err(format!(
                "the edges end before node {} has all of its {}",
                self.node, self.ends[self.node]
            ));
        }
        if self.read != announced {
            return Err(format!(
                "there are {} edges instead of the {announced} that were announced",
                self.read
            ));
        }
        self.state = State::Finished;
        Ok(())
    }

    /// For each node the end of its targets, the targets and their names; none if the edges have not all been read.
    pub(super) fn into_parts(self) -> Option<(Vec<u32>, Vec<u32>, Option<EdgeNames>)> {
        (self.state == State::Finished).then_some((self.ends, self.targets, self.names))
    }

    /// What edges are called, if that is wanted.
    pub(super) fn names_mut(&mut self) -> Option<&mut EdgeNames> {
        self.names.as_mut()
    }
}
