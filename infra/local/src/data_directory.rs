//! The directory that keeps the stack's data between runs.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::StackError;

const LOCK_FILE: &str = "lock";

/// A directory that only its owner can read, held by one process at a time.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    path: PathBuf,
    /// Holds the lock for as long as the directory is in use.
    _lock: File,
}

impl DataDirectory {
    /// Makes the directory where it is missing, and takes it for this process.
    pub(crate) fn open(path: &Path) -> Result<Self, StackError> {
        let failed = |source| StackError::DataDirectory { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        if is_ours(path).map_err(failed)? {
            fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed)?;
        }
        let lock = open_private(&path.join(LOCK_FILE)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StackError::DataInUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// A file in the directory, made before anything else opens it, so that it never has a wider mode.
    pub(crate) fn file(&self, name: &str) -> Result<PathBuf, StackError> {
        let path = self.path.join(name);
        match open_private(&path) {
            Ok(_) => Ok(path),
            Err(source) => Err(StackError::DataDirectory { path, source }),
        }
    }
}

/// Opens a file for writing, made with mode 0600 where it is missing.
fn open_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Whether the directory is empty or was made by Lectern: another's mode is not ours to change.
fn is_ours(path: &Path) -> io::Result<bool> {
    Ok(path.join(LOCK_FILE).exists() || fs::read_dir(path)?.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn is_private_and_held_by_one() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let first = DataDirectory::open(&path).unwrap();
        let file = first.file("secrets.json").unwrap();
        assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
        assert!(matches!(DataDirectory::open(&path), Err(StackError::DataInUse(_))));
        drop(first);
        DataDirectory::open(&path).unwrap();
    }

    #[test]
    fn leaves_the_mode_of_a_directory_with_other_things_in_it() {
        let parent = tempfile::tempdir().unwrap();
        fs::set_permissions(parent.path(), Permissions::from_mode(0o755)).unwrap();
        fs::write(parent.path().join("notes.txt"), "mine").unwrap();
        DataDirectory::open(parent.path()).unwrap();
        assert_eq!(mode(parent.path()), 0o755);
    }
}
