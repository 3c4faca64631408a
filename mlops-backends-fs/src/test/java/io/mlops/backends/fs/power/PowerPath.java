package io.mlops.backends.fs.power;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path in a {@link PowerFileSystem}. Immutable. */
final class PowerPath implements Path {
    private final PowerFileSystem fileSystem;
    private final boolean absolute;
    private final List<String> names;

    PowerPath(PowerFileSystem fileSystem, boolean absolute, List<String> names) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = List.copyOf(names);
    }

    static PowerPath parse(PowerFileSystem fileSystem, String text) {
        List<String> names = new ArrayList<>(List.of(text.split("/")));
        names.removeIf(String::isEmpty);
        return new PowerPath(fileSystem, text.startsWith("/"), names);
    }

    static PowerPath of(Path path) {
        if (path instanceof PowerPath mine) {
            return mine;
        }
        throw new ProviderMismatchException(path + " is not on this disk");
    }

    List<String> names() {
        return names;
    }

    String name() {
        return names.get(names.size() - 1);
    }

    private PowerPath with(boolean isAbsolute, List<String> newNames) {
        return new PowerPath(fileSystem, isAbsolute, newNames);
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable PowerPath getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable PowerPath getFileName() {
        return names.isEmpty() ? null : with(false, List.of(name()));
    }

    @Override
    public @Nullable PowerPath getParent() {
        boolean none = names.isEmpty() || (names.size() == 1 && !absolute);
        return none ? null : with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public PowerPath getName(int index) {
        return with(false, List.of(names.get(index)));
    }

    @Override
    public PowerPath subpath(int from, int to) {
        return with(false, names.subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof PowerPath path
                && path.absolute == absolute
                && path.names.size() <= names.size()
                && names.subList(0, path.names.size()).equals(path.names);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof PowerPath path
                && !path.absolute
                && path.names.size() <= names.size()
                && names.subList(names.size() - path.names.size(), names.size()).equals(path.names);
    }

    @Override
    public PowerPath normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names) {
            if (name.equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return with(absolute, kept);
    }

    @Override
    public PowerPath resolve(Path other) {
        PowerPath path = of(other);
        if (path.absolute) {
            return path;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(path.names);
        return with(absolute, all);
    }

    @Override
    public PowerPath resolve(String other) {
        return resolve(parse(fileSystem, other));
    }

    @Override
    public PowerPath relativize(Path other) {
        PowerPath path = of(other);
        int same = 0;
        while (same < Math.min(names.size(), path.names.size())
                && names.get(same).equals(path.names.get(same))) {
            same++;
        }
        List<String> way = new ArrayList<>();
        for (int i = same; i < names.size(); i++) {
            way.add("..");
        }
        way.addAll(path.names.subList(same, path.names.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return URI.create("power:" + toAbsolutePath());
    }

    @Override
    public PowerPath toAbsolutePath() {
        return with(true, names);
    }

    @Override
    public PowerPath toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("nothing is watched here");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PowerPath path
                && path.fileSystem == fileSystem
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return Objects.hash(absolute, names);
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
