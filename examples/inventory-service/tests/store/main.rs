//! The database of the inventory service: the same cases in SQLite and in PostgreSQL, and what only one of them can suffer.
//!
//! ```text
//! place.rs    a database of a test's own       model.rs     random batches, against a model in memory
//! opening.rs  tables, items, URLs              together.rs  several at once
//! deciding.rs what becomes of orders           killed.rs    processes that end, or stop, in the middle
//! refused.rs  orders that it does not take     away.rs      a database that does not answer
//! ```

/// Makes a test for SQLite and one for PostgreSQL of each case.
macro_rules! on_both {
    ($($case:ident)*) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::place::Place::sqlite()).await;
                }
            )*
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(place) = crate::place::Place::postgres() {
                        super::$case(place).await;
                    }
                }
            )*
        }
    };
}

mod away;
mod deciding;
mod killed;
mod model;
mod opening;
mod place;
mod refused;
mod together;
