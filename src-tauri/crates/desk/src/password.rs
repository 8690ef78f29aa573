//! Where the password of the functionality test's account comes from.

use std::env;

use watchkeeper_core::config::Login;
use watchkeeper_probes::Secret;

/// The password that the environment variable of `login` holds; `None` where it holds none.
pub fn in_environment(login: &Login) -> Option<Secret> {
    env::var(&login.password_env).ok().filter(|p| !p.is_empty()).map(Secret::new)
}
