package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The site of a sync: the statement of the file backend, or of {@code core.disk} below it, that syncs, and its callers.
 */
final class SyncSite {
    private static final String BACKEND = "io.mlops.backends.fs.";
    private static final String DISK = "io.mlops.core.disk.";
    private static final int DEPTH = 2;
    private static final Set<String> PASSING = Set.of("read", "write", "change");

    private SyncSite() {}

    /**
     * Returns the site of the call under way, such as {@code syncFolder in Documents.replace:47 for
     * RunUpdate.rewrite:121}; empty if it is none of the backend's.
     */
    static String current() {
        return StackWalker.getInstance().walk(frames -> {
            String operation = "";
            List<String> callers = new ArrayList<>();
            for (StackWalker.StackFrame frame :
                    frames.filter(SyncSite::isBackends).toList()) {
                String simple = frame.getClassName().replaceFirst(".*\\.", "");
                if (simple.equals("Disk")) {
                    operation = callers.isEmpty() ? method(frame) : operation;
                } else if (callers.size() < DEPTH) {
                    callers.add(simple + "." + method(frame) + line(simple, frame));
                }
            }
            return callers.isEmpty() ? "" : operation + " in " + String.join(" for ", callers);
        });
    }

    /** Returns whether a frame is of the backend, and does not just pass on the work of others. */
    private static boolean isBackends(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return (name.startsWith(BACKEND) || name.startsWith(DISK))
                && !name.startsWith(BACKEND + "power.")
                && !name.equals(DISK + "StoreLock")
                && !(name.endsWith(".Store") && PASSING.contains(method(frame)));
    }

    /**
     * Returns the line of a frame; none for {@code Trash.move}, whose two syncs stand for each other, since a rename is
     * durable once either folder is synced: they are left out together.
     */
    private static String line(String type, StackWalker.StackFrame frame) {
        return type.equals("Trash") && method(frame).equals("move") ? "" : ":" + frame.getLineNumber();
    }

    private static String method(StackWalker.StackFrame frame) {
        return frame.getMethodName().replaceAll("^lambda\\$(\\w+)\\$.*", "$1");
    }
}
