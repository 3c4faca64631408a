package io.mlops.core.registry;

import io.mlops.api.common.MlopsException;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.Owners;
import io.mlops.core.disk.WorkFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that only this user may enter, so that files stay as they were verified. It lies among those of all
 * processes of the user, and is the property of an owner of its own, so that the next process removes what a killed one
 * left.
 */
final class PrivateFolder {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
    private static final String NAME = "mlops-models-";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    /** Names to try, since other users may have taken the first. */
    private static final int MAX_NAMES = 20;

    private final Owners owners;

    private PrivateFolder(Owners owners) {
        this.owners = owners;
    }

    /**
     * Makes a new folder.
     *
     * @param parent made if need be; the JDK's temporary folder if null
     */
    static PrivateFolder below(@Nullable Path parent) {
        WorkFolder work = new WorkFolder(parent);
        try {
            Path common = common(work.make());
            // A process of another machine may serve from its copy for months, and nobody here can ask it.
            Owners owners = new Owners("the models below " + common, common.resolve(".live"), common, null, new Disk());
            PrivateFolder folder = new PrivateFolder(owners);
            try {
                boolean unused = show(owners, work);
                makePrivate(folder.path());
            } catch (IOException | RuntimeException e) {
                owners.close();
                throw e;
            }
            owners.deleteLeftovers();
            return folder;
        } catch (IOException e) {
            throw work.failed("make a folder for a model", e);
        }
    }

    private static boolean show(Owners owners, WorkFolder work) {
        try {
            return owners.showAlive();
        } catch (MlopsException e) {
            throw work.withWay(e);
        }
    }

    /** The folder that the files go into. */
    Path path() {
        return owners.ownFolder();
    }

    /** The folder that all processes of this user share, and nobody else may enter. */
    private static Path common(Path base) throws IOException {
        String user =
                System.getProperty("user.name", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        for (int i = 1; i <= MAX_NAMES; i++) {
            Path folder = base.resolve(NAME + (user.isEmpty() ? "user" : user) + (i == 1 ? "" : "-" + i));
            try {
                makePrivate(folder);
                return folder;
            } catch (FileAlreadyExistsException there) {
                if (isPrivate(folder)) {
                    return folder;
                }
            }
        }
        // Nobody can take this one away; what a kill leaves there stays, though.
        return Files.createTempDirectory(base, NAME);
    }

    private static void makePrivate(Path folder) throws IOException {
        FileAttribute<?>[] rights = isPosix(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Files.createDirectory(folder, rights);
    }

    /**
     * Whether what is there already is this user's and as private as a folder can be there, and not somebody's trap. A
     * user of a container may have no name, and some disks know no rights: a new folder tells.
     */
    private static boolean isPrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path probe = Files.createTempDirectory(Disk.folderOf(folder), NAME);
        try {
            return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe))
                    && (!isPosix(folder)
                            || Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                                    .equals(Files.getPosixFilePermissions(probe)));
        } finally {
            Files.delete(probe);
        }
    }

    private static boolean isPosix(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Deletes it with all it holds; what cannot be deleted is left to the next process. */
    void delete() {
        owners.close();
        if (Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("folder {} of a model that is not used any more cannot be deleted", path());
        }
    }
}
