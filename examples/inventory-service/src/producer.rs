//! The producer: transactions, and how they fail.
//!
//! A transaction is begun only when all that goes into it is known, and ends before anything is waited for. With
//! `--exactly-once false` the same calls send without one.
//!
//! Two things are not obvious. `commit` and `flush` of rdkafka wait in steps of 100 ms, so the queue is emptied before. And an
//! `abort` waits for delivery reports that nobody fetches meanwhile, so the queue is purged before.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chassis::kafka::{self, SettingsError};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::ToBytes;
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, Producer as _, ProducerContext, PurgeConfig,
};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::consumer::Consumer;
use crate::metrics::Inventory;

/// How long each step of a transaction may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The broker aborts a transaction that is not ended after this time. Until then others see nothing that came after it.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(15);

/// What the user may have otherwise.
const DEFAULTS: &[(&str, &str)] = &[
    // Outcomes are waited for: to hold them back in the hope of more only delays the cycle.
    ("linger.ms", "0"),
    ("partitioner", "murmur2_random"),
];

/// Why a transaction failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failed {
    /// It has to be aborted, and may be tried again.
    #[error("{0}")]
    Abort(String),
    /// The cluster does not take a record, for its size: which one of the cycle.
    #[error("a record is too large for the cluster")]
    TooLarge(usize),
    /// The producer is of no use any more.
    #[error("{0}")]
    Fatal(String),
}

/// The producer's context: counts, and remembers what was not acknowledged.
#[derive(Debug)]
struct Deliveries {
    inventory: Arc<Inventory>,
    failed: Mutex<Option<(usize, RDKafkaErrorCode)>>,
}

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        kafka::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        kafka::error(&error, reason);
    }
}

impl ProducerContext for Deliveries {
    /// Which record of the cycle it is about.
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, position: usize) {
        match result {
            Ok(_) => {
                self.inventory.acknowledged.inc();
            }
            Err((error, _)) => {
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.get_or_insert((position, code));
            }
        }
    }
}

/// A producer of outcomes and dead letters.
pub struct Producer {
    inner: BaseProducer<Deliveries>,
    inventory: Arc<Inventory>,
    is_transactional: bool,
    /// Has a transaction begun that has not ended?
    is_open: Cell<bool>,
}

impl Producer {
    /// Makes a producer; with a transactional id, one with transactions. Nothing is sent yet.
    ///
    /// # Errors
    /// If the client does not take the settings.
    pub fn new(
        client: &ClientConfig,
        transactional_id: Option<&str>,
        inventory: Arc<Inventory>,
    ) -> Result<Self, SettingsError> {
        let mut config = client.clone();
        for (key, value) in DEFAULTS {
            if config.get(key).is_none() {
                config.set(*key, *value);
            }
        }
        config.set("enable.idempotence", "true").set("acks", "all");
        config.set("delivery.timeout.ms", PATIENCE.as_millis().to_string());
        if let Some(id) = transactional_id {
            // The same name after a restart: what the one before left open is aborted at once, and not after its time.
            config.set("transactional.id", id);
            config.set("transaction.timeout.ms", TRANSACTION_TIMEOUT.as_millis().to_string());
        }
        let context = Deliveries { inventory: inventory.clone(), failed: Mutex::default() };
        let inner = config.create_with_context(context)?;
        Ok(Self { inner, inventory, is_transactional: transactional_id.is_some(), is_open: Cell::new(false) })
    }

    /// Takes over from whoever had the transactional id before. It blocks.
    ///
    /// # Errors
    /// If the cluster does not answer in time.
    pub fn initialise(&self) -> Result<(), KafkaError> {
        match self.is_transactional {
            true => self.inner.init_transactions(PATIENCE),
            false => Ok(()),
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// If the producer is of no use any more.
    pub fn begin(&self) -> Result<(), Failed> {
        self.take_failure();
        if self.is_transactional {
            self.inner.begin_transaction().map_err(failed)?;
            self.is_open.set(true);
        }
        Ok(())
    }

    /// Sends a record, which is the one at `position` of the cycle.
    ///
    /// # Errors
    /// If it cannot be queued.
    pub fn send<K, P>(&self, record: BaseRecord<'_, K, P, usize>) -> Result<(), Failed>
    where
        K: ToBytes + ?Sized,
        P: ToBytes + ?Sized,
    {
        let started = Instant::now();
        let mut record = record;
        loop {
            let position = record.delivery_opaque;
            let error = match self.inner.send(record) {
                Ok(()) => {
                    self.inventory.produced.inc();
                    return Ok(());
                }
                Err((error, back)) => {
                    record = back;
                    error
                }
            };
            match error.rdkafka_error_code() {
                Some(RDKafkaErrorCode::QueueFull) if started.elapsed() < PATIENCE => {
                    self.inner.poll(Duration::from_millis(1));
                }
                Some(RDKafkaErrorCode::MessageSizeTooLarge) => return Err(Failed::TooLarge(position)),
                _ => return Err(failed(error)),
            }
        }
    }

    /// Ends the transaction: everything that was sent is acknowledged, and records up to these offsets are handled.
    ///
    /// # Errors
    /// If it did not come about, or nobody knows. Then it has to be aborted.
    pub fn commit(&self, consumer: &Consumer, offsets: &TopicPartitionList) -> Result<(), Failed> {
        self.drain()?;
        if !self.is_transactional {
            // It waits for the answer.
            return consumer.commit(offsets, CommitMode::Sync).map_err(failed);
        }
        // Taken anew each time: it tells the cluster that these partitions were ours.
        let Some(member) = consumer.group_metadata() else {
            return Err(Failed::Abort("the consumer is in no group".to_owned()));
        };
        insist(|| self.inner.send_offsets_to_transaction(offsets, &member, PATIENCE))?;
        insist(|| self.inner.commit_transaction(PATIENCE))?;
        self.note_commit();
        Ok(())
    }

    /// Is there nobody who has initialised another producer with the same transactional id since? The cluster is asked in a
    /// transaction that is aborted then. Without transactions there is no way to know.
    pub fn is_current(&self, consumer: &Consumer, topic: &str) -> bool {
        let Some(member) = consumer.group_metadata().filter(|_| self.is_transactional) else { return false };
        let mut offsets = TopicPartitionList::new();
        if offsets.add_partition_offset(topic, 0, Offset::Offset(0)).is_err() {
            return false;
        }
        if let Err(Failed::Fatal(_)) = self.begin() {
            return false;
        }
        // It asks the coordinator of transactions first, which knows the producer, then that of the group, which refuses.
        let asked = insist(|| self.inner.send_offsets_to_transaction(&offsets, &member, PATIENCE));
        let aborted = self.abort();
        ![asked, aborted].iter().any(|answer| matches!(answer, Err(Failed::Fatal(_))))
    }

    /// Takes back what was sent.
    ///
    /// # Errors
    /// If the cluster does not answer: it has to be tried again before anything else is.
    pub fn abort(&self) -> Result<(), Failed> {
        self.inner.purge(PurgeConfig::default().queue().inflight());
        // What was purged is reported as failed, which is known already.
        let _ = self.drain();
        if self.is_open.get() {
            match self.inner.abort_transaction(PATIENCE) {
                // A commit was not waited for to its end. Only its own call ends it, and perhaps well.
                Err(KafkaError::Transaction(error)) if error.code() == RDKafkaErrorCode::Conflict => {
                    return self.end_commit();
                }
                aborted => aborted.map_err(failed)?,
            }
            self.is_open.set(false);
            self.inventory.aborted.inc();
        }
        Ok(())
    }

    /// Whatever comes of it, the consumer then goes back to what is committed.
    fn end_commit(&self) -> Result<(), Failed> {
        match self.inner.commit_transaction(PATIENCE) {
            Ok(()) => {
                self.note_commit();
                Ok(())
            }
            Err(KafkaError::Transaction(error)) if !error.is_fatal() && !error.is_retriable() => {
                // The commit is over, so the abort may begin.
                self.inner.abort_transaction(PATIENCE).map_err(failed)?;
                self.is_open.set(false);
                self.inventory.aborted.inc();
                Ok(())
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn note_commit(&self) {
        self.is_open.set(false);
        self.inventory.committed.inc();
    }

    /// Waits until nothing is on its way any more.
    fn drain(&self) -> Result<(), Failed> {
        let started = Instant::now();
        let mut left = self.inner.in_flight_count();
        while left > 0 {
            // To poll for longer would not wait but spin: librdkafka counts in milliseconds.
            self.inner.poll(Duration::ZERO);
            let still = self.inner.in_flight_count();
            if still == left {
                std::thread::sleep(Duration::from_micros(100));
            }
            left = still;
            if started.elapsed() > PATIENCE + Duration::from_secs(2) {
                return Err(Failed::Abort("records are not acknowledged".to_owned()));
            }
        }
        self.inner.poll(Duration::ZERO);
        match self.take_failure() {
            None => Ok(()),
            Some((position, RDKafkaErrorCode::MessageSizeTooLarge)) => Err(Failed::TooLarge(position)),
            Some((_, code)) => match self.inner.client().fatal_error() {
                Some((code, reason)) => Err(Failed::Fatal(format!("{code}: {reason}"))),
                None => Err(Failed::Abort(format!("a record was not acknowledged: {code}"))),
            },
        }
    }

    fn take_failure(&self) -> Option<(usize, RDKafkaErrorCode)> {
        self.inner.context().failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Calls again what may be called again, for a while.
fn insist(mut call: impl FnMut() -> Result<(), KafkaError>) -> Result<(), Failed> {
    let started = Instant::now();
    loop {
        match call() {
            Ok(()) => return Ok(()),
            Err(KafkaError::Transaction(error)) if error.is_retriable() && started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

fn failed(error: KafkaError) -> Failed {
    match &error {
        KafkaError::Transaction(inner) if inner.is_fatal() => Failed::Fatal(inner.to_string()),
        _ => Failed::Abort(error.to_string()),
    }
}
