//! Where things lie.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::shell::Failed;

/// The work tree and what is built from it.
pub(crate) struct Place {
    /// The folder of the workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, absolute.
    pub(crate) target: PathBuf,
}

impl Place {
    /// The work tree that this program was built from; everything runs in its top folder.
    pub(crate) fn find() -> Result<Self, Failed> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = manifest.parent().unwrap_or(Path::new(".")).to_owned();
        // This program lies in TARGET/debug: true for CARGO_TARGET_DIR, cargo's config and the default alike.
        let target = env::current_exe().ok().and_then(|exe| Some(exe.ancestors().nth(2)?.to_owned()));
        let target = target.unwrap_or_else(|| root.join("target"));
        env::set_current_dir(&root)
            .map_err(|e| Failed::new(format!("the work tree {} cannot be entered: {e}.", root.display())))?;
        Ok(Self { root, target })
    }
    /// A program that cargo built: `profile` is `debug` or `release`.
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
    /// The folder for what commands leave behind for a person to look at.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.root.join("out").join(name)
    }
}
