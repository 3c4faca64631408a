package io.mlops.backends.fs.power;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change to names in folders of a {@link PowerDisk} that a power cut may undo, since it was not synced yet. Two
 * changes are never equal, even if they do the same.
 */
final class NameChange {
    private final List<Edit> edits;
    private final @Nullable NameChange needs;

    /**
     * Makes a change that is not on the disk yet.
     *
     * @param edits the names that change; all of them reach the disk, or none
     * @param needs a change that must reach the disk no later than this one, null if there is none
     */
    NameChange(List<Edit> edits, @Nullable NameChange needs) {
        this.edits = edits;
        this.needs = needs;
    }

    /** A name in a folder and what it leads to from now on; the inode is null if the name is removed. */
    record Edit(Inode folder, String name, @Nullable Inode inode) {
        boolean sameName(Edit other) {
            return folder.equals(other.folder) && name.equals(other.name);
        }
    }

    List<Edit> edits() {
        return edits;
    }

    @Nullable
    NameChange needs() {
        return needs;
    }

    boolean touches(Inode folder) {
        return edits.stream().anyMatch(edit -> edit.folder().equals(folder));
    }

    boolean sharesNameWith(NameChange other) {
        return edits.stream().anyMatch(mine -> other.edits.stream().anyMatch(mine::sameName));
    }
}
