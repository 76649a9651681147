//! Which cryptography TLS is done with.

/// Chooses it for the whole program, unless that was done. `ottla` brings a reqwest that leaves the choice to the program, and
/// clients that do not choose get no further than that, even where no TLS is wanted.
pub fn choose_provider() {
    // The error only says that there is one.
    drop(rustls::crypto::ring::default_provider().install_default());
}
