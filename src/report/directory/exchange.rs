//! Directories change places in one step where the system can, and in two where it cannot.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::place;

/// Puts the collected files in the place of an older report, which is then found where they were.
pub(super) fn exchange(staging: &Path, target: &Path) -> io::Result<()> {
    in_one_step(staging, target).or_else(|_| in_two_steps(staging, target))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn in_one_step(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn in_one_step(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A directory cannot be renamed over a full one: the older report steps aside first, and back on failure. Whoever is
/// killed between the two leaves it for `recover`.
pub(super) fn in_two_steps(staging: &Path, target: &Path) -> io::Result<()> {
    let aside = place::aside(staging);
    let _lock = lock(target);
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(staging, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    fs::rename(&aside, staging)
}

/// Asks the system whether a directory could be moved, without moving it: over a directory with files none goes, and
/// what forbids the move itself (a mount point, another user's directory in a sticky place) is said first.
#[cfg(unix)]
pub(super) fn rehearse(target: &Path, full: &Path) -> io::Result<()> {
    use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty};
    match fs::rename(target, full) {
        Err(error) if matches!(error.kind(), AlreadyExists | DirectoryNotEmpty) => Ok(()),
        Err(error) => Err(error),
        // A system that lets it happen: back, and no more of this.
        Ok(()) => fs::rename(full, target).and(Err(io::ErrorKind::Unsupported.into())),
    }
}

/// Systems that say it only when it happens.
#[cfg(not(unix))]
pub(super) fn rehearse(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Holds a directory until the process ends, however it ends; `None` where the system has no such locks.
pub(super) fn lock(directory: &Path) -> Option<File> {
    locked(directory, true)
}

/// The same of one that nobody holds; `None` also where that cannot be known.
pub(super) fn try_lock(directory: &Path) -> Option<File> {
    locked(directory, false)
}

#[cfg(unix)]
fn locked(directory: &Path, wait: bool) -> Option<File> {
    use rustix::fs::FlockOperation::{LockExclusive, NonBlockingLockExclusive};
    let file = File::open(directory).ok()?;
    rustix::fs::flock(&file, if wait { LockExclusive } else { NonBlockingLockExclusive }).ok()?;
    Some(file)
}

#[cfg(not(unix))]
fn locked(_: &Path, _: bool) -> Option<File> {
    None
}

/// Asks that the names in a directory be on disk. Systems that cannot be asked keep them in order of their own accord.
pub(super) fn sync(directory: &Path) {
    File::open(directory).and_then(|file| file.sync_all()).ok();
}
