//! `/contexts`: name spaces of subjects and ids.

use super::Client;
use super::call::{Call, segment};
use super::error::Error;
use super::options::Page;

impl Client {
    /// The contexts, with their leading dots; `.` is the default one. `prefix`: those whose names begin with it.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn contexts(&self, prefix: Option<&str>, page: Page) -> Result<Vec<String>, Error> {
        self.sender.send(&Call::get("/contexts").maybe("contextPrefix", prefix).page(page)).await?.json()
    }

    /// Removes a context (`.name`, `name` or `:.name:`) that holds no subjects any more. Newer registries only.
    ///
    /// # Errors
    /// 42211 if it holds subjects. One that does not exist is no error.
    pub async fn delete_context(&self, context: &str) -> Result<(), Error> {
        let name = context.strip_prefix(':').unwrap_or(context);
        let name = name.strip_suffix(':').unwrap_or(name);
        let name = name.strip_prefix('.').unwrap_or(name);
        // What is gone stays gone, and that is no error.
        let call = Call::delete(&format!("/contexts/.{}", segment(name))).repeatable();
        self.sender.send(&call).await.map(drop)
    }
}
