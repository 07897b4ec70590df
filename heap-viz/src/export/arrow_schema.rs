//! The schema of a table as readers with Arrow want it (pyarrow, Polars, DataFusion): with what is known of each
//! column.
//!
//! Parquet has metadata of a file, and none of a column that readers show. Under the key [`KEY`] Arrow's readers look
//! for the schema as a message of Arrow's IPC format, whose fields have metadata. All that is needed of that is a dozen
//! tables of FlatBuffers, less than what Arrow's own crates would bring along. The numbers of slots and types are those
//! of `Schema.fbs` and `Message.fbs` of Apache Arrow's format 1.4.

use super::table_file::{Head, Kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flatbuffers::{FlatBufferBuilder, ForwardsUOffset, TableFinishedWIPOffset, VOffsetT, Vector, WIPOffset};

/// Where Arrow's readers look for the schema.
pub(super) const KEY: &str = "ARROW:schema";

/// `MetadataVersion.V5`.
const VERSION_5: i16 = 4;
/// `MessageHeader.Schema`.
const HEADER_IS_SCHEMA: u8 = 1;
/// What comes before the length of a message.
const CONTINUATION: [u8; 4] = [0xff; 4];

type Builder = FlatBufferBuilder<'static>;
type Table = WIPOffset<TableFinishedWIPOffset>;
type Tables = WIPOffset<Vector<'static, ForwardsUOffset<TableFinishedWIPOffset>>>;

/// The schema of a table with these columns.
pub(super) fn encoded(heads: &[Head]) -> String {
    let mut builder = FlatBufferBuilder::new();
    let schema = schema(&mut builder, heads);
    let start = builder.start_table();
    builder.push_slot_always(slot(0), VERSION_5);
    builder.push_slot_always(slot(1), HEADER_IS_SCHEMA);
    builder.push_slot_always(slot(2), schema);
    let message = builder.end_table(start);
    builder.finish_minimal(message);
    STANDARD.encode(framed(builder.finished_data()))
}

/// A message behind its length, a multiple of eight bytes.
fn framed(message: &[u8]) -> Vec<u8> {
    let length = message.len().next_multiple_of(8);
    let mut framed = CONTINUATION.to_vec();
    framed.extend((length as u32).to_le_bytes());
    framed.extend(message);
    framed.resize(8 + length, 0);
    framed
}

/// Where the field of that number is told in a table.
const fn slot(field: VOffsetT) -> VOffsetT {
    4 + 2 * field
}

fn schema(builder: &mut Builder, heads: &[Head]) -> Table {
    let fields: Vec<_> = heads.iter().map(|head| field(builder, head)).collect();
    let fields: Tables = builder.create_vector(&fields);
    let start = builder.start_table();
    builder.push_slot_always(slot(1), fields);
    builder.end_table(start)
}

fn field(builder: &mut Builder, head: &Head) -> Table {
    let name = builder.create_string(&head.name);
    let (type_number, type_table) = type_of(builder, head.kind);
    let children: Tables = builder.create_vector::<Table>(&[]);
    let pairs = [("unit", head.unit().unwrap_or_default()), ("about", head.about)];
    let told = pairs.iter().filter(|(_, value)| !value.is_empty());
    let metadata: Vec<_> = told.map(|(key, value)| key_value(builder, key, value)).collect();
    let metadata: Tables = builder.create_vector(&metadata);
    let start = builder.start_table();
    builder.push_slot_always(slot(0), name);
    builder.push_slot_always(slot(1), true);
    builder.push_slot_always(slot(2), type_number);
    builder.push_slot_always(slot(3), type_table);
    builder.push_slot_always(slot(5), children);
    builder.push_slot_always(slot(6), metadata);
    builder.end_table(start)
}

/// The number of a type in the union of all, and what is said of it: signed integers of 64 bits, double precision,
/// UTF-8.
fn type_of(builder: &mut Builder, kind: Kind) -> (u8, Table) {
    let start = builder.start_table();
    let number = match kind {
        Kind::Integer => {
            builder.push_slot_always(slot(0), 64_i32);
            builder.push_slot_always(slot(1), true);
            2_u8
        }
        Kind::Real => {
            builder.push_slot_always(slot(0), 2_i16);
            3
        }
        Kind::Text => 5,
    };
    (number, builder.end_table(start))
}

fn key_value(builder: &mut Builder, key: &str, value: &str) -> Table {
    let [key, value] = [key, value].map(|text| builder.create_string(text));
    let start = builder.start_table();
    builder.push_slot_always(slot(0), key);
    builder.push_slot_always(slot(1), value);
    builder.end_table(start)
}
