//! The findings of a comparison: what they say, where, and that they are those of the registry.

mod agreement;
mod cases;
mod fixes;
mod loaded;
mod mutations;
mod places;
mod sources;
mod speed;
mod texts;
