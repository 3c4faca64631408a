package io.mlops.backends.fs.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recognition of network file systems, whose locks and renames are not those of a local disk. */
final class NetworkDisks {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkDisks.class);
    /** Names of network file systems as the kernels of Linux and macOS give them; those of FUSE stand behind a dot. */
    private static final Set<String> TYPES = Set.of(
            "9p",
            "afpfs",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "davfs",
            "gcsfuse",
            "glusterfs",
            "gpfs",
            "lustre",
            "ncpfs",
            "nfs",
            "nfs4",
            "rclone",
            "s3fs",
            "smb2",
            "smb3",
            "smbfs",
            "sshfs",
            "webdav");

    private NetworkDisks() {}

    /**
     * Warns if a store lies on a network file system: a lock that does not hold there loses a change, and nobody would
     * know why.
     */
    static void warn(Path root) {
        try {
            Path there = Files.exists(root) ? root : root.toAbsolutePath().getParent();
            if (there != null) {
                warn(root, Files.getFileStore(there).type());
            }
        } catch (IOException e) {
            LOG.debug("the kind of disk below {} cannot be told", root, e);
        }
    }

    static void warn(Path root, String type) {
        String kind = type.toLowerCase(Locale.ROOT);
        if (TYPES.contains(kind.substring(kind.lastIndexOf('.') + 1))) {
            LOG.warn(
                    "{} is on a network file system ({}): use it from one machine at a time, since locks may not reach"
                            + " another one; for several, use a server or a folder for each",
                    root,
                    type);
        }
    }
}
