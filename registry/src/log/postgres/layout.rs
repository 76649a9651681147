//! The tables, and how older layouts become the present one.

use sqlx::Row as _;

use super::link::{Failure, Link};
use crate::log::{Database, OpenError};

/// What leads from each layout to the next; the first makes the tables. A layout's number is that of the steps taken.
const STEPS: &[&str] = &["
    CREATE TABLE ottla_log (
        seq        bigint PRIMARY KEY,
        key        text NOT NULL,
        value      text,
        written_at bigint NOT NULL,
        batch      uuid NOT NULL
    );
    CREATE TABLE ottla_head (
        one   boolean PRIMARY KEY DEFAULT true CHECK (one),
        seq   bigint NOT NULL,
        batch uuid NOT NULL
    ) WITH (fillfactor = 10);
    INSERT INTO ottla_head (seq, batch) VALUES (0, '00000000-0000-0000-0000-000000000000');
    CREATE FUNCTION ottla_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
    CREATE TRIGGER ottla_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ottla_log
        FOR EACH STATEMENT EXECUTE FUNCTION ottla_log_is_append_only();
"];

/// The oldest server that is tested.
const OLDEST: i32 = 130_000;

/// Taken by whoever changes the tables, so that registries that start together do it one after the other ("ottl").
const LOCK: i64 = 0x6f74_746c;

/// Checks the server, and brings the tables up to date.
pub(super) async fn prepare(link: &mut Link, url: &str) -> Result<(), OpenError> {
    let preparing = Preparing { link, database: Database::Postgres(url.to_owned()).to_string() };
    preparing.run().await
}

struct Preparing<'a> {
    link: &'a mut Link,
    database: String,
}

impl Preparing<'_> {
    async fn run(mut self) -> Result<(), OpenError> {
        self.check_server().await?;
        let known = STEPS.len() as i64;
        let found = self.layout().await?;
        if found > known {
            return Err(OpenError::Newer { file: self.database, found, known });
        }
        // Without a step to take nothing is changed, so that the right to make tables is not needed.
        if found == known { Ok(()) } else { self.migrate(found).await }
    }

    async fn check_server(&mut self) -> Result<(), OpenError> {
        let row = self.ask(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                current_setting('server_encoding'), pg_is_in_recovery()",
        );
        let row = row.await?.ok_or_else(|| self.unavailable("no answer".to_owned()))?;
        let read = |e: sqlx::Error| OpenError::Unavailable {
            database: self.database.clone(),
            reason: e.to_string(),
        };
        let number: i32 = row.try_get(0).map_err(read)?;
        let (version, encoding): (String, String) =
            (row.try_get(1).map_err(read)?, row.try_get(2).map_err(read)?);
        let reason = if number < OLDEST {
            format!("the server is PostgreSQL {version}, and 13 is the oldest that does")
        } else if encoding != "UTF8" {
            format!("its encoding is {encoding}, and must be UTF8")
        } else if row.try_get(3).map_err(read)? {
            "the server is a standby, and takes no writes".to_owned()
        } else {
            return Ok(());
        };
        Err(OpenError::Unsuitable { database: self.database.clone(), reason })
    }

    /// The number of the layout; 0 where there are no tables yet.
    async fn layout(&mut self) -> Result<i64, OpenError> {
        let there = self.ask("SELECT 1 WHERE to_regclass('ottla_layout') IS NOT NULL").await?;
        if there.is_none() {
            return Ok(0);
        }
        let row = self.ask("SELECT max(version)::bigint FROM ottla_layout").await?;
        let version: Option<i64> = match row {
            Some(row) => row.try_get(0).map_err(|e| self.unavailable(e.to_string()))?,
            None => None,
        };
        Ok(version.unwrap_or(0))
    }

    /// Takes the missing steps in one transaction, all in one message, which starts from what it finds once it has
    /// the lock: another registry may just have taken them.
    async fn migrate(&mut self, found: i64) -> Result<(), OpenError> {
        let mut sql = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED;
            SELECT pg_advisory_xact_lock({LOCK});
            CREATE TABLE IF NOT EXISTS ottla_layout (version integer PRIMARY KEY, since timestamptz NOT NULL DEFAULT now());"
        );
        for (step, number) in STEPS.iter().zip(1_i64..).filter(|(_, number)| *number > found) {
            // A second registry finds the number taken, and skips the step.
            sql.push_str(&format!(
                "DO $ottla$ BEGIN
                    IF NOT EXISTS (SELECT 1 FROM ottla_layout WHERE version = {number}) THEN
                        {step}
                        INSERT INTO ottla_layout (version) VALUES ({number});
                    END IF;
                END $ottla$;"
            ));
        }
        sql.push_str("COMMIT");
        let migrated = self.link.run(&sql).await;
        if migrated.is_err() {
            // The transaction may still be open.
            self.link.disconnect().await;
        }
        match migrated {
            Ok(_) => Ok(()),
            Err(Failure::Refused(refusal)) if matches!(&*refusal.code, "42P07" | "42723") => {
                let reason = format!("another application's tables are in the way: {refusal}");
                Err(OpenError::Foreign { file: self.database.clone(), reason })
            }
            Err(Failure::Refused(refusal)) if &*refusal.code == "25006" => {
                Err(OpenError::ReadOnly(self.database.clone()))
            }
            Err(failure) => Err(self.unavailable(failure.into_unavailable().0.to_string())),
        }
    }

    async fn ask(&mut self, sql: &str) -> Result<Option<sqlx::postgres::PgRow>, OpenError> {
        let asked = self.link.ask(sql).await;
        asked.map_err(|failure| self.unavailable(failure.into_unavailable().0.to_string()))
    }

    fn unavailable(&self, reason: String) -> OpenError {
        OpenError::Unavailable { database: self.database.clone(), reason }
    }
}
