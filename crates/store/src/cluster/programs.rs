//! Where PostgreSQL's programs are, and as whom they run.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

/// PostgreSQL's programs, which refuse to run as root.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
    /// Who runs the tests.
    pub(super) caller: u32,
    /// Who runs PostgreSQL; `None`: the same.
    pub(super) user: Option<u32>,
    pub(super) group: Option<u32>,
}

impl Programs {
    /// The newest of Debian's versions.
    pub(super) fn find() -> Self {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest = versions
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
            .filter(|(_, bin)| bin.join("initdb").exists())
            .max();
        let (_, bin) = newest.expect("PostgreSQL is not installed: apt-get install postgresql");
        let caller = fs::metadata("/proc/self").expect("/proc is mounted").uid();
        let (user, group) = if caller == 0 { unprivileged() } else { (None, None) };
        Self { bin, caller, user, group }
    }

    /// A program, to be run as PostgreSQL's user.
    pub(super) fn as_user(&self, program: &str) -> Command {
        let mut words = self.through().into_iter().chain([self.bin.join(program).into_os_string()]);
        let mut command = Command::new(words.next().expect("there is a program"));
        // It looks at where it is, which that user may not.
        command.args(words).current_dir("/");
        command
    }

    /// What a program is run through so that it has PostgreSQL's user.
    pub(super) fn through(&self) -> Vec<OsString> {
        let (Some(user), Some(group)) = (self.user, self.group) else { return Vec::new() };
        let words =
            ["setpriv".to_owned(), format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()];
        words.into_iter().map(OsString::from).collect()
    }

    /// Runs a program to its end, which must be good.
    pub(super) fn run(command: &mut Command) {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {}: {said}", output.status);
    }
}

/// The package's user, or nobody.
fn unprivileged() -> (Option<u32>, Option<u32>) {
    let accounts = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let of = |name: &str| {
        let mut fields = accounts.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let (user, group) = of("postgres").or_else(|| of("nobody")).expect("there is a user postgres or nobody");
    (Some(user), Some(group))
}
