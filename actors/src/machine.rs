//! What the machine has for this process.

use std::fs;
use std::path::Path;

/// What is assumed where the system does not tell.
const UNKNOWN_BYTES: u64 = 16 << 30;

/// The bytes of memory that this process can use: the limit of its control group, or of one around it, where there is
/// one, and those of the machine otherwise.
pub(crate) fn memory_bytes() -> u64 {
    memory_below(Path::new("/"))
}

/// Like [`memory_bytes`], of a system whose files lie below a root.
fn memory_below(root: &Path) -> u64 {
    let physical = physical_bytes(root).unwrap_or(UNKNOWN_BYTES);
    // A group without a limit says so, or names a number beyond all memory.
    group_limit_bytes(root).map_or(physical, |limit| limit.min(physical))
}

fn physical_bytes(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The lowest limit of the control groups that the process is in, of either version.
fn group_limit_bytes(root: &Path) -> Option<u64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let limits = groups.lines().filter_map(|line| {
        // hierarchy:controllers:path; version 2 has one hierarchy, of number 0, and names no controllers.
        let mut fields = line.splitn(3, ':');
        let (hierarchy, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        let (mount, file) = match hierarchy {
            "0" if controllers.is_empty() => ("sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|controller| controller == "memory") => {
                ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => return None,
        };
        // Groups that are around one limit it too. Inside a container the path may be that of the host, and what is
        // mounted that of the container: then only the root of the mount is there.
        let group = Path::new(path.trim_start_matches('/'));
        let mount = root.join(mount);
        let limit = |group: &Path| {
            let text = fs::read_to_string(mount.join(group).join(file)).ok()?;
            text.trim().parse::<u64>().ok()
        };
        group.ancestors().filter_map(limit).min()
    });
    limits.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a system: their names and what they hold.
    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn memory(files: &[(&str, &str)]) -> u64 {
        memory_below(system(files).path())
    }

    const MEMINFO: (&str, &str) =
        ("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1000000 kB\n");

    #[test]
    fn without_a_limit_it_is_that_of_the_machine() {
        let physical = 16_000_000 * 1024;
        assert_eq!(memory(&[MEMINFO]), physical);
        let unlimited = [
            MEMINFO,
            ("proc/self/cgroup", "0::/user.slice\n"),
            ("sys/fs/cgroup/user.slice/memory.max", "max\n"),
        ];
        assert_eq!(memory(&unlimited), physical);
        let first_version = [
            MEMINFO,
            ("proc/self/cgroup", "5:cpu:/\n4:memory:/user\n"),
            ("sys/fs/cgroup/memory/user/memory.limit_in_bytes", "9223372036854771712\n"),
        ];
        assert_eq!(memory(&first_version), physical);
        assert_eq!(memory(&[]), UNKNOWN_BYTES);
        assert_eq!(memory(&[("proc/meminfo", "MemTotal: many\n")]), UNKNOWN_BYTES);
    }

    #[test]
    fn the_lowest_limit_of_the_groups_around_a_process_holds() {
        let nested = [
            MEMINFO,
            ("proc/self/cgroup", "0::/jobs/17/step\n"),
            ("sys/fs/cgroup/jobs/17/step/memory.max", "max\n"),
            ("sys/fs/cgroup/jobs/17/memory.max", "1000000\n"),
            ("sys/fs/cgroup/jobs/memory.max", "2000000\n"),
        ];
        assert_eq!(memory(&nested), 1_000_000);
        let first_version = [
            MEMINFO,
            ("proc/self/cgroup", "11:pids:/a\n4:cpu,memory:/a/b\n0::/a\n"),
            ("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "3000000\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ];
        assert_eq!(memory(&first_version), 3_000_000);
    }

    #[test]
    fn in_a_container_the_limit_stands_at_the_root_of_what_is_mounted() {
        let own =
            [MEMINFO, ("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/memory.max", "400000\n")];
        assert_eq!(memory(&own), 400_000);
        let of_the_host = [
            MEMINFO,
            ("proc/self/cgroup", "4:memory:/docker/0123\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000\n"),
        ];
        assert_eq!(memory(&of_the_host), 500_000);
    }
}
