package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tells the syncs of the file backend apart: which statement of it or of its ground floor, on whose behalf. */
final class SyncSite {
    private static final String BACKEND = "io.mlops.backends.fs.";
    private static final String DISK = "io.mlops.core.disk.";
    private static final int DEPTH = 2;
    private static final Set<String> PASSING = Set.of("read", "write", "change");

    private SyncSite() {}

    /**
     * For example {@code syncFolder in Documents.replace:47 for RunUpdate.rewrite:121}; empty if it is none of the
     * backend's.
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

    /** Without what only passes on the work of others. */
    private static boolean isBackends(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return (name.startsWith(BACKEND) || name.startsWith(DISK))
                && !name.startsWith(BACKEND + "power.")
                && !name.equals(DISK + "StoreLock")
                && !(name.endsWith(".Store") && PASSING.contains(method(frame)));
    }

    /** A rename is durable once either folder is synced: the two syncs stand for each other, and go only together. */
    private static String line(String type, StackWalker.StackFrame frame) {
        return type.equals("Trash") && method(frame).equals("move") ? "" : ":" + frame.getLineNumber();
    }

    private static String method(StackWalker.StackFrame frame) {
        return frame.getMethodName().replaceAll("^lambda\\$(\\w+)\\$.*", "$1");
    }
}
