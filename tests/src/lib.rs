//! What the tests, the demonstration and the load generator share.

pub mod bank;
pub mod demo;
pub mod faulty;
pub mod foreign;
pub mod load;
pub mod model;
pub mod pen;
pub mod postgres;
pub mod specimen;
pub mod street;
pub mod witness;
