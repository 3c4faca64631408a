package io.mlops.backends.http.artifact;

/**
 * A file or folder directly in a folder.
 *
 * @param name one part of a path, as the API spells it
 * @param bytes 0 for a folder
 */
record ListedFile(String name, boolean isFolder, long bytes) {
    /** The name as it takes part in the order of whole paths: what is in a folder begins with its name and a slash. */
    String inOrder() {
        return isFolder ? name + "/" : name;
    }
}
