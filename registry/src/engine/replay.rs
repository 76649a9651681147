//! From the log to the state: at start, and again should the log have lost its tail.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::published::Tip;
use crate::domain::Record;
use crate::log::codec::Decoder;
use crate::log::{Chunk, Log, Position, ReadError};

/// Chunks on their way between two stages.
const AHEAD: usize = 4;

/// Entries that were decoded: each with its stamp.
struct Decoded {
    first: u64,
    last: Position,
    records: Vec<(i64, Record)>,
}

/// Reads all that follows the tip. Reading, decoding and applying go on at the same time, on a thread each.
pub(super) async fn replay(log: &Arc<dyn Log>, tip: Tip) -> Result<Tip, ReadError> {
    let (chunks, read) = mpsc::channel::<Chunk>(AHEAD);
    let (batches, decoded) = mpsc::channel::<Decoded>(AHEAD);
    let start = tip.position;
    let decoding = spawn_blocking(move || decode_all(read, &batches));
    let applying = spawn_blocking(move || apply_all(decoded, tip));
    let read = read_all(&**log, start, chunks).await;
    let decoded = decoding.await.map_err(|e| ReadError::Damaged(e.to_string().into()))?;
    let applied = applying.await.map_err(|e| ReadError::Damaged(e.to_string().into()))?;
    read.and(decoded).map(|()| applied)
}

/// Applies one chunk, on the spot.
pub(super) fn take_in(chunk: &Chunk, tip: &Tip) -> Result<Tip, ReadError> {
    let mut tip = tip.clone();
    apply(decode(chunk, &mut Decoder::default())?, &mut tip);
    Ok(tip)
}

async fn read_all(log: &dyn Log, mut after: Position, chunks: mpsc::Sender<Chunk>) -> Result<(), ReadError> {
    while let Some(chunk) = log.read(after).await? {
        after = chunk.last();
        if chunks.send(chunk).await.is_err() {
            // The decoder gave up, and says why itself.
            break;
        }
    }
    Ok(())
}

fn decode_all(mut chunks: mpsc::Receiver<Chunk>, batches: &mpsc::Sender<Decoded>) -> Result<(), ReadError> {
    let mut decoder = Decoder::default();
    while let Some(chunk) = chunks.blocking_recv() {
        if batches.blocking_send(decode(&chunk, &mut decoder)?).is_err() {
            break;
        }
    }
    Ok(())
}

fn apply_all(mut batches: mpsc::Receiver<Decoded>, mut tip: Tip) -> Tip {
    while let Some(decoded) = batches.blocking_recv() {
        apply(decoded, &mut tip);
    }
    tip
}

fn decode(chunk: &Chunk, decoder: &mut Decoder) -> Result<Decoded, ReadError> {
    let mut records = Vec::with_capacity(usize::try_from(chunk.count()).unwrap_or_default());
    for entry in chunk.entries() {
        let entry = entry?;
        let record = decoder.decode(entry.key, entry.value).unwrap_or_else(|error| {
            // As other registries do: what is not understood is left where it is, and counts for nothing.
            tracing::error!(seq = entry.seq, key = entry.key, %error, "an entry of the log is skipped");
            Record::Noop
        });
        records.push((entry.written_at, record));
    }
    Ok(Decoded { first: chunk.last().seq + 1 - chunk.count(), last: chunk.last(), records })
}

fn apply(decoded: Decoded, tip: &mut Tip) {
    let state = Arc::make_mut(&mut tip.state);
    for (seq, (written_at, record)) in (decoded.first..).zip(&decoded.records) {
        state.apply(seq, *written_at, record);
        tip.written_at = tip.written_at.max(*written_at);
    }
    tip.position = decoded.last;
}
