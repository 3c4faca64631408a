package io.mlops.backends.fs.power;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change to names that the disk may not have seen yet. Like no other, even if another does the same. */
final class Change {
    private final List<Edit> edits;
    private final @Nullable Change needs;

    /**
     * Not on the disk yet.
     *
     * @param edits all of them reach the disk, or none
     * @param needs reaches the disk no later than this one
     */
    Change(List<Edit> edits, @Nullable Change needs) {
        this.edits = edits;
        this.needs = needs;
    }

    /** One name of one folder; the inode is null if the name goes. */
    record Edit(Inode folder, String name, @Nullable Inode inode) {
        boolean sameName(Edit other) {
            return folder.equals(other.folder) && name.equals(other.name);
        }
    }

    List<Edit> edits() {
        return edits;
    }

    @Nullable
    Change needs() {
        return needs;
    }

    boolean touches(Inode folder) {
        return edits.stream().anyMatch(edit -> edit.folder().equals(folder));
    }

    boolean sharesNameWith(Change other) {
        return edits.stream().anyMatch(mine -> other.edits.stream().anyMatch(mine::sameName));
    }
}
