//! Where passwords come from.

use std::env;

use watchkeeper_core::config::Login;
use watchkeeper_probes::Secret;

/// The password that the environment variable of `login` holds; `None` where it holds none.
pub fn in_environment(login: &Login) -> Option<Secret> {
    in_variable(&login.password_env)
}

/// The secret that an environment variable holds; `None` where it holds none.
pub fn in_variable(name: &str) -> Option<Secret> {
    env::var(name).ok().filter(|p| !p.is_empty()).map(Secret::new)
}
