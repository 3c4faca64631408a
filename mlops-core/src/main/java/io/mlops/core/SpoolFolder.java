package io.mlops.core;

import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import io.mlops.api.spi.ContentCopy;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.disk.Disk;
import io.mlops.core.sync.Forwarder;
import io.mlops.core.sync.SpoolKeeper;
import io.mlops.core.sync.SpoolParts;
import io.mlops.core.tracker.Spool;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder in which what is recorded for one store waits, and nobody but its user may look into. Thread-safe. */
final class SpoolFolder implements Spool.Maker {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final int HASH_DIGITS = 12;

    private final Backend target;
    private final MlopsConfig config;
    private final Path folder;

    /** The folder that is configured, or else the one that the name of the store leads to; nothing is made yet. */
    SpoolFolder(Backend target, MlopsConfig config) {
        this.target = target;
        this.config = config;
        Path set = config.spooling().folder();
        this.folder = (set == null ? standard(target.info().name()) : set).toAbsolutePath();
    }

    /** A name tells no credentials, and those of one store share a folder. */
    static Path standard(String name) {
        return Path.of(System.getProperty("user.home", ""), ".mlops", "spool", host(name) + "-" + hash(name));
    }

    private static String hash(String name) {
        byte[] hash = ContentCopy.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    }

    private static String host(String name) {
        String host = null;
        try {
            host = URI.create(name).getHost();
        } catch (IllegalArgumentException noAddress) {
            LOG.debug("{} is no address", name, noAddress);
        }
        return (host == null ? name.replaceAll(":.*", "") : host).replaceAll("[^A-Za-z0-9.-]", "_");
    }

    @Override
    public @Nullable Spool open(Forwarding.Source source, boolean make) {
        if (!make && !Files.isDirectory(folder)) {
            return null;
        }
        try {
            // Before anything is made there, since without it nothing can be kept.
            BackendProvider files = Providers.visible().get("file", "file");
            makePrivate();
            SpoolParts parts = new SpoolParts(folder, path -> files.open(Backends.addressOf(path), Map.of()));
            return new Opened(parts, parts.claim(), source);
        } catch (IOException | RuntimeException e) {
            if (make) {
                LOG.warn(
                        "what is recorded goes straight to {} as under DROP, since {} cannot keep it on its way ({}): set"
                                + " MlopsConfig.spool to a folder that can, or the failure policy to DROP",
                        target.info().name(),
                        folder,
                        e.getMessage(),
                        e);
            } else {
                LOG.debug("what an earlier program left in {} stays there", folder, e);
            }
            return null;
        }
    }

    /** Makes the folder for its user alone, and takes it from others if it is there. */
    private void makePrivate() throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(Disk.folderOf(folder), rights);
            Files.createDirectory(folder, rights);
        }
        if (posix
                && !Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                        .equals(OWNER_ONLY)) {
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
        }
    }

    /** A spool of which this program has a part. */
    private final class Opened implements Spool {
        private final SpoolParts.Part part;
        private final Forwarder forwarder;
        private final SpoolKeeper keeper;

        Opened(SpoolParts parts, SpoolParts.Part part, Forwarding.Source source) {
            this.part = part;
            this.forwarder = new Forwarder(
                    part.store(),
                    target,
                    folder.toString(),
                    source,
                    config.program().clock());
            this.keeper =
                    new SpoolKeeper(parts, part, forwarder, config.spooling().bytes());
        }

        @Override
        public Backend store() {
            return part.store();
        }

        @Override
        public Forwarding forwarding() {
            return forwarder;
        }

        @Override
        public String folder() {
            return folder.toString();
        }

        @Override
        public boolean full() {
            return keeper.full();
        }

        @Override
        public void close() {
            keeper.close();
            forwarder.close();
            try {
                part.close();
            } catch (IOException | MlopsException e) {
                LOG.debug("{} is left as it is", part.path(), e);
            }
        }
    }
}
